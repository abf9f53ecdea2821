// The gate's design and the bookkeeping of its bank.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/gate.h"

#include "dsp/gate_kernel.h"
#include "dsp/glide.h"
#include "dsp/math.h"

#include <algorithm>
#include <cmath>

namespace mixrig::dsp {
namespace {

// A gate that is switched on listens this long before it may close: half a period of 50 Hz, in
// chunks.
constexpr std::size_t kFirstHold = 20;

GateLane without_effect(GateLane lane) {
    lane.wet = 0.0f;
    lane.dry = 1.0f;
    lane.on = 0.0f;
    return lane;
}

// What the kernel arrives at in endless silence, with the same operations.
float closed_reduction(const GateLane& lane) {
    const float below = std::max(lane.threshold - log2_scalar(0.0f), 0.0f);
    const float expanded = std::min(below * lane.slope, lane.range);
    return std::fma(lane.expand, expanded - lane.range, lane.range);
}

}  // namespace

GateLane design_gate(const GateSettings& settings, Hertz rate) {
    constexpr Decibels kHysteresisOfGate{3.0};
    if (!settings.on) return {};
    const bool expands = settings.mode == GateMode::expander;
    const double hold_ticks = settings.hold.value * rate.value / static_cast<double>(kTick);
    return {.threshold = in_log2(settings.threshold),
            .hysteresis = expands ? 0.0f : in_log2(kHysteresisOfGate),
            .slope = static_cast<float>(std::max(1.0, settings.ratio) - 1.0),
            .range = in_log2(settings.range),
            .expand = expands ? 1.0f : 0.0f,
            .attack = tick_share_of_attack(settings.attack, rate),
            .release = tick_share(settings.release, rate),
            .hold = static_cast<float>(hold_ticks),
            .wet = 1.0f,
            .dry = 0.0f,
            .on = 1.0f};
}

GateBank::GateBank(Hertz rate)
    : glide_(glide_quanta(rate), GateLane{}), chunk_(detector_chunk(rate)) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) rest(lane, 0.0f);
}

void GateBank::set(std::size_t lane, const GateLane& goal, Change change) MIXRIG_REALTIME {
    if (!(active_ & lane_bit(lane))) {
        if (goal.on == 0.0f) return;
        wake(lane, goal, change);
        glide_.jump(lane, without_effect(goal));
    }
    const GateLane target = goal.on == 0.0f ? without_effect(glide_.goal(lane)) : goal;
    if (change == Change::glide) return glide_.glide(lane, target);
    glide_.jump(lane, target);
    leave(lane);
}

void GateBank::begin_quantum() MIXRIG_REALTIME {
    const LaneMask arrived = glide_.begin_quantum();
    for (std::size_t lane = 0; arrived >> lane; ++lane)
        if (arrived & lane_bit(lane)) leave(lane);
}

void GateBank::process(float* x, Slice slice, LaneMask lanes, const Sidechain& sidechain)
    MIXRIG_REALTIME {
    const auto run = static_cast<LaneMask>(lanes & active_);
    if (run) gate_vectors(state_, glide_, dynamics_call(x, slice, run, sidechain, chunk_));
}

void GateBank::process_scalar(float* x, Slice slice, LaneMask lanes, const Sidechain& sidechain)
    MIXRIG_REALTIME {
    const auto run = static_cast<LaneMask>(lanes & active_);
    if (run) gate_scalar(state_, glide_, dynamics_call(x, slice, run, sidechain, chunk_));
}

void GateBank::reset(LaneMask lanes) MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (!(lanes & active_ & lane_bit(lane))) continue;
        glide_.jump(lane, glide_.goal(lane));
        rest(lane, closed_reduction(glide_.goal(lane)));
        leave(lane);
    }
}

void GateBank::take_lane(std::size_t to, const GateBank& other, std::size_t from) MIXRIG_REALTIME {
    glide_.take_lane(to, other.glide_, from);
    state_.detector.take_lane(to, other.state_.detector, from);
    state_.open[to] = other.state_.open[from];
    state_.hold[to] = other.state_.hold[from];
    state_.reduction[to] = other.state_.reduction[from];
    state_.remainder[to] = other.state_.remainder[from];
    state_.gain[to] = other.state_.gain[from];
    state_.gain_step[to] = other.state_.gain_step[from];
    state_.deepest[to] = other.state_.deepest[from];
    active_ = with_lane(active_, to, other.active_ & lane_bit(from));
}

LaneMask GateBank::at_rest() const MIXRIG_REALTIME {
    auto resting = static_cast<LaneMask>(~glide_.gliding());
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (!(active_ & lane_bit(lane))) continue;
        const float missing = closed_reduction(glide_.goal(lane)) - state_.reduction[lane];
        if (state_.open[lane] > 0.0f || std::fabs(missing) > kNegligibleReduction)
            resting = with_lane(resting, lane, false);
    }
    return resting;
}

LaneFloats GateBank::reduction_dB() const MIXRIG_REALTIME {
    LaneFloats dB;
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        dB[lane] = state_.deepest[lane] * kDecibelsPerLog2;
    return dB;
}

void GateBank::clear_meters() MIXRIG_REALTIME {
    state_.deepest = state_.reduction;
}

// A lane begins to listen, and so does its partner unless it already does.
void GateBank::wake(std::size_t lane, const GateLane& goal, Change change) MIXRIG_REALTIME {
    rest(lane, change == Change::jump ? closed_reduction(goal) : 0.0f);
    if (change == Change::glide) {
        state_.open[lane] = 1.0f;
        state_.hold[lane] = std::max(
            goal.hold, static_cast<float>(kFirstHold * chunk_) / static_cast<float>(kTick));
    }
    if (!(active_ & lane_bit(lane ^ 1u))) state_.detector.reset(lane ^ 1u);
    active_ = with_lane(active_, lane, true);
}

// A lane that has reached its goal is done if that goal is off.
void GateBank::leave(std::size_t lane) MIXRIG_REALTIME {
    if (glide_.goal(lane).on != 0.0f) return;
    rest(lane, 0.0f);
    glide_.jump(lane, GateLane{});
    active_ = with_lane(active_, lane, false);
}

// Nothing was heard, and this reduction has been reached.
void GateBank::rest(std::size_t lane, float reduction) MIXRIG_REALTIME {
    state_.detector.reset(lane);
    state_.open[lane] = state_.hold[lane] = state_.remainder[lane] = 0.0f;
    state_.gain_step[lane] = 0.0f;
    state_.reduction[lane] = state_.deepest[lane] = reduction;
    state_.gain[lane] = exp2_scalar(-reduction);
}

}  // namespace mixrig::dsp
