// The last stage before an output: no sample above the ceiling, no NaN, no delay.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/ceiling.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#ifdef __FINITE_MATH_ONLY__
#if __FINITE_MATH_ONLY__
#error "this file must know NaN: compile it without -ffast-math"
#endif
#endif

namespace mixrig::dsp {
namespace {

constexpr Seconds kRelease{0.050};
constexpr float kDeepest =
    100.0f;  // 40 dB: whatever happens, sound is back after a quarter of a second
constexpr std::uint32_t kMagnitudeBits = 0x7fffffff;
constexpr std::uint32_t kInfinityBits = 0x7f800000;

std::uint32_t magnitude_bits(float x) {
    return std::bit_cast<std::uint32_t>(x) & kMagnitudeBits;
}

// Magnitudes compare as integers, so NaN and infinity are above every ceiling.
bool stays_within(const float* x, std::size_t frames, float ceiling) {
    const auto limit = static_cast<std::int32_t>(std::bit_cast<std::uint32_t>(ceiling));
    std::int32_t highest = 0;
    for (std::size_t n = 0; n < frames; ++n)
        highest = std::max(highest, static_cast<std::int32_t>(magnitude_bits(x[n])));
    return highest <= limit;
}

std::size_t remove_non_finite(float* x, std::size_t frames) {
    std::size_t removed = 0;
    for (std::size_t n = 0; n < frames; ++n) {
        if (magnitude_bits(x[n]) < kInfinityBits) continue;
        x[n] = 0.0f;
        ++removed;
    }
    return removed;
}

}  // namespace

Ceiling::Ceiling(Hertz rate)
    : release_(static_cast<float>(std::exp(-1.0 / (kRelease.value * rate.value)))) {}

void Ceiling::set(Decibels ceiling) MIXRIG_REALTIME {
    const auto goal = static_cast<float>(std::pow(10.0, ceiling.value / 20.0));
    envelope_ = envelope_ > ceiling_ ? std::max(envelope_, goal) : goal;
    ceiling_ = goal;
}

std::size_t Ceiling::process(float* left, float* right, std::size_t frames) MIXRIG_REALTIME {
    const bool idle = envelope_ == ceiling_ && stays_within(left, frames, ceiling_) &&
                      (!right || stays_within(right, frames, ceiling_));
    if (idle) return 0;  // the loops below would change nothing

    std::size_t removed = remove_non_finite(left, frames);
    if (!right) {
        for (std::size_t n = 0; n < frames; ++n)
            left[n] = limited(left[n], follow(std::fabs(left[n])));
        return removed;
    }
    removed += remove_non_finite(right, frames);
    for (std::size_t n = 0; n < frames; ++n) {
        const float gain = follow(std::max(std::fabs(left[n]), std::fabs(right[n])));
        left[n] = limited(left[n], gain);
        right[n] = limited(right[n], gain);
    }
    return removed;
}

void Ceiling::reset() MIXRIG_REALTIME {
    envelope_ = ceiling_;
}

float Ceiling::reduction_dB() const MIXRIG_REALTIME {
    return lowest_gain_ < 1.0f ? -20.0f * std::log10(lowest_gain_) : 0.0f;
}

void Ceiling::clear_meter() MIXRIG_REALTIME {
    lowest_gain_ = ceiling_ / envelope_;
}

float Ceiling::follow(float magnitude) MIXRIG_REALTIME {
    const float released = std::max(envelope_ * release_, ceiling_);
    envelope_ = std::min(std::max(magnitude, released), kDeepest * ceiling_);
    const float gain = ceiling_ / envelope_;
    lowest_gain_ = std::min(lowest_gain_, gain);
    return gain;
}

float Ceiling::limited(float x, float gain) const MIXRIG_REALTIME {
    return std::clamp(x * gain, -ceiling_, ceiling_);
}

}  // namespace mixrig::dsp
