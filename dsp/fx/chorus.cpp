// Chorus: one to four voices that are swept late, beside the sound itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/chorus.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace mixrig::dsp {
namespace {

// Lanes of the glides; a voice's level and its place in the cycle each have one.
enum : std::size_t { kRate, kMix, kLevel, kQuick = kLevel + Chorus::kVoices };
enum : std::size_t { kDepth, kDelay, kSide, kPlace, kSlow = kPlace + Chorus::kVoices };

// 30 ms and 10 ms, and what a glide that turned back may pass its goal by.
constexpr Seconds kLongest{0.049};

std::size_t longest(Hertz rate) {
    return static_cast<std::size_t>(std::ceil(kLongest.value * rate.value));
}

Cubic sum(const Cubic& a, const Cubic& b) MIXRIG_REALTIME {
    return {a.c0 + b.c0, a.c1 + b.c1, a.c2 + b.c2, a.c3 + b.c3};
}

}  // namespace

Chorus::Settings Chorus::settings(const FxSettings& values) MIXRIG_REALTIME {
    const float voices = std::clamp(std::nearbyint(values[3]), 1.0f, static_cast<float>(kVoices));
    return {.rate = {static_cast<double>(values[0])},
            .depth = {1e-3 * static_cast<double>(values[1])},
            .delay = {1e-3 * static_cast<double>(values[2])},
            .voices = static_cast<std::size_t>(voices),
            .spread = values[4],
            .mix = values[5]};
}

Chorus::Chorus(Hertz rate)
    : rate_(rate.value),
      quick_(glide_quanta(rate), 0.0f),
      slow_(sweep_quanta(rate), 0.0f),
      lfo_(rate),
      sides_{Side{DelayLine(longest(rate))}, Side{DelayLine(longest(rate))}} {
    apply({}, Change::jump);
}

void Chorus::set(const FxSettings& goal, Change change) MIXRIG_REALTIME {
    apply(settings(goal), change);
}

void Chorus::apply(const Settings& goal, Change change) MIXRIG_REALTIME {
    const auto voices = static_cast<float>(goal.voices);
    const double depth = goal.depth.value * rate_;
    const double delay = std::max(goal.delay.value * rate_, depth + DelayLine::kShortestBetween);
    quick_.set(kRate, static_cast<float>(goal.rate.value), change);
    quick_.set(kMix, goal.mix, change);
    slow_.set(kDepth, static_cast<float>(depth), change);
    slow_.set(kDelay, static_cast<float>(delay), change);
    slow_.set(kSide, 0.5f * goal.spread / voices, change);
    for (std::size_t v = 0; v < kVoices; ++v) {
        const bool sounds = v < goal.voices;
        quick_.set(kLevel + v, sounds ? 1.0f / std::sqrt(voices) : 0.0f, change);
        if (sounds) slow_.set(kPlace + v, static_cast<float>(v) / voices, change);
    }
}

void Chorus::begin_quantum() MIXRIG_REALTIME {
    quick_.begin_quantum();
    slow_.begin_quantum();
    const float now = quick_.curve().c0[kRate], end = quick_.value(kRate);
    // A glide that turned back may pass its goal, but a rate does not pass zero.
    lfo_.begin_quantum(std::max(now, 0.0f), std::max(end, 0.0f));
    const Cubic side = lane_curve(slow_, kSide);
    sounding_ = 0;
    for (std::size_t v = 0; v < kVoices; ++v) {
        const Cubic level = lane_curve(quick_, kLevel + v), place = lane_curve(slow_, kPlace + v);
        if (level.c0 == 0.0f && !(quick_.curve().gliding & lane_bit(kLevel + v))) continue;
        levels_[sounding_] = level;
        sides_[0].sweeps[sounding_] = quantum_cosine(lfo_, place, 1.0);
        sides_[1].sweeps[sounding_] = quantum_cosine(lfo_, sum(place, side), 1.0);
        ++sounding_;
    }
}

void Chorus::process(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    run(sides_[0], left, slice);
    run(sides_[1], right, slice);
}

void Chorus::run(Side& side, float* x, Slice slice) const MIXRIG_REALTIME {
    const Cubic mix = lane_curve(quick_, kMix);
    const Cubic depth = lane_curve(slow_, kDepth), delay = lane_curve(slow_, kDelay);
    const auto most = static_cast<double>(side.line.longest());
    for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame) {
        const auto n = static_cast<float>(static_cast<std::int32_t>(frame));
        const auto middle = static_cast<double>(value_at(delay, n));
        const auto reach = static_cast<double>(value_at(depth, n));
        float wet = 0.0f;
        for (std::size_t v = 0; v < sounding_; ++v) {
            const double frames = middle + reach * side.sweeps[v].at(static_cast<double>(n));
            wet += value_at(levels_[v], n) *
                   side.line.read_between(std::clamp(frames, DelayLine::kShortestBetween, most));
        }
        side.line.write(x[frame]);
        x[frame] += value_at(mix, n) * (wet - x[frame]);
    }
}

void Chorus::reset() MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kQuick; ++lane)
        quick_.set(lane, quick_.goal(lane), Change::jump);
    for (std::size_t lane = 0; lane < kSlow; ++lane)
        slow_.set(lane, slow_.goal(lane), Change::jump);
    lfo_.reset();
    for (Side& side : sides_) side.line.forget();
}

bool Chorus::is_at_rest() const MIXRIG_REALTIME {
    return std::all_of(sides_.begin(), sides_.end(), [](const Side& side) {
        return side.line.is_silent(side.line.longest() + 2);
    });
}

}  // namespace mixrig::dsp
