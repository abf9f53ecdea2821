// Automation, read and put in order.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/automation.h"

#include "src/session/text_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace mixrig::session {
namespace {

constexpr double kLongest = 1e7;  // seconds; some four months

// "12.500s" or "600000f".
std::optional<std::uint64_t> frame_of(std::string_view text, dsp::Hertz rate) {
    if (text.size() < 2) return std::nullopt;
    const char unit = text.back();
    text.remove_suffix(1);
    const char* end = text.data() + text.size();
    if (unit == 'f') {
        std::uint64_t frame = 0;
        const auto [stop, error] = std::from_chars(text.data(), end, frame);
        const bool fits = static_cast<double>(frame) <= kLongest * rate.value;
        return error == std::errc{} && stop == end && fits ? std::optional(frame) : std::nullopt;
    }
    double seconds = 0.0;
    const auto [stop, error] = std::from_chars(text.data(), end, seconds, std::chars_format::fixed);
    if (unit != 's' || error != std::errc{} || stop != end ||
        !(seconds >= 0.0 && seconds <= kLongest))
        return std::nullopt;
    return static_cast<std::uint64_t>(std::llround(seconds * rate.value));
}

}  // namespace

base::Result<Move> read_move(const Words& words, const param::Layout& layout, dsp::Hertz rate,
                             const std::string& file) {
    const std::string where = at_line(file, words.line);
    const auto frame = frame_of(words.words[0].text, rate);
    if (!frame)
        return base::Error{.what = "`" + words.words[0].text + "` is not a moment",
                           .where = where,
                           .hint = "seconds as 12.500s or frames as 600000f come first"};
    auto setting = read_setting(words, 1, layout, file);
    if (!setting) return setting.error();
    if (layout.row(setting->slot).type == param::Type::text)
        return base::Error{.what = words.words[1].text + ": a text cannot be automated",
                           .where = where};
    return Move{*frame, *std::move(setting)};
}

base::Result<std::vector<Move>> parse_automation(std::string_view text, const param::Layout& layout,
                                                 dsp::Hertz rate, const std::string& file) {
    const auto lines = split_lines(text, "automation", file);
    if (!lines) return lines.error();
    std::vector<Move> moves;
    for (const Words& words : *lines) {
        auto move = read_move(words, layout, rate, file);
        if (!move) return move.error();
        if (layout.row(move->setting.slot).keep != param::Keep::scenes)
            return base::Error{.what = words.words[1].text + " cannot be automated",
                               .where = at_line(file, words.line),
                               .hint = "it is the desk's, not the mix's"};
        moves.push_back(*std::move(move));
    }
    std::stable_sort(moves.begin(), moves.end(),
                     [](const Move& a, const Move& b) { return a.frame < b.frame; });
    return moves;
}

base::Result<std::vector<Move>> load_automation(const std::filesystem::path& path,
                                                const param::Layout& layout, dsp::Hertz rate) {
    const auto text = read_text(path);
    if (!text) return text.error();
    return parse_automation(*text, layout, rate, path.string());
}

}  // namespace mixrig::session
