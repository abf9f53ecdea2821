// The last stage before an output: no sample above the ceiling, no NaN, no delay.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"
#include "dsp/units.h"

#include <cstddef>

namespace mixrig::dsp {

// A peak follower with instantaneous attack divides by what exceeds the ceiling, so an overload is
// turned down rather than clipped; signals that stay within the ceiling pass bit for bit. Both
// sides of a pair share the gain.
class Ceiling {
public:
    explicit Ceiling(Hertz rate);

    void set(Decibels ceiling) MIXRIG_REALTIME;

    // In place; `right` may be null. Returns the number of samples that were NaN or infinite; they
    // became 0.
    [[nodiscard]] std::size_t process(float* left, float* right, std::size_t frames)
        MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;

    // The largest reduction since clear_meter(), as positive dB.
    float reduction_dB() const MIXRIG_REALTIME;
    void clear_meter() MIXRIG_REALTIME;

private:
    float follow(float magnitude) MIXRIG_REALTIME;
    float limited(float x, float gain) const MIXRIG_REALTIME;

    float release_;  // factor per frame
    float ceiling_ = 1.0f;
    float envelope_ = 1.0f;  // never below the ceiling
    float lowest_gain_ = 1.0f;
};

}  // namespace mixrig::dsp
