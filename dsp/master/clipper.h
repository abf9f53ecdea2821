// Clipper of the master chain: from hard to soft, under a ceiling.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/master/shaper.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

struct ClipperSettings {
    Decibels drive{0.0};     // 0..24 dB
    Decibels ceiling{-1.0};  // -24..0 dB
    double knee = 0.25;      // 0 hard .. 1 soft
    bool on = false;
};

// With x the sample times the drive over the ceiling, k the knee and m = |x|:
//     f(x) = x up to m = 1 - k;  then sign(x) (m - (m - 1 + k)^2 / (4k));  from m = 1 + k on +-1
// times the ceiling, x later by latency().
//
// Against aliasing the curve is computed at 16 times the rate, from 64 kHz on 8 times, and as its
// mean over the straight line between two samples a and b (Parker, Zavalishin, Le Bivic, DAFx-16).
// f being odd, that mean is a gain times (a + b) / 2:
//     gain = 2 (F(b) - F(a)) / (b^2 - a^2),  F' = f
// the mean of f(x) / x over x^2 from a^2 to b^2: from 0 to 1, and 1 where nothing is clipped. A
// mean of two neighbours behind it makes the delay whole.
//
// Before the last filter no sample is above the ceiling. Band-limited again it may be, with full
// drive: a sine by 0.3 dB, square waves by 2.3 dB, white noise by 5 dB. A limiter is to follow.
//
// A stem follows the mix: another Clipper that is set alike at the same boundaries runs follow()
// with the gains of the mix. Followers of parts that add up to the mix add up to its output.
class Clipper {
public:
    using Gains = ShaperGains;

    explicit Clipper(Hertz rate);  // [control]

    // [audio, quantum boundary, before begin_quantum] All glide in 10 ms.
    void set(const ClipperSettings& settings, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME { shaper_.begin_quantum(); }

    // [audio] Floats or doubles, in place; index 0 is the first frame of the quantum. Off, the
    // output is the input, latency() later, bit for bit.
    template <typename Sample>
    void process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME;
    const Gains& gains() const MIXRIG_REALTIME { return gains_; }  // of the last process()
    template <typename Sample>
    void follow(Sample* left, Sample* right, Slice slice, const Gains& gains) MIXRIG_REALTIME;

    void reset() MIXRIG_REALTIME;
    std::size_t latency() const MIXRIG_REALTIME { return shaper_.latency(); }

private:
    enum Lane : std::size_t { drive, ceiling, knee };

    // The last sample of the high rate, and what the gain made of it and the one before.
    struct Before {
        double sample = 0.0, clipped = 0.0;
    };

    void find_gains(std::size_t side, const double* high, Slice slice) MIXRIG_REALTIME;
    void apply(std::size_t side, double* high, const float* gains, std::size_t count)
        MIXRIG_REALTIME;
    template <typename Sample>
    void run(std::size_t side, Sample* x, Slice slice, const Gains* told) MIXRIG_REALTIME;

    Shaper shaper_;
    std::array<Before, 2> before_{};
    Gains gains_;
};

}  // namespace mixrig::dsp
