// Between planar buffers, as sound cards and files have them, and banks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

// Index 0 of a planar buffer is the first frame of the slice. These move bits and compute nothing.

// A null pointer stands for silence.
using PlanarInputs = std::array<const float*, kLanes>;
void interleave(const PlanarInputs& planar, float* x, Slice slice) MIXRIG_REALTIME;

// A null pointer is a lane nobody wants.
using PlanarOutputs = std::array<float*, kLanes>;
void deinterleave(const float* x, const PlanarOutputs& planar, Slice slice) MIXRIG_REALTIME;
void deinterleave(const float* x, std::size_t lane, float* out, Slice slice) MIXRIG_REALTIME;

}  // namespace mixrig::dsp
