// Phaser: a swept chain of all-passes beside the sound, notches where it turns the phase around.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/phaser.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::dsp {
namespace {

// Lanes of the glides.
enum : std::size_t { kRate, kFeedback, kMix, kQuick };
enum : std::size_t { kDepth, kCentre, kSpread, kSlow };

constexpr float kMostFeedback = 0.9f;

// What a glide that turned back may pass its goal by stays a frequency.
constexpr double kLowest = 10.0, kHighestOfRate = 0.45;

// The output's samples are below the root of this: -180 dB with some room.
constexpr float kRestEnergy = 0.5e-18f;

}  // namespace

Phaser::Settings Phaser::settings(const FxSettings& values) MIXRIG_REALTIME {
    const float pairs = std::clamp(values[3] / 2.0f, 2.0f, static_cast<float>(kMostStages / 2));
    return {.rate = {static_cast<double>(values[0])},
            .depth = values[1],
            .centre = {static_cast<double>(values[2])},
            .stages = 2 * static_cast<std::size_t>(pairs + 0.5f),
            .feedback = values[4],
            .spread = values[5],
            .mix = values[6]};
}

Phaser::Phaser(Hertz rate)
    : rate_(rate.value),
      quick_(glide_quanta(rate), 0.0f),
      slow_(sweep_quanta(rate), 0.0f),
      fade_(2 * glide_quanta(rate), 0.0f),
      lfo_(rate) {
    set({0.4f, 2.0f, 800.0f, 6.0f, 0.3f, 0.0f, 0.5f}, Change::jump);
}

void Phaser::set(const FxSettings& goal, Change change) MIXRIG_REALTIME {
    const Settings s = settings(goal);
    quick_.set(kRate, static_cast<float>(s.rate.value), change);
    quick_.set(kFeedback, s.feedback, change);
    quick_.set(kMix, s.mix, change);
    slow_.set(kDepth, s.depth, change);
    slow_.set(kCentre, static_cast<float>(std::log2(s.centre.value)), change);
    slow_.set(kSpread, s.spread, change);
    stages_ = s.stages;
    if (change == Change::jump) take_stages(stages_);
}

// At once; stages that are not in use have no state.
void Phaser::take_stages(std::size_t stages) MIXRIG_REALTIME {
    Net& net = nets_[now_];
    net.stages = stages;
    for (std::size_t k = stages; k < kMostStages; ++k) net.s[k] = {};
    fading_ = false;
}

// One fade after the other: what is asked for meanwhile waits.
void Phaser::change_stages() MIXRIG_REALTIME {
    if (fading_ && fade_.value(0) >= 1.0f) {
        now_ = 1 - now_;
        fading_ = false;
    }
    if (!fading_ && nets_[now_].stages != stages_) {
        nets_[1 - now_] = {.stages = stages_, .s = {}};
        fade_.set(0, 0.0f, Change::jump);
        fade_.set(0, 1.0f, Change::glide);
        fading_ = true;
    }
}

Phaser::Rotations Phaser::rotations(std::size_t frame) const MIXRIG_REALTIME {
    const auto octaves = static_cast<double>(lane_curve(slow_, kCentre).at(frame));
    const double half = 0.5 * static_cast<double>(lane_curve(slow_, kDepth).at(frame));
    const double ahead = 0.5 * static_cast<double>(lane_curve(slow_, kSpread).at(frame));
    Rotations at;
    for (std::size_t side = 0; side < kSides; ++side) {
        const double phase = lfo_.at(frame) + (side == 0 ? 0.0 : ahead);
        const double f =
            std::clamp(std::exp2(octaves + half * cosine(phase)), kLowest, kHighestOfRate * rate_);
        const double g = std::tan(std::numbers::pi * f / rate_);
        at.c[side] = static_cast<float>((g - 1.0) / (g + 1.0));
        at.q[side] = static_cast<float>(2.0 * std::sqrt(g) / (g + 1.0));
    }
    at.feedback =
        std::clamp(lane_curve(quick_, kFeedback).at(frame), -kMostFeedback, kMostFeedback);
    at.rest = std::sqrt(1.0f - at.feedback * at.feedback);
    return at;
}

