// Automation, read, put in order, written.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/automation.h"

#include "src/session/text_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace mixrig::session {
namespace {

constexpr double kAutomationLongest = 1e7;  // seconds; some four months
constexpr float kMostTrim_dB = 100.0f;
constexpr std::string_view kAutomationHead = "# mixrig automation 1\n";

// "12.500s" or "600000f".
std::optional<std::uint64_t> frame_of(std::string_view text, dsp::Hertz rate) {
    if (text.size() < 2) return std::nullopt;
    const char unit = text.back();
    text.remove_suffix(1);
    const char* end = text.data() + text.size();
    if (unit == 'f') {
        std::uint64_t frame = 0;
        const auto [stop, error] = std::from_chars(text.data(), end, frame);
        const bool fits = static_cast<double>(frame) <= kAutomationLongest * rate.value;
        return error == std::errc{} && stop == end && fits ? std::optional(frame) : std::nullopt;
    }
    double seconds = 0.0;
    const auto [stop, error] = std::from_chars(text.data(), end, seconds, std::chars_format::fixed);
    if (unit != 's' || error != std::errc{} || stop != end ||
        !(seconds >= 0.0 && seconds <= kAutomationLongest))
        return std::nullopt;
    return static_cast<std::uint64_t>(std::llround(seconds * rate.value));
}

base::Result<std::uint64_t> moment(const Words& words, dsp::Hertz rate, const std::string& file) {
    if (const auto frame = frame_of(words.words[0].text, rate)) return *frame;
    return base::Error{.what = "`" + words.words[0].text + "` is not a moment",
                       .where = at_line(file, words.line),
                       .hint = "seconds as 12.500s or frames as 600000f come first"};
}

bool is_word(const Words& words, std::string_view word) {
    return words.words.size() > 1 && !words.words[1].quoted && words.words[1].text == word;
}

base::Result<Marker> read_marker(const Words& words, dsp::Hertz rate, const std::string& file) {
    const auto frame = moment(words, rate, file);
    if (!frame) return frame.error();
    if (words.words.size() == 3 && !words.words[2].text.empty() &&
        words.words[2].text.size() <= kLongestMarker)
        return Marker{*frame, words.words[2].text};
    return base::Error{.what = "a marker has a name of up to 64 bytes",
                       .where = at_line(file, words.line),
                       .hint = "12.500s marker \"Chorus\""};
}

// "+1.5 dB", "-3".
std::optional<float> decibels_of(const Words& words) {
    const bool has_unit = words.words.size() == 5 && words.words[4].text == "dB";
    if (words.words.size() != 4 && !has_unit) return std::nullopt;
    std::string_view text = words.words[3].text;
    if (text.starts_with('+')) text.remove_prefix(1);
    if (text.starts_with('-') && words.words[3].text.starts_with('+')) return std::nullopt;
    float value = 0.0f;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool is_number = error == std::errc{} && stop == text.data() + text.size();
    return is_number && std::fabs(value) <= kMostTrim_dB ? std::optional(value) : std::nullopt;
}

base::Result<Move> read_trim(const Words& words, const param::Layout& layout, dsp::Hertz rate,
                             const std::string& file) {
    const auto frame = moment(words, rate, file);
    if (!frame) return frame.error();
    const std::string where = at_line(file, words.line);
    const auto slot = read_address(words, 2, layout, file);
    if (!slot) return slot.error();
    if (!can_be_trimmed(layout, *slot))
        return base::Error{.what = words.words[2].text + " cannot be trimmed",
                           .where = where,
                           .hint = "only levels in dB can"};
    const auto value = decibels_of(words);
    if (!value)
        return base::Error{.what = "a trim is a number of dB from -100 to 100",
                           .where = where,
                           .hint = "12.500s trim /ch/1/fader +1.5 dB"};
    return Move{*frame, {.slot = *slot, .value = {*value}, .line = words.line}};
}

// To the nearest microsecond: no two frames are as close.
std::string seconds_of(std::uint64_t frame, dsp::Hertz rate) {
    std::array<char, 64> text{};
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(),
                      static_cast<double>(frame) / rate.value, std::chars_format::fixed, 6);
    (void)error;  // it is large enough for any number
    return std::string(text.data(), end) + "s";
}

// The shortest text that reads back as this number.
std::string decibels_text(float value) {
    std::array<char, 64> text{};
    const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
    (void)error;
    return (value > 0.0f ? "+" : "") + std::string(text.data(), end) + " dB";
}

