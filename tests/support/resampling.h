// What a pair of sample rates does to tones on the way from one to the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/disk/resample.h"
#include "tests/support/tone.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mixrig::test {

inline constexpr double kRates[] = {44100.0, 48000.0, 88200.0, 96000.0, 176400.0, 192000.0};

// A quarter of a second of a tone, converted; without what the filter makes of beginning and end.
inline std::vector<float> convert_tone(double from, double to, double hertz) {
    const auto frames = static_cast<std::size_t>(from / 4.0);
    auto done = disk::resample({.rate = {from}, .tracks = {sine(hertz / from, frames, 0.5)}}, {to});
    std::vector<float> out = done ? std::move(done->tracks[0]) : std::vector<float>();
    const std::size_t edge = out.size() / 5;
    return {out.begin() + static_cast<long>(edge), out.end() - static_cast<long>(edge)};
}

// Level of the tone behind the conversion, dB against before.
inline double passed_dB(double from, double to, double hertz) {
    return 20.0 * std::log10(find_tone(convert_tone(from, to, hertz), hertz / to).amplitude / 0.5);
}

// All that is there behind the conversion of a tone that has no place there.
inline double folded_dB(double from, double to, double hertz) {
    const std::vector<float> out = convert_tone(from, to, hertz);
    double power = 0.0;
    for (const float x : out) power += static_cast<double>(x) * static_cast<double>(x);
    return 20.0 *
           std::log10(std::sqrt(2.0 * power / static_cast<double>(out.size())) / 0.5 + 1e-12);
}

struct Conversion {
    double edge_01dB = 0.0, edge_3dB = 0.0;  // Hz
    double ripple_dB = 0.0;                  // furthest from 0 up to 90 % of the lower half rate
    // The loudest alias (down) or image (up) of a tone up to the higher half rate, with all noise,
    // dB against that tone before.
    double rejected_dB = 0.0;
    double noise_1k_dB = 0.0,
           noise_high_dB = 0.0;  // THD+N at 1 kHz, at 80 % of the lower half rate
};

// Where the response falls below `dB`, to a hertz.
inline double edge(double from, double to, double dB) {
    double low = 0.8 * std::min(from, to) / 2.0, high = 1.1 * std::min(from, to) / 2.0;
    if (to > from) high = from / 2.0 - 10.0;  // no tone above it to ask with
    while (high - low > 1.0) {
        const double middle = 0.5 * (low + high);
        (passed_dB(from, to, middle) > -dB ? low : high) = middle;
    }
    return low;
}

inline Conversion measure_conversion(double from, double to) {
    const double half = std::min(from, to) / 2.0;
    Conversion out{.edge_01dB = edge(from, to, 0.1), .edge_3dB = edge(from, to, 3.0)};
    for (int k = 1; k <= 18; ++k)
        out.ripple_dB = std::max(out.ripple_dB, std::fabs(passed_dB(from, to, half * 0.05 * k)));
    out.rejected_dB = -std::numeric_limits<double>::infinity();
    constexpr int kTones = 24;
    for (int k = 0; k < kTones; ++k) {
        const double share = (k + 0.5) / kTones;
        double level = 0.0;
        if (to < from) {
            const double hertz = half * 1.0005 + share * (from / 2.0 - half * 1.0005);
            level = folded_dB(from, to, hertz);
        } else {
            const double hertz = share * half * 0.9995;
            const double rest = find_tone(convert_tone(from, to, hertz), hertz / to).rest;
            level = 20.0 * std::log10(rest * std::numbers::sqrt2 / 0.5);
        }
        out.rejected_dB = std::max(out.rejected_dB, level);
    }
    out.noise_1k_dB = find_tone(convert_tone(from, to, 1000.0), 1000.0 / to).rest_dB();
    out.noise_high_dB = find_tone(convert_tone(from, to, 0.8 * half), 0.8 * half / to).rest_dB();
    return out;
}

}  // namespace mixrig::test
