// Chorus: one to four voices that are swept late, beside the sound itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/chorus.h"

#include <algorithm>
#include <cmath>

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

struct Voice {
    Cubic level, place;
};

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
      lines_{DelayLine(longest(rate)), DelayLine(longest(rate))} {
    set({0.8f, 2.0f, 12.0f, 2.0f, 1.0f, 0.5f}, Change::jump);
}

void Chorus::set(const FxSettings& goal, Change change) MIXRIG_REALTIME {
    const Settings s = settings(goal);
    const auto voices = static_cast<float>(s.voices);
    const double depth = s.depth.value * rate_;
    const double delay = std::max(s.delay.value * rate_, depth + DelayLine::kShortestBetween);
    quick_.set(kRate, static_cast<float>(s.rate.value), change);
    quick_.set(kMix, s.mix, change);
    slow_.set(kDepth, static_cast<float>(depth), change);
    slow_.set(kDelay, static_cast<float>(delay), change);
    slow_.set(kSide, 0.5f * s.spread / voices, change);
    for (std::size_t v = 0; v < kVoices; ++v) {
        const bool sounds = v < s.voices;
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
}

void Chorus::process(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    run(lines_[0], left, slice, 0.0);
    run(lines_[1], right, slice, 1.0);
}

void Chorus::run(DelayLine& line, float* x, Slice slice, double side) const MIXRIG_REALTIME {
    std::array<Voice, kVoices> voices;
    std::size_t count = 0;
    for (std::size_t v = 0; v < kVoices; ++v) {
        const Cubic level = lane_curve(quick_, kLevel + v);
        const bool moves = quick_.curve().gliding & lane_bit(kLevel + v);
        if (moves || level.c0 != 0.0f) voices[count++] = {level, lane_curve(slow_, kPlace + v)};
    }
    const Cubic mix = lane_curve(quick_, kMix), later = lane_curve(slow_, kSide);
    const Cubic depth = lane_curve(slow_, kDepth), delay = lane_curve(slow_, kDelay);
    const auto most = static_cast<double>(line.longest());
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const double phase = lfo_.at(n) + side * static_cast<double>(later.at(n));
        const auto middle = static_cast<double>(delay.at(n));
        const auto reach = static_cast<double>(depth.at(n));
        float wet = 0.0f;
        for (std::size_t v = 0; v < count; ++v) {
            const double wave = cosine(phase + static_cast<double>(voices[v].place.at(n)));
            const double frames = middle + reach * wave;
            wet += voices[v].level.at(n) *
                   line.read_between(std::clamp(frames, DelayLine::kShortestBetween, most));
        }
        line.write(x[n]);
        x[n] += mix.at(n) * (wet - x[n]);
    }
}

void Chorus::reset() MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kQuick; ++lane)
        quick_.set(lane, quick_.goal(lane), Change::jump);
    for (std::size_t lane = 0; lane < kSlow; ++lane)
        slow_.set(lane, slow_.goal(lane), Change::jump);
    lfo_.reset();
    for (DelayLine& line : lines_) line.forget();
}

bool Chorus::is_at_rest() const MIXRIG_REALTIME {
    return lines_[0].is_silent(lines_[0].longest() + 2) &&
           lines_[1].is_silent(lines_[1].longest() + 2);
}

}  // namespace mixrig::dsp
