// What the kernels compute, lane after lane and frame after frame.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/scalar.h"

#include <algorithm>
#include <array>
#include <bit>

namespace mixrig::dsp::scalar {
namespace {

bool has(LaneMask lanes, std::size_t lane) {
    return (lanes & lane_bit(lane)) != 0;
}

bool stands_at(const GainCurve& curve, std::size_t lane, float value) {
    return !has(curve.gliding, lane) && curve.c0[lane] == value;
}

void svf_lane(Rounding r, SvfState& section, std::size_t lane, float* x, Slice slice) {
    float s1 = section.s1[lane], s2 = section.s2[lane];
    for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame) {
        std::array<float, SvfState::kCoefficients> c{};
        for (std::size_t k = 0; k < c.size(); ++k)
            c[k] = mul_add(r, static_cast<float>(frame), section.step[k][lane], section.c[k][lane]);
        const auto [a2, a3, c1, d0, d1, d2] = c;
        float& sample = x[frame * kLanes + lane];
        const float v = sample - s2;
        const float change1 = mul_add(r, a2, v, -(c1 * s1));
        const float change2 = mul_add(r, a3, v, a2 * s1);
        sample = mul_add(r, d2, v, mul_add(r, d1, s1, d0 * sample));
        s1 += change1;
        s2 += change2;
    }
    section.s1[lane] = s1;
    section.s2[lane] = s2;
}

}  // namespace

float gain_at(Rounding r, const GainCurve& curve, std::size_t lane, std::size_t frame) {
    const auto n = static_cast<float>(frame);
    const float inner = mul_add(r, n, curve.c3[lane], curve.c2[lane]);
    return mul_add(r, n, mul_add(r, n, inner, curve.c1[lane]), curve.c0[lane]);
}

void svf(Rounding r, SvfState& section, float* x, Slice slice, LaneMask lanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        if (has(section.active & lanes, lane)) svf_lane(r, section, lane, x, slice);
}

void apply_gain(Rounding r, const float* in, float* out, const GainCurve& gain, Slice slice,
                LaneMask lanes) {
    for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame)
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const std::size_t i = frame * kLanes + lane;
            const bool off = !has(lanes, lane) || stands_at(gain, lane, 1.0f);
            out[i] = off ? in[i] : in[i] * gain_at(r, gain, lane, frame);
        }
}

void stereo_matrix(Rounding r, float* x, const GainCurve& same, const GainCurve& cross, Slice slice,
                   LaneMask lanes) {
    for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame) {
        float* p = x + frame * kLanes;
        std::array<float, kLanes> in{};
        std::copy_n(p, kLanes, in.begin());
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const bool stands = stands_at(same, lane, 1.0f) && stands_at(cross, lane, 0.0f);
            if (!has(lanes, lane) || stands) continue;
            const float own = gain_at(r, same, lane, frame) * in[lane];
            p[lane] = mul_add(r, gain_at(r, cross, lane, frame), in[lane ^ 1u], own);
        }
    }
}

void mix_column(Rounding r, std::span<const MixTerm> terms, float* out, Slice slice) {
    for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame) {
        std::array<float, kLanes> sums{};
        for (const MixTerm& term : terms)
            for (std::size_t lane = 0; lane < kLanes; ++lane)
                sums[lane] = mul_add(r, gain_at(r, *term.gain, lane, frame),
                                     term.x[frame * kLanes + lane], sums[lane]);
        for (std::size_t half = kLanes / 2; half > 0; half /= 2)
            for (std::size_t lane = 0; lane < half; ++lane) sums[lane] += sums[lane + half];
        out[frame] += sums[0];
    }
}

void measure(Rounding r, const float* x, Slice slice, TapMeters& meters) {
    for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame)
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const float sample = x[frame * kLanes + lane];
            meters.peak[lane] = std::max(meters.peak[lane], std::fabs(sample));
            float& sum = meters.mean_square_sum[lane];
            sum = mul_add(r, sample, sample, sum);
            if (std::fabs(sample) >= 1.0f) ++meters.clips[lane];
        }
}

LaneMask guard(float* x, Slice slice, float limit) {
    LaneMask faulty = kNoLanes;
    for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame)
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            float& sample = x[frame * kLanes + lane];
            const std::uint32_t magnitude = std::bit_cast<std::uint32_t>(sample) & 0x7fffffffu;
            if (magnitude <= std::bit_cast<std::uint32_t>(limit)) continue;
            sample = 0.0f;
            faulty |= lane_bit(lane);
        }
    return faulty;
}

void interleave(const PlanarInputs& planar, float* x, Slice slice) {
    for (std::size_t n = 0; n < slice.count; ++n)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            x[(slice.first + n) * kLanes + lane] = planar[lane] ? planar[lane][n] : 0.0f;
}

void deinterleave(const float* x, const PlanarOutputs& planar, Slice slice) {
    for (std::size_t n = 0; n < slice.count; ++n)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            if (planar[lane]) planar[lane][n] = x[(slice.first + n) * kLanes + lane];
}

}  // namespace mixrig::dsp::scalar