template <typename T>
void sort_by_frame(std::vector<T>& items) {
    std::stable_sort(items.begin(), items.end(),
                     [](const T& a, const T& b) { return a.frame < b.frame; });
}

void sort(Automation& automation) {
    sort_by_frame(automation.moves);
    sort_by_frame(automation.trims);
    sort_by_frame(automation.markers);
}

base::Status read_line(const Words& words, const param::Layout& layout, dsp::Hertz rate,
                       const std::string& file, Automation& out) {
    if (is_word(words, "marker")) {
        auto marker = read_marker(words, rate, file);
        if (!marker) return marker.error();
        const auto is_same = [&](const Marker& other) { return other.name == marker->name; };
        if (std::any_of(out.markers.begin(), out.markers.end(), is_same))
            return base::Error{.what = "there is a marker `" + marker->name + "` already",
                               .where = at_line(file, words.line)};
        out.markers.push_back(*std::move(marker));
        return base::Done{};
    }
    const bool is_trim = is_word(words, "trim");
    auto move = (is_trim ? read_trim : read_move)(words, layout, rate, file);
    if (!move) return move.error();
    if (!can_be_automated(layout, move->setting.slot))
        return base::Error{.what = words.words[1].text + " cannot be automated",
                           .where = at_line(file, words.line),
                           .hint = "it is the desk's, not the mix's"};
    (is_trim ? out.trims : out.moves).push_back(*std::move(move));
    return base::Done{};
}

}  // namespace

bool can_be_automated(const param::Layout& layout, param::Slot slot) {
    const param::Row& row = layout.row(slot);
    return row.keep == param::Keep::scenes && row.type != param::Type::text;
}

bool can_be_trimmed(const param::Layout& layout, param::Slot slot) {
    const param::Row& row = layout.row(slot);
    return can_be_automated(layout, slot) && row.type == param::Type::number &&
           row.unit == param::Unit::decibels;
}

base::Result<Move> read_move(const Words& words, const param::Layout& layout, dsp::Hertz rate,
                             const std::string& file) {
    const auto frame = moment(words, rate, file);
    if (!frame) return frame.error();
    auto setting = read_setting(words, 1, layout, file);
    if (!setting) return setting.error();
    if (layout.row(setting->slot).type == param::Type::text)
        return base::Error{.what = words.words[1].text + ": a text cannot be automated",
                           .where = at_line(file, words.line)};
    return Move{*frame, *std::move(setting)};
}

base::Result<Automation> parse_automation(std::string_view text, const param::Layout& layout,
                                          dsp::Hertz rate, const std::string& file) {
    const auto lines = split_lines(text, "automation", file);
    if (!lines) return lines.error();
    Automation out;
    for (const Words& words : *lines)
        if (auto status = read_line(words, layout, rate, file, out); !status) return status.error();
    sort(out);
    return out;
}

base::Result<FittingAutomation> parse_automation_that_fits(std::string_view text,
                                                           const param::Layout& layout,
                                                           dsp::Hertz rate,
                                                           const std::string& file) {
    const auto lines = split_lines(text, "automation", file);
    if (!lines) return lines.error();
    FittingAutomation out;
    for (const Words& words : *lines)
        if (auto status = read_line(words, layout, rate, file, out.automation); !status)
            out.left_out.push_back(status.error().text());
    sort(out.automation);
    return out;
}

base::Result<Automation> load_automation(const std::filesystem::path& path,
                                         const param::Layout& layout, dsp::Hertz rate) {
    const auto text = read_text(path);
    if (!text) return text.error();
    return parse_automation(*text, layout, rate, path.string());
}

std::string write_automation(const Automation& automation, const param::Layout& layout,
                             dsp::Hertz rate) {
    struct Line {
        std::uint64_t frame;
        std::string text;
    };
    std::vector<Line> lines;
    for (const Marker& marker : automation.markers)
        lines.push_back({marker.frame, "marker " + in_quotes(marker.name)});
    for (const Move& move : automation.moves)
        lines.push_back({move.frame, layout.address(move.setting.slot) + " " +
                                         layout.format(move.setting.slot, move.setting.value)});
    for (const Move& trim : automation.trims)
        lines.push_back({trim.frame, "trim " + layout.address(trim.setting.slot) + " " +
                                         decibels_text(trim.setting.value.number)});
    sort_by_frame(lines);
    std::string out(kAutomationHead);
    for (const Line& line : lines) out += seconds_of(line.frame, rate) + " " + line.text + "\n";
    return out;
}

}  // namespace mixrig::session
