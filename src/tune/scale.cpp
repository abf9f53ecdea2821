// Names of notes and scales.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/tune/scale.h"

#include <array>
#include <cmath>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace mixrig::tune {
namespace {

struct Mode {
    std::string_view name;
    std::array<std::size_t, 7> steps;
};
constexpr std::array<Mode, 5> kModes = {{{"major", {0, 2, 4, 5, 7, 9, 11}},
                                         {"minor", {0, 2, 3, 5, 7, 8, 10}},
                                         {"harmonic", {0, 2, 3, 5, 7, 8, 11}},
                                         {"dorian", {0, 2, 3, 5, 7, 9, 10}},
                                         {"mixolydian", {0, 2, 4, 5, 7, 9, 10}}}};

std::optional<std::size_t> note(std::string_view name) {
    constexpr std::string_view kLetters = "C D EF G A B";
    if (name.empty() || name[0] == ' ') return std::nullopt;
    const std::size_t letter = kLetters.find(name[0]);
    if (letter == kLetters.npos || name.size() > 2) return std::nullopt;
    if (name.size() == 1) return letter;
    if (name[1] == '#') return (letter + 1) % 12;
    if (name[1] == 'b') return (letter + 11) % 12;
    return std::nullopt;
}

base::Error unknown(std::string_view text) {
    return {"`" + std::string(text) + "` is no scale",
            {},
            "such as \"A minor\", \"Bb major\", \"F# dorian\", \"chromatic\", or notes: \"C E G\""};
}

}  // namespace

base::Result<Scale> parse_scale(std::string_view text) {
    Scale scale;
    if (text == "chromatic") return scale.set();
    std::istringstream words{std::string(text)};
    std::vector<std::string> each;
    for (std::string word; words >> word;) each.push_back(word);
    if (each.empty()) return unknown(text);
    const auto root = note(each[0]);
    if (root && each.size() == 2)
        for (const Mode& mode : kModes) {
            if (mode.name != each[1]) continue;
            for (const std::size_t step : mode.steps) scale.set((*root + step) % 12);
            return scale;
        }
    for (const std::string& word : each) {
        const auto one = note(word);
        if (!one) return unknown(text);
        scale.set(*one);
    }
    return scale;
}

double nearest(const Scale& scale, double key) {
    const double middle = std::round(key);
    double best = middle, distance = 100.0;
    for (double at = middle - 12.0; at <= middle + 12.0; at += 1.0) {
        const auto pitch_class = static_cast<std::size_t>(std::fmod(at + 1200.0, 12.0));
        if (!scale[pitch_class] || std::fabs(at - key) >= distance) continue;
        best = at;
        distance = std::fabs(at - key);
    }
    return best;
}

}  // namespace mixrig::tune
