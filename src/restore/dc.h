// Finds a constant or slowly drifting offset and takes it off.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <span>

namespace mixrig::restore {

struct DcFound {
    double offset = 0.0;   // mean over the whole, full scale is 1
    double largest = 0.0;  // of the drifting offset, without its sign
    bool removed = false;
};

// Below this, -66 dBFS, nothing is touched: a kick drum alone may have half of it.
inline constexpr double kLeastOffset = 5e-4;

// The offset is the mean under a Hann window of kDcWindow seconds, which knows nothing of what is
// above 2 / kDcWindow = 0.5 Hz, put half a window apart; between these points it goes along a
// raised cosine, before the first and behind the last it stays. So it is a linear-phase low-pass
// filter, and what is taken off has no step anywhere.
// Sound of less than a second says nothing about it.
inline constexpr dsp::Seconds kDcWindow{4.0};
DcFound remove_dc(std::span<float> samples, dsp::Hertz rate);

}  // namespace mixrig::restore
