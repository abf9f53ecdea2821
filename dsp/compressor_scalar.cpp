// The compressor, one lane and frame after the other: the definition of the kernel.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/compressor_kernel.h"
#include "dsp/math.h"

#include <algorithm>
#include <cmath>

namespace mixrig::dsp {
namespace {

struct Settings {
    const CompressorGlide& glide;
    std::size_t lane;
    float frame;
    float operator[](std::size_t k) const {
        return std::fma(frame, glide.step()[k][lane], glide.from()[k][lane]);
    }
};

float level_of(const DetectorState& d, std::size_t lane, float rms) {
    const float peak = std::max(d.peak[lane], d.last_peak[lane]);
    const float peak_square = peak * peak;
    return 0.5f * log2_scalar(std::fma(rms, d.mean_square[lane] - peak_square, peak_square));
}

// The static curve: quadratic inside the knee, with the slope outside.
float computed_reduction(float over, const Settings& s) {
    const float width = s[kKnee];
    const float half = 0.5f * width;
    const float inside = std::min(std::max(over + half, 0.0f), width);
    const float curved = 0.5f * inside * inside / std::max(width, kNarrowestKnee);
    const float straight = std::max(over - half, 0.0f);
    return std::min(s[kSlope] * (curved + straight), s[kMaxReduction]);
}

void tick(CompressorState& state, const CompressorGlide& glide, const DynamicsCall& call,
          std::size_t n) {
    const auto frame = static_cast<float>(n);
    LaneFloats level;
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        level[lane] = level_of(state.detector, lane, Settings{glide, lane, frame}[kRms]);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (!(call.run & lane_bit(lane))) continue;
        const Settings s{glide, lane, frame};
        const float loud = linked_level_scalar(level, lane, call.sidechain.linked);
        const float target = computed_reduction(loud - s[kThreshold], s);
        float& reduction = state.reduction[lane];
        approach_scalar(target, target > reduction ? s[kAttack] : s[kRelease], reduction,
                        state.remainder[lane]);
        const float goal = exp2_scalar(-reduction);
        state.gain_step[lane] = (goal - state.gain[lane]) * (1.0f / static_cast<float>(kTick));
        state.gain[lane] = goal;
        state.deepest[lane] = std::max(state.deepest[lane], reduction);
    }
}

}  // namespace

void compress_scalar(CompressorState& state, const CompressorGlide& glide, const DynamicsCall& call)
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
