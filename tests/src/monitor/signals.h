// Tones as EBU Tech 3341 and 3342 describe them: pieces of a 1 kHz sine, one after the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/monitor/loudness.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <vector>

namespace mixrig::tests {

inline constexpr double kSilent = -std::numeric_limits<double>::infinity();

struct Piece {
    double dBFS;  // peak of the sine; kSilent is digital silence
    double seconds;
};

inline double amplitude(double dB) {
    return std::isinf(dB) ? 0.0 : std::pow(10.0, dB / 20.0);
}

// The phase runs on through the pieces. Mono.
inline std::vector<float> tones(const std::vector<Piece>& pieces, double rate = 48000.0) {
    std::vector<float> out;
    for (const Piece& p : pieces) {
        const double step = 2.0 * std::numbers::pi * 1000.0 / rate, peak = amplitude(p.dBFS);
        for (auto n = static_cast<std::size_t>(std::lround(p.seconds * rate)); n > 0; --n)
            out.push_back(
                static_cast<float>(peak * std::sin(step * static_cast<double>(out.size()))));
    }
    return out;
}

inline monitor::LoudnessMeter meter(std::size_t channels = 2, double rate = 48000.0,
                                    monitor::History history = monitor::History::whole) {
    return *monitor::LoudnessMeter::create(
        {.channels = channels, .rate = {rate}, .history = history});
}

// The same signal in both channels.
inline void add_stereo(monitor::LoudnessMeter& m, const std::vector<float>& mono) {
    const float* planar[] = {mono.data(), mono.data()};
    m.add(planar, mono.size());
}

inline monitor::LoudnessMeter heard(const std::vector<Piece>& pieces, double rate = 48000.0,
                                    monitor::History history = monitor::History::whole) {
    monitor::LoudnessMeter m = meter(2, rate, history);
    add_stereo(m, tones(pieces, rate));
    return m;
}

}  // namespace mixrig::tests
