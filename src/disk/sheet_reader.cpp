// Cue sheets and TOC files, read for their times.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/cue_sheet.h"

#include <algorithm>
#include <cstdio>
#include <optional>

namespace mixrig::disk {
namespace {

std::optional<std::uint64_t> cd_frames(std::string_view text) {
    unsigned minutes = 0, seconds = 0, frames = 0;
    char more = 0;
    const std::string copy(text);
    if (std::sscanf(copy.c_str(), "%3u:%2u:%2u%c", &minutes, &seconds, &frames, &more) != 3 ||
        seconds > 59 || frames > 74)
        return std::nullopt;
    return (std::uint64_t{minutes} * 60 + seconds) * kCdFramesPerSecond + frames;
}

// What is in quotation marks is one word; `\"` and octal numbers as in a TOC file.
std::vector<std::string> words_of(std::string_view line, bool escapes) {
    std::vector<std::string> words;
    for (std::size_t i = 0; i < line.size();) {
        if (line[i] == ' ' || line[i] == '\t' || line[i] == '\r') {
            ++i;
            continue;
        }
        std::string word;
        const bool quoted = line[i] == '"';
        for (i += quoted ? 1u : 0u; i < line.size(); ++i) {
            if (quoted ? line[i] == '"' : line[i] == ' ' || line[i] == '\r') break;
            unsigned octal = 0;
            if (escapes && line[i] == '\\' && i + 1 < line.size()) {
                const std::string digits(line.substr(i + 1, 3));
                const bool number =
                    digits.size() == 3 && std::all_of(digits.begin(), digits.end(),
                                                      [](char c) { return c >= '0' && c <= '7'; });
                if (number && std::sscanf(digits.c_str(), "%3o", &octal) == 1) {
                    word += static_cast<char>(octal);
                    i += 3;
                    continue;
                }
                ++i;
            }
            word += line[i];
        }
        i += quoted ? 1u : 0u;
        words.push_back(std::move(word));
    }
    return words;
}

using Words = std::vector<std::string>;

// Calls `take` with the words of every line; it says whether it could make sense of them.
template <typename Take>
base::Status each_line(std::string_view text, bool escapes, Take take) {
    std::size_t number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const Words words = words_of(text.substr(0, end), escapes);
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (!words.empty() && !take(words))
            return base::Error{.what = "makes no sense: " + words.front(),
                               .where = "line " + std::to_string(number)};
    }
    return base::Done{};
}

bool take_index(const Words& words, SheetTimes& times) {
    const auto at = words.size() == 3 ? cd_frames(words[2]) : std::nullopt;
    if (!at || times.tracks.empty()) return false;
    SheetTimes::Track& track = times.tracks.back();
    if (words[1] == "00") track.gap_start = *at;
    if (words[1] == "01") {
        // Without an INDEX 00 there is no gap; with one it cannot lie at 0 but in the first track.
        if (track.gap_start == 0 && times.tracks.size() > 1) track.gap_start = *at;
        track.mark = *at;
    }
    return true;
}

}  // namespace

base::Result<SheetTimes> read_cue(std::string_view text) {
    SheetTimes times;
    const auto read = each_line(text, false, [&times](const Words& words) {
        if (words[0] == "FILE" && words.size() == 3) times.image = words[1];
        if (words[0] == "TRACK") times.tracks.emplace_back();
        return words[0] != "INDEX" || take_index(words, times);
    });
    if (!read) return read.error();
    return times;
}

base::Result<SheetTimes> read_toc(std::string_view text) {
    SheetTimes times;
    const auto read = each_line(text, true, [&times](const Words& words) {
        if (words[0] == "TRACK") times.tracks.emplace_back();
        if (words[0] == "FILE") {
            const auto begin = words.size() == 4 ? cd_frames(words[2]) : std::nullopt;
            const auto length = words.size() == 4 ? cd_frames(words[3]) : std::nullopt;
            // Tracks lie one behind the other.
            if (!begin || !length || times.tracks.empty() || *begin != times.end) return false;
            times.image = words[1];
            times.tracks.back() = {.gap_start = *begin, .mark = *begin};
            times.end = *begin + *length;
        }
        if (words[0] == "START") {
            const auto gap = words.size() == 2 ? cd_frames(words[1]) : std::nullopt;
            if (!gap || times.tracks.empty()) return false;
            times.tracks.back().mark = times.tracks.back().gap_start + *gap;
        }
        return true;
    });
    if (!read) return read.error();
    return times;
}

}  // namespace mixrig::disk
