// The mix matrix: one bus is a sum over banks and lanes, in a fixed order.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <cstddef>
#include <span>

namespace mixrig::dsp {

// All 16 lanes of a bank at some tap, and their gains to the bus (0 for lanes that do not go
// there).
struct MixTerm {
    const float* x = nullptr;  // a BankBlock's x
    const GainCurve* gain = nullptr;
};

// out[frame] += the sum of gain*x over all terms and lanes, for the frames of the slice; out is a
// column of kQuantum floats. Per frame 16 accumulators start at 0 and take term after term (one
// rounding each); then they are added as a tree: 8+8, 4+4, 2+2, 1+1; then the sum is added to out.
// Samples must be finite, whatever their gain. Some ten terms a call keep the blocks in the
// first-level cache when many buses take from the same banks.
void mix_column(std::span<const MixTerm> terms, float* out, Slice slice) MIXRIG_REALTIME;

}  // namespace mixrig::dsp
