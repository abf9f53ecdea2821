// The compressor's design and the bookkeeping of its bank.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/compressor.h"

#include "dsp/compressor_kernel.h"
#include "dsp/glide.h"

#include <algorithm>
#include <cmath>

namespace mixrig::dsp {
namespace {

CompressorLane without_effect(CompressorLane lane) {
    lane.wet = 0.0f;
    lane.dry = 1.0f;
    lane.on = 0.0f;
    return lane;
}

}  // namespace

CompressorLane design_compressor(const CompressorSettings& settings, Hertz rate) {
    constexpr double kInfiniteRatio = 100.0;
    if (!settings.on) return {};
    const double makeup = std::pow(10.0, settings.makeup.value / 20.0);
    const double ratio = std::max(1.0, settings.ratio);
    return {.threshold = in_log2(settings.threshold),
            .slope = static_cast<float>(ratio >= kInfiniteRatio ? 1.0 : 1.0 - 1.0 / ratio),
            .knee = in_log2(settings.knee),
            .max_reduction = in_log2(settings.max_reduction),
            .attack = tick_share_of_attack(settings.attack, rate),
            .release = tick_share(settings.release, rate),
            .rms = settings.detector == Detector::rms ? 1.0f : 0.0f,
            .wet = static_cast<float>(settings.mix * makeup),
            .dry = static_cast<float>(1.0 - settings.mix),
            .on = 1.0f};
}

CompressorBank::CompressorBank(Hertz rate)
    : glide_(glide_quanta(rate), CompressorLane{}), chunk_(detector_chunk(rate)) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) clear(lane);
}

void CompressorBank::set(std::size_t lane, const CompressorLane& goal, Change change)
    MIXRIG_REALTIME {
    if (!(active_ & lane_bit(lane))) {
        if (goal.on == 0.0f) return;
        wake(lane);
        glide_.jump(lane, without_effect(goal));
    }
    const CompressorLane target = goal.on == 0.0f ? without_effect(glide_.goal(lane)) : goal;
    if (change == Change::glide) return glide_.glide(lane, target);
    glide_.jump(lane, target);
    leave(lane);
}

void CompressorBank::begin_quantum() MIXRIG_REALTIME {
    const LaneMask arrived = glide_.begin_quantum();
    for (std::size_t lane = 0; arrived >> lane; ++lane)
        if (arrived & lane_bit(lane)) leave(lane);
}

void CompressorBank::process(float* x, Slice slice, LaneMask lanes, const Sidechain& sidechain)
    MIXRIG_REALTIME {
    const auto run = static_cast<LaneMask>(lanes & active_);
    if (run) compress_vectors(state_, glide_, dynamics_call(x, slice, run, sidechain, chunk_));
}

void CompressorBank::process_scalar(float* x, Slice slice, LaneMask lanes,
                                    const Sidechain& sidechain) MIXRIG_REALTIME {
    const auto run = static_cast<LaneMask>(lanes & active_);
    if (run) compress_scalar(state_, glide_, dynamics_call(x, slice, run, sidechain, chunk_));
}

void CompressorBank::reset(LaneMask lanes) MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (!(lanes & lane_bit(lane))) continue;
        clear(lane);
        glide_.jump(lane, glide_.goal(lane));
        leave(lane);
    }
}

void CompressorBank::take_lane(std::size_t to, const CompressorBank& other, std::size_t from)
    MIXRIG_REALTIME {
    glide_.take_lane(to, other.glide_, from);
    state_.detector.take_lane(to, other.state_.detector, from);
    state_.reduction[to] = other.state_.reduction[from];
    state_.remainder[to] = other.state_.remainder[from];
    state_.gain[to] = other.state_.gain[from];
    state_.gain_step[to] = other.state_.gain_step[from];
    state_.deepest[to] = other.state_.deepest[from];
    active_ = with_lane(active_, to, other.active_ & lane_bit(from));
}

LaneMask CompressorBank::at_rest() const MIXRIG_REALTIME {
    auto resting = static_cast<LaneMask>(~glide_.gliding());
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        if (state_.reduction[lane] > kNegligibleReduction)
            resting = with_lane(resting, lane, false);
    return resting;
}

LaneFloats CompressorBank::reduction_dB() const MIXRIG_REALTIME {
    LaneFloats dB;
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        dB[lane] = state_.deepest[lane] * kDecibelsPerLog2;
    return dB;
}

void CompressorBank::clear_meters() MIXRIG_REALTIME {
    state_.deepest = state_.reduction;
}

// A lane begins to listen, and so does its partner unless it already does.
void CompressorBank::wake(std::size_t lane) MIXRIG_REALTIME {
    clear(lane);
    if (!(active_ & lane_bit(lane ^ 1u))) state_.detector.reset(lane ^ 1u);
    active_ = with_lane(active_, lane, true);
}

// A lane that has reached its goal is done if that goal is off.
void CompressorBank::leave(std::size_t lane) MIXRIG_REALTIME {
    if (glide_.goal(lane).on != 0.0f) return;
    clear(lane);
    glide_.jump(lane, CompressorLane{});
    active_ = with_lane(active_, lane, false);
}

void CompressorBank::clear(std::size_t lane) MIXRIG_REALTIME {
    state_.detector.reset(lane);
    state_.reduction[lane] = state_.remainder[lane] = state_.deepest[lane] = 0.0f;
    state_.gain[lane] = 1.0f;
    state_.gain_step[lane] = 0.0f;
}

}  // namespace mixrig::dsp
