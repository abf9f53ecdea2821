// Finds where sound was cut off at a level and puts back what was above.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <cstdint>
#include <span>

namespace mixrig::restore {

struct ClippingFound {
    double above = 0.0,
           below = 0.0;      // the levels of both sides, without sign; 0: that side is whole
    std::uint64_t runs = 0;  // that were cut off
    std::uint64_t samples = 0;
    double peak = 0.0;  // of what was put back
};

// A side is clipped if its highest samples stand side by side with steep sound before and behind:
// by the parabola through the slopes, (run - 1) / 4 times the mean slope, the top is missing. A
// round top that only was sampled densely lacks no more than the tolerance. Every sample at the
// level is then unknown but for being at least as high, and is what an autoregression (burg, order
// 64, in frames of 85 ms) makes least surprising: solved, what is below the level held there,
// solved again; the model is made anew from the result, which began as cubic curves along the
// slopes. After the consistent variant of Janssen's interpolation: P. Zaviska, P. Rajmic, A.
// Ozerov, L. Rencker, "A survey and an extensive evaluation of popular audio declipping methods",
// IEEE J. Sel. Topics Signal Process. 15 (2021).
ClippingFound mend_clipping(std::span<float> samples, dsp::Hertz rate);

}  // namespace mixrig::restore
