// The parts of the level detectors that are not kernels, and the scalar definition of those that
// are.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/detector.h"

#include <algorithm>
#include <cmath>

namespace mixrig::dsp {
namespace {

constexpr Seconds kChunk{0.0005};  // half a period of 1 kHz
constexpr double kMeanWait = (static_cast<double>(kTick) - 1.0) / 2.0;

double share(double frames) {
    return frames > 0.0 ? -std::expm1(-static_cast<double>(kTick) / frames) : 1.0;
}

}  // namespace

std::size_t detector_chunk(Hertz rate) {
    return static_cast<std::size_t>(std::lround(std::max(1.0, rate.value * kChunk.value)));
}

float tick_share(Seconds time, Hertz rate) {
    return static_cast<float>(share(time.value * rate.value));
}

float tick_share_of_attack(Seconds time, Hertz rate) {
    return static_cast<float>(share(time.value * rate.value - kMeanWait));
}

float in_log2(Decibels level) {
    return static_cast<float>(level.value / 20.0 * std::log2(10.0));
}

void DetectorState::reset(std::size_t lane) MIXRIG_REALTIME {
    peak[lane] = last_peak[lane] = sum[lane] = mean_square[lane] = 0.0f;
    for (LaneFloats& chunk : chunks) chunk[lane] = 0.0f;
}

void DetectorState::take_lane(std::size_t to, const DetectorState& other, std::size_t from)
    MIXRIG_REALTIME {
    peak[to] = other.peak[from];
    last_peak[to] = other.last_peak[from];
    sum[to] = other.sum[from];
    mean_square[to] = other.mean_square[from];
    for (std::size_t c = 0; c < kRmsChunks; ++c) chunks[c][to] = other.chunks[c][from];
}

ChunkClock::ChunkClock(std::uint64_t frame, std::size_t chunk_frames) MIXRIG_REALTIME
    : chunk_(chunk_frames),
      into_(static_cast<std::size_t>(frame % chunk_frames)),
      slot_(static_cast<std::size_t>(frame / chunk_frames % kRmsChunks)) {}

void ChunkClock::advance(std::size_t frames) MIXRIG_REALTIME {
    into_ += frames;
    if (into_ < chunk_) return;
    into_ = 0;
    slot_ = (slot_ + 1) % kRmsChunks;
}

DynamicsCall dynamics_call(float* x, Slice slice, LaneMask run, const Sidechain& sidechain,
                           std::size_t chunk) MIXRIG_REALTIME {
    const unsigned linked = run & sidechain.linked;
    const unsigned partners = ((linked & 0x5555u) << 1) | ((linked & 0xaaaau) >> 1);
    return {.x = x,
            .slice = slice,
            .run = run,
            .listen = static_cast<LaneMask>(run | partners),
            .sidechain = sidechain,
            .chunk = chunk};
}

void listen_scalar(DetectorState& state, const float* key, LaneMask lanes) MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (!(lanes & lane_bit(lane))) continue;
        const float magnitude = std::fabs(key[lane]);
        if (magnitude > state.peak[lane]) state.peak[lane] = magnitude;
        state.sum[lane] = std::fma(key[lane], key[lane], state.sum[lane]);
    }
}

void next_chunk_scalar(DetectorState& state, const ChunkClock& clock, std::size_t chunk,
                       LaneMask lanes) MIXRIG_REALTIME {
    const float scale = 1.0f / static_cast<float>(kRmsChunks * chunk);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (!(lanes & lane_bit(lane))) continue;
        state.last_peak[lane] = state.peak[lane];
        state.peak[lane] = 0.0f;
        state.chunks[clock.finished_slot()][lane] = state.sum[lane];
        state.sum[lane] = 0.0f;
        float total = state.chunks[0][lane];
        for (std::size_t c = 1; c < kRmsChunks; ++c) total += state.chunks[c][lane];
        state.mean_square[lane] = total * scale;
    }
}

float linked_level_scalar(const LaneFloats& level, std::size_t lane, LaneMask linked)
    MIXRIG_REALTIME {
    return linked & lane_bit(lane) ? std::max(level[lane], level[lane ^ 1u]) : level[lane];
}

void approach_scalar(float target, float share, float& value, float& remainder) MIXRIG_REALTIME {
    const float gap = target - value;
    const float step = std::fma(share, gap, remainder);
    const float next = value + step;
    const bool arrived = std::fabs(gap) < kArrived;
    remainder = arrived ? 0.0f : step - (next - value);
    value = arrived ? target : next;
}

}  // namespace mixrig::dsp
