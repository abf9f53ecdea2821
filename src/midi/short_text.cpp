// Names and values, short enough for a scribble strip.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/short_text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace mixrig::midi {
namespace {

// U+00C0 to U+00FF without their accents.
constexpr std::string_view kLatin =
    "AAAAAAACEEEEIIIIDNOOOOOxOUUUUYPsaaaaaaaceeeeiiiidnooooo/ouuuuypy";

// The character that begins here, and moves on behind it.
char next_ascii(std::string_view& utf8) {
    const auto first = static_cast<unsigned char>(utf8.front());
    utf8.remove_prefix(1);
    if (first >= 0x20 && first < 0x7f) return static_cast<char>(first);
    const unsigned second = utf8.empty() ? 0u : static_cast<unsigned char>(utf8.front());
    while (!utf8.empty() && (static_cast<unsigned char>(utf8.front()) & 0xc0u) == 0x80u)
        utf8.remove_prefix(1);
    // Two bytes, 110000xx 10xxxxxx, are U+0080 to U+00FF.
    const unsigned code = (first & 0xfcu) == 0xc0u ? (first & 3u) << 6 | (second & 0x3fu) : 0u;
    return code >= 0xc0u ? kLatin[code - 0xc0u] : '?';
}

std::string printed(const char* format, double number) {
    std::array<char, 16> out{};
    std::snprintf(out.data(), out.size(), format, number);
    return out.data();
}

// Four figures are as much as fits beside a unit.
std::string figures(double number) {
    const double size = std::abs(number);
    return printed(size >= 100.0 ? "%.0f" : size >= 10.0 ? "%.1f" : "%.2f", number);
}

std::string number_text(const param::Row& row, float value) {
    switch (row.unit) {
        case param::Unit::decibels:
            if (row.taper == param::Taper::fader && value <= row.low) return "-inf";
            return printed(std::abs(value) < 99.95f ? "%.1fdB" : "%.0fdB",
                           std::abs(value) < 0.05f ? 0.0 : static_cast<double>(value));
        case param::Unit::hertz:
            return value >= 1000.0f ? figures(static_cast<double>(value) / 1000.0) + "k"
                                    : figures(static_cast<double>(value));
        case param::Unit::milliseconds:
            return value >= 1000.0f ? figures(static_cast<double>(value) / 1000.0) + "s"
                                    : figures(static_cast<double>(value)) + "ms";
        case param::Unit::none:
            break;
    }
    if (!row.address.ends_with("pan")) return figures(static_cast<double>(value));
    const auto percent = static_cast<int>(std::lround(std::abs(value) * 100.0f));
    if (percent == 0) return "C";
    return (value < 0.0f ? "L" : "R") + std::to_string(percent);
}

}  // namespace

std::string fitted(std::string_view utf8, std::size_t width) {
    std::string out;
    while (!utf8.empty() && out.size() < width) out += next_ascii(utf8);
    out.resize(width, ' ');
    return out;
}

std::string short_value(const param::Layout& layout, param::Slot slot, const param::Value& value) {
    const param::Row& row = layout.row(slot);
    if (row.type == param::Type::number) return number_text(row, value.number);
    return layout.format(slot, value);
}

std::string short_name(const param::Layout& layout, param::Slot slot) {
    const param::Row& row = layout.row(slot);
    const std::string_view address = row.address;
    const std::size_t slash = address.rfind('/');
    // "gate/on" is the gate; "send/aux/#/level" the send of that number.
    const bool is_whole = address.ends_with("/on") || address.ends_with("/level");
    std::string_view word = is_whole || slash == std::string_view::npos ? address.substr(0, slash)
                                                                        : address.substr(slash + 1);
    if (word.ends_with("/#")) word.remove_suffix(2);
    if (const std::size_t part = word.rfind('/'); part != std::string_view::npos)
        word.remove_prefix(part + 1);
    if (row.index == param::Index::none) return std::string(word);
    return std::string(word.substr(0, 5)) + std::to_string(layout.place(slot).index + 1);
}

}  // namespace mixrig::midi
