// Echo: repeats of the sound, each duller than the one before, straight or from side to side.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/echo.h"

#include "dsp/fx/lfo.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::dsp {
namespace {

// Lanes of the glides.
enum : std::size_t { kFeedback, kPingPong, kLowCut, kHighCut, kUsed };

constexpr float kMostFeedback = 0.98f;
constexpr Seconds kLongestLeft{4.0}, kLongestRight{8.0};

std::size_t whole_frames(Seconds time, Hertz rate) {
    return static_cast<std::size_t>(std::ceil(time.value * rate.value));
}

// A glide that turned back may pass its goal, but no weight leaves its range.
float within(const Cubic& curve, std::size_t frame, float most) MIXRIG_REALTIME {
    return std::clamp(curve.at(frame), 0.0f, most);
}

}  // namespace

Echo::Settings Echo::settings(const FxSettings& values) MIXRIG_REALTIME {
    return {.time = {1e-3 * static_cast<double>(values[0])},
            .feedback = values[1],
            .ping_pong = values[2] >= 0.5f,
            .low_cut = {static_cast<double>(values[3])},
            .high_cut = {static_cast<double>(values[4])},
            .right_ratio = static_cast<double>(values[5])};
}

Echo::Echo(Hertz rate)
    : rate_(rate.value),
      quanta_(glide_quanta(rate)),
      glides_(quanta_, 0.0f),
      sides_{Side{.line = DelayLine(whole_frames(kLongestLeft, rate))},
             Side{.line = DelayLine(whole_frames(kLongestRight, rate))}} {
    apply({}, Change::jump);
}

std::size_t Echo::frames(double seconds, const Side& side) const MIXRIG_REALTIME {
    const double exact = std::round(seconds * rate_);
    return std::clamp(static_cast<std::size_t>(exact), std::size_t{1}, side.line.longest());
}

float Echo::cut(Hertz frequency) const MIXRIG_REALTIME {
    const double t = std::tan(std::numbers::pi * std::min(frequency.value / rate_, 0.49));
    return static_cast<float>(t / (1.0 + t));
}

void Echo::set(const FxSettings& goal, Change change) MIXRIG_REALTIME {
    apply(settings(goal), change);
}

void Echo::apply(const Settings& goal, Change change) MIXRIG_REALTIME {
    forget_what_is_over();
    glides_.set(kFeedback, goal.feedback, change);
    glides_.set(kPingPong, goal.ping_pong ? 1.0f : 0.0f, change);
    glides_.set(kLowCut, cut(goal.low_cut), change);
    glides_.set(kHighCut, cut(goal.high_cut), change);
    sides_[0].set(frames(goal.time.value, sides_[0]), change);
    sides_[1].set(frames(goal.time.value * goal.right_ratio, sides_[1]), change);
}

void Echo::begin_quantum() MIXRIG_REALTIME {
    forget_what_is_over();
    glides_.begin_quantum();
    for (Side& side : sides_) side.begin_quantum(quanta_);
}

void Echo::process(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    const Cubic feedback = lane_curve(glides_, kFeedback);
    const Cubic ping_pong = lane_curve(glides_, kPingPong);
    const Cubic low = lane_curve(glides_, kLowCut), high = lane_curve(glides_, kHighCut);
    Side &l = sides_[0], &r = sides_[1];
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const float y_left = l.heard(n), y_right = r.heard(n);
        const float low_cut = within(low, n, 1.0f), high_cut = within(high, n, 1.0f);
        const float f_left = l.filtered(y_left, low_cut, high_cut);
        const float f_right = r.filtered(y_right, low_cut, high_cut);
        const float across = within(ping_pong, n, 1.0f);
        const float loop = within(feedback, n, kMostFeedback);
        const float x_left = left[n] + across * 0.5f * (right[n] - left[n]);
        const float x_right = right[n] - across * right[n];
        l.line.write(x_left + loop * (f_left + across * (f_right - f_left)));
        r.line.write(x_right + loop * (f_right + across * (f_left - f_right)));
        left[n] = y_left;
        right[n] = y_right;
    }
}

void Echo::reset() MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kUsed; ++lane)
        glides_.set(lane, glides_.goal(lane), Change::jump);
    for (Side& side : sides_) side.reset();
}

bool Echo::is_at_rest() const MIXRIG_REALTIME {
    return sides_[0].is_at_rest() && sides_[1].is_at_rest();
}

// What lies beyond the taps is over once all within is silent: a longer time that comes later, even
// after a sleep, does not bring it back.
void Echo::forget_what_is_over() MIXRIG_REALTIME {
    is_over_ = leader_ != nullptr ? leader_->is_over_ : is_at_rest();
    if (!is_over_) return;
    for (Side& side : sides_) side.line.forget();
}

// -240 dB is nothing; without this a state would creep through the subnormal numbers.
void Echo::OnePole::settle() MIXRIG_REALTIME {
    if (std::abs(s) < 1e-12f) s = 0.0f;
}

void Echo::Side::set(std::size_t frames, Change change) MIXRIG_REALTIME {
    goal = frames;
    if (change == Change::glide) return;
    now = next = goal;
    crossing = false;
}

void Echo::Side::begin_quantum(std::size_t quanta) MIXRIG_REALTIME {
    low_cut.settle();
    high_cut.settle();
    if (crossing && index == quanta) {
        now = next;
        crossing = false;
    }
    if (!crossing && goal != now) {
        next = goal;
        index = 0;
        crossing = true;
    }
    if (crossing) weight = hermite_quantum({.goal = 1.0}, quanta, index++);
}

float Echo::Side::heard(std::size_t frame) const MIXRIG_REALTIME {
    const float old = line.read(now);
    return crossing ? old + weight.at(frame) * (line.read(next) - old) : old;
}

float Echo::Side::filtered(float x, float low, float high) MIXRIG_REALTIME {
    return high_cut.low(x - low_cut.low(x, low), high);
}

bool Echo::Side::is_at_rest() const MIXRIG_REALTIME {
    return line.is_silent(std::max({now, next, goal})) && low_cut.s == 0.0f && high_cut.s == 0.0f;
}

void Echo::Side::reset() MIXRIG_REALTIME {
    line.forget();
    set(goal, Change::jump);
    low_cut = high_cut = {};
}

}  // namespace mixrig::dsp
