// The limiter of a bus, switched on and off without a click.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/limiter.h"
#include "dsp/realtime.h"
#include "src/link/event.h"

#include <array>
#include <cstddef>

namespace mixrig::engine {

using Planar = std::array<float, dsp::kQuantum>;

class BusLimiter {
public:
    explicit BusLimiter(dsp::Hertz rate);  // [control] allocates

    // [audio, quantum boundary]
    void set(const link::LimiterGoal& goal, dsp::Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    bool active() const MIXRIG_REALTIME { return limiter_.on(); }
    // In place; `right` may be null. While it is switched, the limited signal and the untouched one
    // cross over.
    void process(float* left, float* right, dsp::Slice slice) MIXRIG_REALTIME;

    float reduction_dB() const MIXRIG_REALTIME { return limiter_.reduction_dB(); }
    void clear_meter() MIXRIG_REALTIME { limiter_.clear_meter(); }
    void reset() MIXRIG_REALTIME { limiter_.reset(); }

private:
    dsp::Limiter limiter_;
    dsp::LimiterSettings settings_;
    dsp::GainGlides wet_;  // lane 0
    Planar left_{}, right_{};
};

}  // namespace mixrig::engine
