// Crossovers of fourth order whose bands add up to an all-pass.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/master/pair.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

// After S. Linkwitz and R. Riley (JAES 1976): a split is a Butterworth filter of second order,
// twice.
//     low(f) = 1 / (1 + w^4),  high(f) = w^4 / (1 + w^4),  w = tan(pi f / rate) / tan(pi fc / rate)
// Both are 6 dB down at fc, in phase everywhere, and add up to an all-pass of second order,
//     (1 - sqrt(2) s + s^2) / (1 + sqrt(2) s + s^2).
// high is computed as that all-pass less low: the sum is flat by construction, while a frequency
// glides too; what is lost far below fc is 1e-16 of the input. Bands of several splits are put
// together from below, the sum so far through the all-pass of every later split:
//     for each split k: split(k, rest, band[k]);  band[last] = rest
//     sum = band[0];  for each further band k: join(k, sum); sum += band[k]
// The filters are trapezoidal (A. Simper); a straight line between two settings is stable (svf.h).
// No latency.
class Crossover {
public:
    static constexpr std::size_t kMostSplits = 4;

    explicit Crossover(Hertz rate);  // [control]

    // [audio, quantum boundary, before begin_quantum] 10 Hz to 0.45 of the rate. A glide is linear
    // in pitch and takes 0.2 s.
    void set(std::size_t split, Hertz frequency, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    // [audio] x loses its low band, which is written to `low`.
    void split(std::size_t k, PairBlock& x, PairBlock& low, Slice slice) MIXRIG_REALTIME;
    // [audio] What lies below band k passes the all-pass of the split above it; nothing for the
    // topmost band. `bands` is how many there are.
    void join(std::size_t k, std::size_t bands, PairBlock& x, Slice slice) MIXRIG_REALTIME;

    Hertz frequency(std::size_t split) const MIXRIG_REALTIME;

    void clear() MIXRIG_REALTIME;  // the signals
    void reset() MIXRIG_REALTIME;  // and glides to their goals

private:
    // a1 = 1 / (1 + g (g + sqrt(2))), a2 = g a1, a3 = g a2 with g = tan(pi fc / rate).
    struct Weights {
        double a1 = 1.0, a2 = 0.0, a3 = 0.0;
    };
    struct Section {
        Pair s1{}, s2{};
    };
    struct Split {
        Weights from, to;  // at the quantum's ends
        Section first, second, all_pass;
    };

    Weights weights(std::size_t split) const MIXRIG_REALTIME;

    double rate_;
    GainGlides octaves_;  // log2 of the frequencies
    std::array<Split, kMostSplits> splits_{};
};

}  // namespace mixrig::dsp
