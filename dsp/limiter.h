// A look-ahead limiter that holds samples and the peaks between them under a ceiling.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/limiter_gain.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <vector>

namespace mixrig::dsp {

struct LimiterSettings {
    Decibels ceiling{-1.0};
    Seconds release{0.100};
    bool on = false;
};

// What the limiter did to the frames that it put out, a gain each and side.
struct LimiterGains {
    static constexpr std::size_t kMostFrames = 64;
    std::array<std::array<float, kMostFrames>, 2> side{};
};

// Mono or a stereo pair with one gain. While it is on, what it puts out is latency_frames() late;
// where nothing reaches the ceiling it is the input, bit for bit. While it is off it does nothing
// and has no latency.
//
// Peaks between samples are held as three interpolators see them (true_peak.h). Other meters read
// noise and pulses up to 0.13 dB above the ceiling (libebur128 at 176.4 kHz), a sinc of 48 taps up
// to 0.3 dB: who promises a ceiling to such a meter sets it 0.05 or 0.2 dB lower.
//
// Legend, in frames: an input frame t has arrived; the peak after frame t - kTruePeakAhead can be
// measured; its gain is needed kHold frames around it; t - latency is put out.
class Limiter {
public:
    explicit Limiter(Hertz rate);  // [control] allocates

    // A new ceiling is reached by a glide. Switching on begins with silence in the look-ahead.
    void set(const LimiterSettings& settings) MIXRIG_REALTIME;

    // In place; `right` may be null, but not now and then. Input is finite (a Ceiling or guard()
    // sees to that).
    void process(float* left, float* right, std::size_t frames) MIXRIG_REALTIME;
    // The same, at most LimiterGains::kMostFrames, for what is to follow (limiter_follower.h).
    void process(float* left, float* right, std::size_t frames, LimiterGains& told) MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;

    bool on() const MIXRIG_REALTIME { return settings_.on; }
    // Of the rate, whether on or off.
    std::size_t latency_frames() const MIXRIG_REALTIME { return latency_; }

    // The largest reduction since clear_meter(), as positive dB.
    float reduction_dB() const MIXRIG_REALTIME;
    void clear_meter() MIXRIG_REALTIME { lowest_gain_ = 1.0f; }

private:
    static constexpr std::size_t kPiece =
        LimiterGains::kMostFrames;  // frames that are worked on at a time

    using Sides = std::array<float*, 2>;

    void process_piece(const Sides& sides, std::size_t frames, LimiterGains* told) MIXRIG_REALTIME;
    void remember(const Sides& sides, std::size_t frames) MIXRIG_REALTIME;
    bool may_exceed(const Sides& sides, std::size_t frames) const MIXRIG_REALTIME;
    void measure(const Sides& sides, float* peaks, std::size_t frames) const MIXRIG_REALTIME;
    FixedGain needed_gain(float peak) MIXRIG_REALTIME;
    void put_out(const Sides& sides, std::size_t frames) const MIXRIG_REALTIME;
    void apply(const Sides& sides, const float* gains, std::size_t frames, LimiterGains* told)
        MIXRIG_REALTIME;

    Hertz rate_;
    LimiterSettings settings_;
    std::size_t latency_;
    std::size_t history_;  // frames kept before the newest piece
    LimiterGain gain_;
    std::array<std::vector<float>, 2> past_;
    std::size_t end_ = 0;  // of what was remembered, in past_
    float ceiling_ = 1.0f, ceiling_goal_ = 1.0f, ceiling_step_ = 0.0f;
    float bound_ = 1.0f;  // no sample may be above it: the highest ceiling still in the look-ahead
    std::size_t glide_frames_;
    std::size_t frames_to_goal_ = 0, frames_to_bound_ = 0;
    float lowest_gain_ = 1.0f;
};

}  // namespace mixrig::dsp
