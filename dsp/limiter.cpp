// A look-ahead limiter that holds samples and the peaks between them under a ceiling.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/limiter.h"

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/true_peak.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstdint>

namespace mixrig::dsp {
namespace {

constexpr Seconds kLookAhead{0.0015};
constexpr std::size_t kHold = 8;     // frames around a peak that the gain stands still for
constexpr std::size_t kRoom = 2048;  // frames between two moves of the past

// Meters differ by their interpolators; where there is something to limit, stay this far below.
constexpr double kRoomForOtherMeters = 0.9943;  // 0.05 dB

// At low rates the interpolator and a smoothing that deserves the name need more.
std::size_t look_ahead_frames(Hertz rate) {
    const auto frames = static_cast<std::size_t>(std::lround(kLookAhead.value * rate.value));
    return std::max(frames, kTruePeakAhead + kHold + 24);
}

// Between two peaks of a tone the gain stands still, or it would bend every wave of a bass: half a
// period of 100 Hz, and a little.
constexpr Seconds kStandStill{0.0052};

// The gain at frame t - latency must have seen the peaks after every frame to t - latency + kHold,
// and must still obey those after t - latency - kHold - 1. It then holds for kStandStill, and
// releases where no meter looks at a peak.
LimiterGain::Shape gain_shape(std::size_t latency, Hertz rate) {
    const auto still = static_cast<std::size_t>(std::lround(kStandStill.value * rate.value));
    return {.smoothing = latency - kTruePeakAhead - kHold + 1,
            .hold = 2 * kHold + 2 + std::max(latency, still)};
}

float amplitude(Decibels level) {
    return static_cast<float>(std::pow(10.0, level.value / 20.0));
}

// As integers, because magnitudes compare the same and compilers vectorise it.
float largest(const float* x, std::size_t frames) {
    constexpr std::uint32_t kMagnitudeBits = 0x7fffffff;
    std::int32_t peak = 0;
    for (std::size_t n = 0; n < frames; ++n)
        peak = std::max(
            peak, static_cast<std::int32_t>(std::bit_cast<std::uint32_t>(x[n]) & kMagnitudeBits));
    return std::bit_cast<float>(peak);
}

}  // namespace

Limiter::Limiter(Hertz rate)
    : rate_(rate),
      latency_(look_ahead_frames(rate)),
      history_(latency_ + kTruePeakTaps),
      gain_(gain_shape(latency_, rate)),
      glide_frames_(glide_quanta(rate) * kQuantum) {
    for (std::vector<float>& side : past_) side.resize(history_ + kRoom + kPiece);
    reset();
}

void Limiter::set(const LimiterSettings& settings) MIXRIG_REALTIME {
    const bool begins = settings.on && !settings_.on;
    const float goal = amplitude(settings.ceiling);
    settings_ = settings;
    const double frames = settings.release.value * rate_.value;
    gain_.set_release(frames > 0.0 ? -std::expm1(-1.0 / frames) : 1.0);
    if (begins || !settings.on) {
        ceiling_goal_ = goal;
        return reset();
    }
    if (goal == ceiling_goal_) return;
    bound_ = std::max(bound_, goal);
    ceiling_goal_ = goal;
    ceiling_step_ = (goal - ceiling_) / static_cast<float>(glide_frames_);
    frames_to_goal_ = glide_frames_;
    frames_to_bound_ = glide_frames_ + latency_;
}

void Limiter::process(float* left, float* right, std::size_t frames) MIXRIG_REALTIME {
    if (!settings_.on) return;
    for (std::size_t n = 0; n < frames; n += kPiece) {
        const Sides sides = {left + n, right ? right + n : nullptr};
        process_piece(sides, std::min(kPiece, frames - n), nullptr);
    }
}

void Limiter::process(float* left, float* right, std::size_t frames, LimiterGains& told)
    MIXRIG_REALTIME {
    assert(frames <= kPiece);
    if (settings_.on && frames > 0) process_piece({left, right}, frames, &told);
}

void Limiter::reset() MIXRIG_REALTIME {
    for (std::vector<float>& side : past_) std::fill(side.begin(), side.end(), 0.0f);
    gain_.reset();
    end_ = history_;
    ceiling_ = bound_ = ceiling_goal_;
    frames_to_goal_ = frames_to_bound_ = 0;
}

float Limiter::reduction_dB() const MIXRIG_REALTIME {
    return lowest_gain_ < 1.0f ? -20.0f * std::log10(lowest_gain_) : 0.0f;
}

void Limiter::process_piece(const Sides& sides, std::size_t frames, LimiterGains* told)
    MIXRIG_REALTIME {
    remember(sides, frames);
    const bool exceeds = may_exceed(sides, frames);
    if (!exceeds && gain_.idle() && frames_to_bound_ == 0) {
        if (told)
            for (auto& side : told->side) std::fill_n(side.begin(), frames, 1.0f);
        return put_out(sides, frames);
    }

    float gains[kPiece] = {};  // first the peaks, then the gains that follow from them
    if (exceeds) measure(sides, gains, frames);
    for (std::size_t n = 0; n < frames; ++n) {
        gains[n] = gain_.next(needed_gain(gains[n]));
        lowest_gain_ = std::min(lowest_gain_, gains[n]);
    }
    put_out(sides, frames);
    apply(sides, gains, frames, told);
}

void Limiter::remember(const Sides& sides, std::size_t frames) MIXRIG_REALTIME {
    const bool full = end_ + frames > past_[0].size();
    const std::size_t start = full ? history_ : end_;
    for (std::size_t s = 0; s < sides.size() && sides[s]; ++s) {
        float* past = past_[s].data();
        if (full) std::copy_n(past + end_ - history_, history_, past);
        std::copy_n(sides[s], frames, past + start);
    }
    end_ = start + frames;
}

// False only if no peak that measure() would find is above the ceiling.
bool Limiter::may_exceed(const Sides& sides, std::size_t frames) const MIXRIG_REALTIME {
    const std::size_t seen = frames + kTruePeakTaps - 1;
    float peak = 0.0f;
    for (std::size_t s = 0; s < sides.size() && sides[s]; ++s)
        peak = std::max(peak, largest(past_[s].data() + end_ - seen, seen));
    return peak * true_peak_bound() > std::min(ceiling_, ceiling_goal_);
}

void Limiter::measure(const Sides& sides, float* peaks, std::size_t frames) const MIXRIG_REALTIME {
    const std::size_t first = end_ - frames - kTruePeakAhead;
    true_peaks(past_[0].data() + first, peaks, frames);
    if (!sides[1]) return;
    float other[kPiece];
    true_peaks(past_[1].data() + first, other, frames);
    for (std::size_t n = 0; n < frames; ++n) peaks[n] = std::max(peaks[n], other[n]);
}

FixedGain Limiter::needed_gain(float peak) MIXRIG_REALTIME {
    if (frames_to_goal_ > 0)
        ceiling_ = --frames_to_goal_ == 0 ? ceiling_goal_ : ceiling_ + ceiling_step_;
    if (!(peak > ceiling_)) return kUnity;
    const double gain = static_cast<double>(ceiling_) / static_cast<double>(peak);
    const double cautious = gain * std::max(gain, kRoomForOtherMeters);
    return static_cast<FixedGain>(cautious * static_cast<double>(kUnity));  // rounds down
}

void Limiter::put_out(const Sides& sides, std::size_t frames) const MIXRIG_REALTIME {
    for (std::size_t s = 0; s < sides.size() && sides[s]; ++s)
        std::copy_n(past_[s].data() + end_ - frames - latency_, frames, sides[s]);
}

void Limiter::apply(const Sides& sides, const float* gains, std::size_t frames, LimiterGains* told)
    MIXRIG_REALTIME {
    for (std::size_t n = 0; n < frames; ++n) {
        if (frames_to_bound_ > 0 && --frames_to_bound_ == 0) bound_ = ceiling_goal_;
        for (std::size_t s = 0; s < sides.size() && sides[s]; ++s) {
            const float x = sides[s][n], wanted = x * gains[n];
            sides[s][n] = std::clamp(wanted, -bound_, bound_);
            if (told) told->side[s][n] = sides[s][n] == wanted ? gains[n] : sides[s][n] / x;
        }
    }
}

}  // namespace mixrig::dsp
