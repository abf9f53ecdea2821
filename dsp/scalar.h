// What the kernels compute, lane after lane and frame after frame: the definition that tests hold
// them to.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/bank_io.h"
#include "dsp/gain.h"
#include "dsp/glide.h"
#include "dsp/mix.h"
#include "dsp/svf.h"

#include <cmath>
#include <span>

namespace mixrig::dsp::scalar {

// How a multiply-add rounds: once where the processor has it (Target::fused), twice elsewhere.
enum class Rounding { once, twice };

inline float mul_add(Rounding rounding, float a, float b, float c) {
    return rounding == Rounding::once ? std::fma(a, b, c) : a * b + c;
}

float gain_at(Rounding rounding, const GainCurve& curve, std::size_t lane, std::size_t frame);

void svf(Rounding rounding, SvfState& section, float* x, Slice slice, LaneMask lanes);
void apply_gain(Rounding rounding, const float* in, float* out, const GainCurve& gain, Slice slice,
                LaneMask lanes);
void stereo_matrix(Rounding rounding, float* x, const GainCurve& same, const GainCurve& cross,
                   Slice slice, LaneMask lanes);
void mix_column(Rounding rounding, std::span<const MixTerm> terms, float* out, Slice slice);

void measure(Rounding rounding, const float* x, Slice slice, TapMeters& meters);
LaneMask guard(float* x, Slice slice, float limit);

void interleave(const PlanarInputs& planar, float* x, Slice slice);
void deinterleave(const float* x, const PlanarOutputs& planar, Slice slice);

}  // namespace mixrig::dsp::scalar
