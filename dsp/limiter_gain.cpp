// The gain of a look-ahead limiter: the gains needed, seen ahead of time, held, released and
// smoothed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/limiter_gain.h"

#include <algorithm>
#include <bit>

namespace mixrig::dsp {
namespace {

constexpr double kUnityAsDouble = static_cast<double>(kUnity);
constexpr double kReleased = 1e-6;  // -120 dB from its goal: there

// Three in series with a response of `total` values together; each rests where the one before does.
std::array<RunningSum, 3> running_sums(std::size_t total) {
    const std::size_t sum = total + 2;
    const RunningSum first(sum / 3, kUnity);
    const RunningSum second((sum + 1) / 3, first.rest());
    return {first, second, RunningSum((sum + 2) / 3, second.rest())};
}

}  // namespace

SlidingMinimum::SlidingMinimum(std::size_t window)
    : entries_(std::bit_ceil(window + 1)), window_(window) {}

FixedGain SlidingMinimum::next(FixedGain value) MIXRIG_REALTIME {
    ++time_;
    if (front_ != back_ && at(front_).time + window_ <= time_) ++front_;
    if (value < kUnity) {
        while (front_ != back_ && at(back_ - 1).value >= value) --back_;
        at(back_++) = {.time = time_, .value = value};
    }
    return front_ == back_ ? kUnity : at(front_).value;
}

void SlidingMinimum::reset() MIXRIG_REALTIME {
    front_ = back_ = 0;
    time_ = 0;
}

RunningSum::RunningSum(std::size_t length, std::int64_t rest) : values_(length), rest_(rest) {
    reset();
}

std::int64_t RunningSum::next(std::int64_t value) MIXRIG_REALTIME {
    sum_ += value - values_[place_];
    values_[place_] = value;
    if (++place_ == values_.size()) place_ = 0;
    return sum_;
}

void RunningSum::reset() MIXRIG_REALTIME {
    std::fill(values_.begin(), values_.end(), rest_);
    sum_ = rest();
    place_ = 0;
}

LimiterGain::LimiterGain(const Shape& shape)
    : minimum_(shape.smoothing + shape.hold - 1),
      smoothing_(running_sums(shape.smoothing)),
      scale_(1.0 / static_cast<double>(smoothing_.back().rest())),
      memory_(shape.hold + 2 * shape.smoothing),
      calls_at_unity_(memory_) {}

float LimiterGain::next(FixedGain needed) MIXRIG_REALTIME {
    const double least = static_cast<double>(minimum_.next(needed)) / kUnityAsDouble;
    const double recovered = released_ + release_ * (least - released_);
    released_ = least - recovered < kReleased ? least : recovered;
    calls_at_unity_ = released_ < 1.0 ? 0 : calls_at_unity_ + 1;
    std::int64_t sum = static_cast<std::int64_t>(released_ * kUnityAsDouble);
    for (RunningSum& stage : smoothing_) sum = stage.next(sum);
    return static_cast<float>(static_cast<double>(sum) * scale_);
}

void LimiterGain::reset() MIXRIG_REALTIME {
    minimum_.reset();
    for (RunningSum& stage : smoothing_) stage.reset();
    released_ = 1.0;
    calls_at_unity_ = memory_;
}

}  // namespace mixrig::dsp
