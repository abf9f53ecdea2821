// Tremolo and auto-pan: a level that goes up and down.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/tremolo.h"

#include <algorithm>
#include <cstdint>

namespace mixrig::dsp {
namespace {

// Lanes of the glides.
enum : std::size_t { kRate, kDepth, kTriangle, kSquare, kSpread, kUsed };

}  // namespace

Tremolo::Settings Tremolo::settings(const FxSettings& values) MIXRIG_REALTIME {
    return {.rate = {static_cast<double>(values[0])},
            .depth = values[1],
            .shape = values[2] >= 1.5f   ? Shape::square
                     : values[2] >= 0.5f ? Shape::triangle
                                         : Shape::sine,
            .spread = values[3]};
}

Tremolo::Tremolo(Hertz rate) : glides_(glide_quanta(rate), 0.0f), lfo_(rate) {
    apply({}, Change::jump);
}

void Tremolo::set(const FxSettings& goal, Change change) MIXRIG_REALTIME {
    apply(settings(goal), change);
}

void Tremolo::apply(const Settings& goal, Change change) MIXRIG_REALTIME {
    glides_.set(kRate, static_cast<float>(goal.rate.value), change);
    glides_.set(kDepth, goal.depth, change);
    glides_.set(kTriangle, goal.shape == Shape::triangle ? 1.0f : 0.0f, change);
    glides_.set(kSquare, goal.shape == Shape::square ? 1.0f : 0.0f, change);
    glides_.set(kSpread, goal.spread, change);
}

void Tremolo::begin_quantum() MIXRIG_REALTIME {
    glides_.begin_quantum();
    const float now = glides_.curve().c0[kRate], end = glides_.value(kRate);
    // A glide that turned back may pass its goal, but a rate does not pass zero.
    lfo_.begin_quantum(std::max(now, 0.0f), std::max(end, 0.0f));
}

void Tremolo::process(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    run(left, slice, false);
    run(right, slice, true);
}

void Tremolo::run(float* x, Slice slice, bool later) const MIXRIG_REALTIME {
    const Cubic rate = lane_curve(glides_, kRate), depth = lane_curve(glides_, kDepth);
    const Cubic to_triangle = lane_curve(glides_, kTriangle);
    const Cubic to_square = lane_curve(glides_, kSquare), spread = lane_curve(glides_, kSpread);
    const Lfo lfo = lfo_;
    const float side = later ? 0.5f : 0.0f;
    constexpr auto kWidth = static_cast<float>(2.0 * kEdge.value);
    for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame) {
        const auto n = static_cast<float>(static_cast<std::int32_t>(frame));
        const float phase = wrapped(static_cast<float>(lfo.at(frame)) + side * value_at(spread, n));
        const float t = triangle(phase);
        const float sine = rounded(t);
        const float edge = t / std::clamp(kWidth * value_at(rate, n), 1e-6f, 1.0f);
        const float square = rounded(std::clamp(edge, -1.0f, 1.0f));
        const float wave =
            sine + value_at(to_triangle, n) * (t - sine) + value_at(to_square, n) * (square - sine);
        const float gain = 1.0f - 0.5f * value_at(depth, n) * (1.0f - wave);
        x[frame] *= std::clamp(gain, 0.0f, 1.0f);
    }
}

void Tremolo::reset() MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kUsed; ++lane)
        glides_.set(lane, glides_.goal(lane), Change::jump);
    lfo_.reset();
}

}  // namespace mixrig::dsp