void Phaser::begin_quantum() MIXRIG_REALTIME {
    change_stages();
    quick_.begin_quantum();
    slow_.begin_quantum();
    if (fading_) fade_.begin_quantum();
    const float rate = quick_.curve().c0[kRate], next = quick_.value(kRate);
    lfo_.begin_quantum(std::max(rate, 0.0f), std::max(next, 0.0f));
    from_ = rotations(0);
    to_ = rotations(kQuantum);
    for (Net& net : nets_)
        if (net.energy() < kRestEnergy) net.s = {};
}

Phaser::Rotations Phaser::between(std::size_t frame) const MIXRIG_REALTIME {
    const float place = static_cast<float>(frame) / static_cast<float>(kQuantum);
    Rotations at;
    for (std::size_t side = 0; side < kSides; ++side) {
        at.c[side] = from_.c[side] + place * (to_.c[side] - from_.c[side]);
        at.q[side] = from_.q[side] + place * (to_.q[side] - from_.q[side]);
    }
    at.feedback = from_.feedback + place * (to_.feedback - from_.feedback);
    at.rest = from_.rest + place * (to_.rest - from_.rest);
    return at;
}

// Legend: into the chain goes u, out of it comes direct * u + kept (what the states give alone),
// and u = rest * x + feedback * (direct * u + kept).
Phaser::Pair Phaser::Net::frame(const Pair& x, const Rotations& at) MIXRIG_REALTIME {
    Pair direct, kept, u, w;
    direct.fill(1.0f);
    kept.fill(0.0f);
    for (std::size_t k = 0; k < stages; ++k)
        for (std::size_t side = 0; side < kSides; ++side) {
            kept[side] = at.c[side] * kept[side] + at.q[side] * s[k][side];
            direct[side] *= at.c[side];
        }
    for (std::size_t side = 0; side < kSides; ++side) {
        u[side] =
            (at.rest * x[side] + at.feedback * kept[side]) / (1.0f - at.feedback * direct[side]);
        w[side] = at.rest * (direct[side] * u[side] + kept[side]) - at.feedback * x[side];
    }
    for (std::size_t k = 0; k < stages; ++k)
        for (std::size_t side = 0; side < kSides; ++side) {
            const float y = at.c[side] * u[side] + at.q[side] * s[k][side];
            s[k][side] = at.q[side] * u[side] - at.c[side] * s[k][side];
            u[side] = y;
        }
    return w;
}

float Phaser::Net::energy() const MIXRIG_REALTIME {
    float sum = 0.0f;
    for (const Pair& pair : s) sum += pair[0] * pair[0] + pair[1] * pair[1];
    return sum;
}

void Phaser::process(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    const Cubic mix = lane_curve(quick_, kMix), fade = lane_curve(fade_, 0);
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const Rotations at = between(n);
        const Pair x{left[n], right[n]};
        Pair wet = nets_[now_].frame(x, at);
        if (fading_) {
            const Pair next = nets_[1 - now_].frame(x, at);
            const float weight = fade.at(n);
            for (std::size_t side = 0; side < kSides; ++side)
                wet[side] += weight * (next[side] - wet[side]);
        }
        const float part = mix.at(n);
        left[n] = x[0] + part * (wet[0] - x[0]);
        right[n] = x[1] + part * (wet[1] - x[1]);
    }
}

void Phaser::reset() MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kQuick; ++lane)
        quick_.set(lane, quick_.goal(lane), Change::jump);
    for (std::size_t lane = 0; lane < kSlow; ++lane)
        slow_.set(lane, slow_.goal(lane), Change::jump);
    lfo_.reset();
    nets_ = {};
    take_stages(stages_);
}

bool Phaser::is_at_rest() const MIXRIG_REALTIME {
    return quick_.idle() && slow_.idle() && !fading_ && nets_[now_].energy() < kRestEnergy;
}

}  // namespace mixrig::dsp
