// The limiter of a bus, switched on and off without a click.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/limiter.h"
#include "dsp/limiter_follower.h"
#include "dsp/realtime.h"
#include "src/link/event.h"

#include <array>
#include <cstddef>
#include <memory>

namespace mixrig::engine {

using Planar = std::array<float, dsp::kQuantum>;

class BusLimiter {
public:
    explicit BusLimiter(dsp::Hertz rate);  // [control] allocates
    // [control] Keeps what it did in this slice, for those that follow.
    void tell();
    // [control] Does what `leader` did, which is set alike and has had this slice before.
    void follow(const BusLimiter& leader);

    // [audio, quantum boundary]
    void set(const link::LimiterGoal& goal, dsp::Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    bool active() const MIXRIG_REALTIME { return limiter_.on(); }
    // In place; `right` may be null. While it is switched, the limited signal and the untouched one
    // cross over.
    void process(float* left, float* right, dsp::Slice slice) MIXRIG_REALTIME;

    float reduction_dB() const MIXRIG_REALTIME { return limiter_.reduction_dB(); }
    void clear_meter() MIXRIG_REALTIME { limiter_.clear_meter(); }
    void reset() MIXRIG_REALTIME;

private:
    void limit(float* left, float* right, std::size_t frames) MIXRIG_REALTIME;

    dsp::Limiter limiter_;
    dsp::LimiterSettings settings_;
    dsp::GainGlides wet_;  // lane 0
    Planar left_{}, right_{};
    std::unique_ptr<dsp::LimiterGains> told_;         // if it tells them
    std::unique_ptr<dsp::LimiterFollower> follower_;  // if it follows
    const BusLimiter* leader_ = nullptr;
};

}  // namespace mixrig::engine
