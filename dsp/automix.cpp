// Gain sharing: powers of the quantum that ended, gains of the one that begins.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/automix.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace mixrig::dsp {
namespace {

constexpr float kFrames = static_cast<float>(kQuantum);
constexpr float kArrived = 1e-6f;  // of a share: a few millionths of a dB
constexpr float kLeast = 1e-30f;   // where every member is muted there is nothing to divide by

float share_of_way(Seconds time, Hertz rate) {
    return static_cast<float>(1.0 -
                              std::exp(-static_cast<double>(kQuantum) / (time.value * rate.value)));
}

// The mean squares of all lanes, frame after frame.
LaneFloats mean_squares(const float* x) MIXRIG_REALTIME {
    LaneFloats sum;
    for (std::size_t n = 0; n < kQuantum; ++n)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            sum[lane] += x[n * kLanes + lane] * x[n * kLanes + lane];
    for (float& square : sum.v) square *= 1.0f / kFrames;
    return sum;
}

// Each lane of a pair is half a microphone.
float part(LaneMask linked, std::size_t lane) MIXRIG_REALTIME {
    return linked & lane_bit(lane) ? 0.5f : 1.0f;
}

}  // namespace

AutomixGroup::AutomixGroup(Hertz rate) : keep_(1.0f - share_of_way(kAutomixCoherence, rate)) {}

float AutomixGroup::total(const AutomixSum& sum) MIXRIG_REALTIME {
    float square = 0.0f;
    for (const float x : sum.mix) square += x * x;
    square *= 1.0f / kFrames;
    mix_ = square + keep_ * (mix_ - square);
    apart_ = sum.square + keep_ * (apart_ - sum.square);
    const float noise = sum.noise + kLeast;
    const float coherence = std::max(1.0f, (mix_ + noise) / (apart_ + noise));
    return coherence * (sum.power + kLeast);
}

AutomixBank::AutomixBank(Hertz rate, LaneMask linked)
    : weight_(glide_quanta(rate), 1.0f),
      member_{GainGlides(glide_quanta(rate), 0.0f), GainGlides(glide_quanta(rate), 0.0f)},
      curve_(constant_curve(1.0f)),
      linked_(linked),
      rise_(share_of_way(kAutomixRise, rate)),
      fall_(share_of_way(kAutomixFall, rate)),
      corner_(static_cast<float>(1.0 / (kAutomixSmoothing.value * rate.value))),
      decay_(std::exp(-corner_ * kFrames)) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) rest(lane);
}

bool AutomixBank::is_member(std::size_t lane) const MIXRIG_REALTIME {
    return std::any_of(member_.begin(), member_.end(), [lane](const GainGlides& group) {
        return group.goal(lane) != 0.0f || (group.moving() & lane_bit(lane));
    });
}

void AutomixBank::set(std::size_t lane, const AutomixLane& goal, Change change) MIXRIG_REALTIME {
    const bool was_member = is_member(lane);
    weight_.set(lane, goal.weight, was_member ? change : Change::jump);
    for (std::size_t group = 0; group < kAutomixes; ++group)
        member_[group].set(lane, goal.member[group], change);
    if (!is_member(lane) && !(active_ & lane_bit(lane))) return;
    active_ = static_cast<LaneMask>(active_ | lane_bit(lane));
    if (change == Change::jump) jumping_ = static_cast<LaneMask>(jumping_ | lane_bit(lane));
}

void AutomixBank::begin_quantum() MIXRIG_REALTIME {
    if (!weight_.idle()) weight_.begin_quantum();
    for (GainGlides& group : member_)
        if (!group.idle()) group.begin_quantum();
}

void AutomixBank::listen(const float* x, std::array<AutomixSum, kAutomixes>& sums) MIXRIG_REALTIME {
    LaneFloats square = mean_squares(x);
    for (unsigned rest = active_; rest != 0; rest &= rest - 1) {
        const auto lane = static_cast<std::size_t>(std::countr_zero(rest));
        float now = square[lane];
        if (linked_ & lane_bit(lane)) now = 0.5f * (square[lane & ~1u] + square[lane | 1u]);
        power_[lane] += (now > power_[lane] ? rise_ : fall_) * (now - power_[lane]);
        for (std::size_t group = 0; group < kAutomixes; ++group) {
            const float weight = member_[group].value(lane) * weight_.value(lane);
            if (weight != 0.0f) add_lane(lane, x, now, sums[group], weight);
        }
    }
}

