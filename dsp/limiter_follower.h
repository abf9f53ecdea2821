// Does to a part of a mix what a limiter did to the mix.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/oversample.h"
#include "dsp/limiter.h"
#include "dsp/realtime.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

// Parts that add up to what the limiter heard add up to what it puts out, within rounding. It is
// set and reset when the limiter is, and follows each of its calls with one of as many frames.
class LimiterFollower {
public:
    explicit LimiterFollower(std::size_t latency_frames);  // [control] those of the limiter

    void set(const LimiterSettings& settings) MIXRIG_REALTIME;
    // Floats or doubles, in place; latency_frames() late, and nothing at all while the limiter is
    // off.
    template <typename Sample>
    void follow(Sample* left, Sample* right, std::size_t frames, const LimiterGains& gains)
        MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;

    std::size_t latency_frames() const MIXRIG_REALTIME { return latency_; }

private:
    std::size_t latency_;
    bool on_ = false;
    std::array<BasicSampleLine<double>, 2> past_;
};

}  // namespace mixrig::dsp
