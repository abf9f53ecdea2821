// Does to a part of a mix what a limiter did to the mix.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/limiter_follower.h"

#include <algorithm>
#include <cassert>

namespace mixrig::dsp {

LimiterFollower::LimiterFollower(std::size_t latency_frames)
    : latency_(latency_frames),
      past_{BasicSampleLine<double>(latency_, LimiterGains::kMostFrames),
            BasicSampleLine<double>(latency_, LimiterGains::kMostFrames)} {}

// Like the limiter it begins with silence in the look-ahead.
void LimiterFollower::set(const LimiterSettings& settings) MIXRIG_REALTIME {
    if (!settings.on || !on_) reset();
    on_ = settings.on;
}

template <typename Sample>
void LimiterFollower::follow(Sample* left, Sample* right, std::size_t frames,
                             const LimiterGains& gains) MIXRIG_REALTIME {
    assert(frames <= LimiterGains::kMostFrames);
    if (!on_) return;
    Sample* const sides[] = {left, right};
    for (std::size_t s = 0; s < 2; ++s) {
        auto& past = past_[s];
        std::copy_n(sides[s], frames, past.newest());
        const double* delayed = past.newest() - latency_;
        for (std::size_t n = 0; n < frames; ++n)
            sides[s][n] = static_cast<Sample>(static_cast<double>(gains.side[s][n]) * delayed[n]);
        past.advance(frames);
    }
}

void LimiterFollower::reset() MIXRIG_REALTIME {
    for (auto& past : past_) past.clear();
}

template void LimiterFollower::follow(float*, float*, std::size_t, const LimiterGains&);
template void LimiterFollower::follow(double*, double*, std::size_t, const LimiterGains&);

}  // namespace mixrig::dsp
