// Finds clicks and pops and puts in what the sound around them predicts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mixrig::restore {

struct ClickSettings {
    double threshold = 8.0;          // times the scale of what cannot be predicted around it
    dsp::Seconds longest = {0.004};  // what is longer is music
};

struct ClicksFound {
    std::uint64_t clicks = 0;
    std::uint64_t samples = 0;  // that were replaced
};

// After S. J. Godsill, P. J. W. Rayner, "Digital Audio Restoration" (1998), chapter 5. Frame by
// frame (86 ms, half of it new) the sound is predicted from its past and from its future by an
// autoregression of order 40 (burg). The smaller of both errors is large only within a click:
// before an attack the past still predicts, behind it the future does. What exceeds the threshold
// times the scale of that error (from median and 95th percentile, so that the clicks themselves and
// the pulses of a voice count little) within 5 ms before it and within 5 ms behind it, whichever is
// larger, and is not longer than `longest`, is filled in (Filler), and the frame looked at again,
// as a large click hides others. What turns out to change next to nothing stays as it was.
ClicksFound mend_clicks(std::span<float> samples, dsp::Hertz rate, const ClickSettings& settings);

}  // namespace mixrig::restore
