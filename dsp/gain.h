// Gain, metering of a tap, and the guard against samples that are not numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"

namespace mixrig::dsp {

// Multiplies the lanes in `lanes`; the others, and lanes that stand at unity, keep their bits.
void apply_gain(float* x, const GainCurve& gain, Slice slice, LaneMask lanes) MIXRIG_REALTIME;
void apply_gain(const float* in, float* out, const GainCurve& gain, Slice slice, LaneMask lanes)
    MIXRIG_REALTIME;

// What a tap has carried since these were last cleared, all linear. Sums run frame by frame.
struct TapMeters {
    LaneFloats peak;
    LaneFloats mean_square_sum;  // of squares; divide by the frames counted
    LaneUints clips;             // samples at or beyond full scale
};

// Expects finite samples.
void measure(const float* x, Slice slice, TapMeters& meters) MIXRIG_REALTIME;

// Every sample that is NaN, infinite or beyond `limit` in magnitude becomes 0. Returns the lanes
// that had one. `limit` is finite and positive.
LaneMask guard(float* x, Slice slice, float limit) MIXRIG_REALTIME;

// guard, then measure, in one pass.
LaneMask guard_and_measure(float* x, Slice slice, float limit, TapMeters& meters) MIXRIG_REALTIME;

}  // namespace mixrig::dsp