void AutomixBank::add_lane(std::size_t lane, const float* x, float square, AutomixSum& sum,
                           float weight) const MIXRIG_REALTIME {
    const float half = part(linked_, lane);
    const float squared = weight * weight * half;
    sum.power += squared * (power_[lane] + kAutomixNoise);
    sum.square += squared * square;
    sum.noise += squared * kAutomixNoise;
    const float amplitude = weight * half;
    for (std::size_t n = 0; n < kQuantum; ++n) sum.mix[n] += amplitude * x[n * kLanes + lane];
}

float AutomixBank::wanted(std::size_t lane, const std::array<float, kAutomixes>& totals) const
    MIXRIG_REALTIME {
    const float weight = weight_.value(lane);
    const float own = weight * weight * (power_[lane] + kAutomixNoise);
    float share = 1.0f;
    for (std::size_t group = 0; group < kAutomixes; ++group)
        share += member_[group].value(lane) * (std::min(1.0f, own / totals[group]) - 1.0f);
    return share;
}

void AutomixBank::share(const std::array<float, kAutomixes>& totals) MIXRIG_REALTIME {
    curve_.gliding = kNoLanes;
    for (unsigned left = active_; left != 0; left &= left - 1) {
        const auto lane = static_cast<std::size_t>(std::countr_zero(left));
        const float goal = wanted(lane, totals);
        if (jumping_ & lane_bit(lane)) {
            share_[lane] = goal;
            slope_[lane] = 0.0f;
        }
        const bool arrived = std::fabs(share_[lane] - 1.0f) < kArrived &&
                             std::fabs(slope_[lane]) * kFrames < kArrived;
        if (!is_member(lane) && arrived)
            rest(lane);
        else
            move(lane, goal);
    }
    jumping_ = kNoLanes;
}

// Of the gain, where the share has this slope. On its way from rest to a goal it is never steeper
// than corner / sqrt(2); a share that is called back at the bottom could ask for more. Within three
// times the gain in a quantum a cubic stays above zero.
float AutomixBank::gain_slope(std::size_t lane) const MIXRIG_REALTIME {
    const float gain = std::sqrt(share_[lane]);
    const float steepest = std::min(corner_, 3.0f / kFrames * gain);
    return std::clamp(0.5f * slope_[lane] / std::max(gain, 1e-6f), -steepest, steepest);
}

// One quantum of e'' + 2 c e' + c^2 e = 0, e the distance to the goal; the gain, its square root,
// is a cubic with the same value and slope at both ends.
void AutomixBank::move(std::size_t lane, float goal) MIXRIG_REALTIME {
    const float from = std::sqrt(share_[lane]);
    const float from_slope = gain_slope(lane);
    const float away = share_[lane] - goal;
    const float drive = (slope_[lane] + corner_ * away) * kFrames;
    share_[lane] = std::max(0.0f, goal + decay_ * (away + drive));
    slope_[lane] = decay_ * (slope_[lane] - corner_ * drive);
    const float to = std::sqrt(share_[lane]);
    const float to_slope = gain_slope(lane);
    const float mean_slope = (to - from) / kFrames;
    curve_.c0[lane] = from;
    curve_.c1[lane] = from_slope;
    curve_.c2[lane] = (3.0f * mean_slope - 2.0f * from_slope - to_slope) / kFrames;
    curve_.c3[lane] = (from_slope + to_slope - 2.0f * mean_slope) / (kFrames * kFrames);
    curve_.gliding = static_cast<LaneMask>(curve_.gliding | lane_bit(lane));
}

void AutomixBank::rest(std::size_t lane) MIXRIG_REALTIME {
    power_[lane] = slope_[lane] = 0.0f;
    share_[lane] = curve_.c0[lane] = 1.0f;
    curve_.c1[lane] = curve_.c2[lane] = curve_.c3[lane] = 0.0f;
    active_ = static_cast<LaneMask>(active_ & ~lane_bit(lane));
}

float AutomixBank::gain(std::size_t lane) const MIXRIG_REALTIME {
    return std::sqrt(share_[lane]);
}

void AutomixBank::reset(LaneMask lanes) MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        if (lanes & active_ & lane_bit(lane)) power_[lane] = 0.0f;
    jumping_ = static_cast<LaneMask>(jumping_ | (lanes & active_));
}

}  // namespace mixrig::dsp
