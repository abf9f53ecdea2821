// Flanger: the sound and its swept, fed back delay, which together are a comb.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/flanger.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace mixrig::dsp {
namespace {

// Lanes of the glides.
enum : std::size_t { kRate, kFeedback, kMix, kQuick };
enum : std::size_t { kDepth, kDelay, kSpread, kSlow };

constexpr float kMostFeedback = 0.95f;

// 10 ms and 8 ms, and what a glide that turned back may pass its goal by.
constexpr Seconds kLongest{0.022};

std::size_t longest(Hertz rate) {
    return static_cast<std::size_t>(std::ceil(kLongest.value * rate.value));
}

}  // namespace

Flanger::Settings Flanger::settings(const FxSettings& values) MIXRIG_REALTIME {
    return {.rate = {static_cast<double>(values[0])},
            .depth = {1e-3 * static_cast<double>(values[1])},
            .delay = {1e-3 * static_cast<double>(values[2])},
            .feedback = values[3],
            .spread = values[4],
            .mix = values[5]};
}

Flanger::Flanger(Hertz rate)
    : rate_(rate.value),
      quick_(glide_quanta(rate), 0.0f),
      slow_(sweep_quanta(rate), 0.0f),
      lfo_(rate),
      sides_{Side{DelayLine(longest(rate))}, Side{DelayLine(longest(rate))}} {
    apply({}, Change::jump);
}

void Flanger::set(const FxSettings& goal, Change change) MIXRIG_REALTIME {
    apply(settings(goal), change);
}

void Flanger::apply(const Settings& goal, Change change) MIXRIG_REALTIME {
    quick_.set(kRate, static_cast<float>(goal.rate.value), change);
    quick_.set(kFeedback, goal.feedback, change);
    quick_.set(kMix, goal.mix, change);
    slow_.set(kDepth, static_cast<float>(goal.depth.value * rate_), change);
    slow_.set(kDelay, static_cast<float>(goal.delay.value * rate_), change);
    slow_.set(kSpread, goal.spread, change);
}

void Flanger::begin_quantum() MIXRIG_REALTIME {
    quick_.begin_quantum();
    slow_.begin_quantum();
    const float now = quick_.curve().c0[kRate], end = quick_.value(kRate);
    // A glide that turned back may pass its goal, but a rate does not pass zero.
    lfo_.begin_quantum(std::max(now, 0.0f), std::max(end, 0.0f));
    const Cubic spread = lane_curve(slow_, kSpread);
    sides_[0].sweep = quantum_cosine(lfo_, spread, 0.0);
    sides_[1].sweep = quantum_cosine(lfo_, spread, 0.5);
}

void Flanger::process(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    run(sides_[0], left, slice);
    run(sides_[1], right, slice);
}

void Flanger::run(Side& side, float* x, Slice slice) const MIXRIG_REALTIME {
    const Cubic feedback = lane_curve(quick_, kFeedback), mix = lane_curve(quick_, kMix);
    const Cubic depth = lane_curve(slow_, kDepth), delay = lane_curve(slow_, kDelay);
    const auto most = static_cast<double>(side.line.longest());
    for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame) {
        const auto n = static_cast<float>(static_cast<std::int32_t>(frame));
        const double wave = 0.5 - 0.5 * side.sweep.at(static_cast<double>(n));
        const double frames = static_cast<double>(value_at(delay, n)) +
                              static_cast<double>(value_at(depth, n)) * wave;
        const float late =
            side.line.read_between(std::clamp(frames, DelayLine::kShortestBetween, most));
        const float loop = std::clamp(value_at(feedback, n), -kMostFeedback, kMostFeedback);
        side.line.write(x[frame] + loop * late);
        x[frame] += value_at(mix, n) * (late - x[frame]);
    }
}

void Flanger::reset() MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kQuick; ++lane)
        quick_.set(lane, quick_.goal(lane), Change::jump);
    for (std::size_t lane = 0; lane < kSlow; ++lane)
        slow_.set(lane, slow_.goal(lane), Change::jump);
    lfo_.reset();
    for (Side& side : sides_) side.line.forget();
}

bool Flanger::is_at_rest() const MIXRIG_REALTIME {
    return std::all_of(sides_.begin(), sides_.end(), [](const Side& side) {
        return side.line.is_silent(side.line.longest() + 2);
    });
}

}  // namespace mixrig::dsp
