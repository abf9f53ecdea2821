// Cue lists, read.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/cues.h"

#include "src/session/scene.h"
#include "src/session/text_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

namespace mixrig::session {
namespace {

constexpr CueNumber kUnit = 1000;
constexpr CueNumber kLargest = 999'999;  // before the point

bool is_digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "2000 ms", "2000" or "2 s", in ms.
std::optional<float> fade_of(std::string_view number, std::string_view unit) {
    float value = 0.0f;
    const char* end = number.data() + number.size();
    const auto [stop, error] = std::from_chars(number.data(), end, value);
    if (error != std::errc{} || stop != end || !std::isfinite(value)) return std::nullopt;
    if (unit == "s") value *= 1000.0f;
    if (!unit.empty() && unit != "ms" && unit != "s") return std::nullopt;
    return value >= 0.0f && value <= kLongestFade ? std::optional(value) : std::nullopt;
}

// One line; `wrong` makes an error with its place.
template <typename Wrong>
base::Result<Cue> read_cue(const Words& line, const Wrong& wrong) {
    const auto& words = line.words;
    const auto number = cue_number(words[0].text);
    if (!number || words[0].quoted)
        return wrong("`" + words[0].text + "` is not the number of a cue", "1 or 1.5 comes first");
    Cue cue{.number = *number, .line = line.line};
    if (words.size() < 2 || !words[1].quoted)
        return wrong("the name of the cue is missing", "in quotes, behind its number");
    cue.name = words[1].text;
    if (words.size() < 4 || words[2].quoted || words[2].text != "scene" || !words[3].quoted)
        return wrong("cue " + cue_text(cue.number) + " names no scene",
                     "scene \"NAME\" comes next");
    cue.scene = words[3].text;
    if (auto allowed = check_name(cue.scene); !allowed)
        return wrong("`" + cue.scene + "` is not a name for a scene", allowed.error().hint);
    if (words.size() == 4) return cue;
    if (words[4].quoted || words[4].text != "fade")
        return wrong("`" + words[4].text + "` is not known here", "fade 2000 ms may come last");
    if (words.size() < 6) return wrong("the time of the fade is missing", "fade 2000 ms");
    if (words.size() > 7)
        return wrong("`" + words[7].text + "` is not known here", "nothing comes behind the fade");
    cue.fade_ms = fade_of(words[5].text, words.size() > 6 ? words[6].text : std::string_view{});
    if (!cue.fade_ms)
        return wrong("`" + line.rest(5) + "` is not a time to fade", "0 ms to 60000 ms, or 2 s");
    return cue;
}

}  // namespace

std::optional<CueNumber> cue_number(std::string_view text) {
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    const std::string_view part =
        point == std::string_view::npos ? std::string_view("0") : text.substr(point + 1);
    if (!is_digits(whole) || !is_digits(part) || whole.size() > 6 || part.size() > 3)
        return std::nullopt;
    CueNumber number = 0, thousandths = 0;
    std::from_chars(whole.data(), whole.data() + whole.size(), number);
    std::from_chars(part.data(), part.data() + part.size(), thousandths);
    for (std::size_t digits = part.size(); digits < 3; ++digits) thousandths *= 10;
    if (number > kLargest || number * kUnit + thousandths == 0) return std::nullopt;
    return number * kUnit + thousandths;
}

std::string cue_text(CueNumber number) {
    std::string out = std::to_string(number / kUnit);
    if (number % kUnit == 0) return out;
    std::string part = std::to_string(kUnit + number % kUnit).substr(1);
    while (part.back() == '0') part.pop_back();
    return out + "." + part;
}

base::Result<std::vector<Cue>> parse_cues(std::string_view text, const std::string& file) {
    const auto lines = split_lines(text, "cues", file);
    if (!lines) return lines.error();
    std::vector<Cue> cues;
    for (const Words& line : *lines) {
        const auto wrong = [&](const std::string& what, const std::string& hint) {
            return base::Error{.what = what, .where = at_line(file, line.line), .hint = hint};
        };
        auto cue = read_cue(line, wrong);
        if (!cue) return cue.error();
        if (!cues.empty() && cue->number <= cues.back().number)
            return wrong("cue " + cue_text(cue->number) + " does not come behind cue " +
                             cue_text(cues.back().number) + " of line " +
                             std::to_string(cues.back().line),
                         "numbers rise from line to line");
        cues.push_back(*std::move(cue));
    }
    if (cues.empty())
        return base::Error{.what = "holds no cue",
                           .where = at_line(file, 1),
                           .hint = "a line is: 1 \"Name\" scene \"NAME\""};
    return cues;
}

base::Result<std::vector<Cue>> load_cues(const std::filesystem::path& path) {
    const auto text = read_text(path);
    if (!text) return text.error();
    return parse_cues(*text, path.string());
}

}  // namespace mixrig::session
