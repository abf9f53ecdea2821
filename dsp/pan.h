// Pan, balance and width, and the kernel that applies them to pairs of lanes (2k, 2k+1).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"

namespace mixrig::dsp {

struct PanGains {
    double left = 1.0, right = 1.0;
};

// Constant power, -3 dB at the centre, exactly silent on the far side. pan is -1 (left) .. 1
// (right).
PanGains pan_mono(double pan);

// Exactly {1, 1} at the centre; the side that is left behind falls as a cosine to exactly 0.
PanGains balance(double pan);

// The gain to an output from an input: `left_from_right` is what the left output takes of the right
// input.
struct StereoGains {
    double left_from_left = 1.0, left_from_right = 0.0;
    double right_from_left = 0.0, right_from_right = 1.0;
};

// Width (mid and side: 0 mono, exactly 1 unchanged, 2 sides doubled), then balance.
StereoGains stereo(double pan, double width);

// y[l] = same[l]*x[l] + cross[l]*x[l^1] for the lanes in `lanes`; the others, and lanes that stand
// at same = 1 and cross = 0, keep their bits. Lanes are named in whole pairs.
void stereo_matrix(float* x, const GainCurve& same, const GainCurve& cross, Slice slice,
                   LaneMask lanes) MIXRIG_REALTIME;

}  // namespace mixrig::dsp
