// The gate, one lane and frame after the other: the definition of the kernel.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/gate_kernel.h"
#include "dsp/math.h"

#include <algorithm>
#include <cmath>

namespace mixrig::dsp {
namespace {

struct Settings {
    const GateGlide& glide;
    std::size_t lane;
    float frame;
    float operator[](std::size_t k) const {
        return std::fma(frame, glide.step()[k][lane], glide.from()[k][lane]);
    }
};

// Opens or closes the lane; returns the reduction it should have.
float decided_reduction(GateState& state, const Settings& s, float level) {
    const std::size_t lane = s.lane;
    float& open = state.open[lane];
    float& hold = state.hold[lane];
    const bool above = level >= std::fma(-open, s[kHysteresis], s[kThreshold]);
    hold = above ? s[kHold] : std::max(hold - 1.0f, 0.0f);
    const bool is_open = above || (open > 0.0f && hold > 0.0f);
    open = is_open ? 1.0f : 0.0f;

    const float gated = is_open ? 0.0f : s[kRange];
    const float below = std::max(s[kThreshold] - level, 0.0f);
    const float expanded = std::min(below * s[kSlope], s[kRange]);
    const float waiting = is_open ? std::min(expanded, state.reduction[lane]) : expanded;
    return std::fma(s[kExpand], waiting - gated, gated);
}

void tick(GateState& state, const GateGlide& glide, const DynamicsCall& call, std::size_t n) {
    LaneFloats level;
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        level[lane] =
            log2_scalar(std::max(state.detector.peak[lane], state.detector.last_peak[lane]));
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (!(call.run & lane_bit(lane))) continue;
        const Settings s{glide, lane, static_cast<float>(n)};
        const float loud = linked_level_scalar(level, lane, call.sidechain.linked);
        const float target = decided_reduction(state, s, loud);
        float& reduction = state.reduction[lane];
        approach_scalar(target, target < reduction ? s[kAttack] : s[kRelease], reduction,
                        state.remainder[lane]);
        const float goal = exp2_scalar(-reduction);
        state.gain_step[lane] = (goal - state.gain[lane]) * (1.0f / static_cast<float>(kTick));
        state.gain[lane] = goal;
        state.deepest[lane] = std::max(state.deepest[lane], reduction);
    }
}

}  // namespace

void gate_scalar(GateState& state, const GateGlide& glide, const DynamicsCall& call)
    MIXRIG_REALTIME {
    ChunkClock clock(call.sidechain.frame, call.chunk);
    for (std::size_t n = call.slice.first; n < call.slice.first + call.slice.count; ++n) {
        if (clock.begins()) next_chunk_scalar(state.detector, clock, call.chunk, call.listen);
        clock.advance(1);
        listen_scalar(state.detector, call.sidechain.key + n * kLanes, call.listen);
        if (n % kTick == 0) tick(state, glide, call, n);
        const auto before_goal = static_cast<float>(kTick - 1 - n % kTick);
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            if (!(call.run & lane_bit(lane))) continue;
            const Settings s{glide, lane, static_cast<float>(n)};
            const float gain = std::fma(-before_goal, state.gain_step[lane], state.gain[lane]);
            call.x[n * kLanes + lane] *= std::fma(s[kWet], gain, s[kDry]);
        }
    }
}

}  // namespace mixrig::dsp
