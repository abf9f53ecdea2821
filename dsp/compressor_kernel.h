// What the compressor's bank, its kernel and its definition share.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/compressor.h"
#include "dsp/detector_glide.h"

#include <cstddef>

namespace mixrig::dsp {

using CompressorGlide = LaneGlide<CompressorLane>;

// Places of the settings in a LaneGlide.
constexpr std::size_t kThreshold = offsetof(CompressorLane, threshold) / sizeof(float);
constexpr std::size_t kSlope = offsetof(CompressorLane, slope) / sizeof(float);
constexpr std::size_t kKnee = offsetof(CompressorLane, knee) / sizeof(float);
constexpr std::size_t kMaxReduction = offsetof(CompressorLane, max_reduction) / sizeof(float);
constexpr std::size_t kAttack = offsetof(CompressorLane, attack) / sizeof(float);
constexpr std::size_t kRelease = offsetof(CompressorLane, release) / sizeof(float);
constexpr std::size_t kRms = offsetof(CompressorLane, rms) / sizeof(float);
constexpr std::size_t kWet = offsetof(CompressorLane, wet) / sizeof(float);
constexpr std::size_t kDry = offsetof(CompressorLane, dry) / sizeof(float);

inline constexpr float kNarrowestKnee = 1e-6f;  // only so that a knee of nothing is not 0/0

void compress_vectors(CompressorState& state, const CompressorGlide& glide,
                      const DynamicsCall& call) MIXRIG_REALTIME;
void compress_scalar(CompressorState& state, const CompressorGlide& glide, const DynamicsCall& call)
    MIXRIG_REALTIME;

}  // namespace mixrig::dsp
