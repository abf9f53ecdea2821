// A look-ahead limiter that holds samples and the peaks between them under a ceiling.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"
#include "dsp/units.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::dsp {

struct LimiterSettings {
    Decibels ceiling{-1.0};
    Seconds release{0.100};
    bool on = false;
};

// Mono or a stereo pair with one gain. While it is on, what it puts out is latency_frames() late;
// where nothing reaches the ceiling it is the input, bit for bit. While it is off it does nothing
// and has no latency.
class Limiter {
public:
    explicit Limiter(Hertz rate);  // [control] allocates

    // A new ceiling is reached by a glide. Switching on begins with silence in the look-ahead.
    void set(const LimiterSettings& settings) MIXRIG_REALTIME;

    // In place; `right` may be null, but must then always be.
    void process(float* left, float* right, std::size_t frames) MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;

    bool on() const MIXRIG_REALTIME { return settings_.on; }
    std::size_t latency_frames() const MIXRIG_REALTIME {
        return latency_;
    }  // of the rate, whether on or off

    // The largest reduction since clear_meter(), as positive dB.
    float reduction_dB() const MIXRIG_REALTIME;
    void clear_meter() MIXRIG_REALTIME;

private:
    LimiterSettings settings_;
    std::size_t latency_;
};

}  // namespace mixrig::dsp
