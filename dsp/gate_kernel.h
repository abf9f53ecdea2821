// What the gate's bank, its kernel and its definition share.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/detector_glide.h"
#include "dsp/gate.h"

#include <cstddef>

namespace mixrig::dsp {

using GateGlide = LaneGlide<GateLane>;

// Places of the settings in a LaneGlide.
constexpr std::size_t kThreshold = offsetof(GateLane, threshold) / sizeof(float);
constexpr std::size_t kHysteresis = offsetof(GateLane, hysteresis) / sizeof(float);
constexpr std::size_t kSlope = offsetof(GateLane, slope) / sizeof(float);
constexpr std::size_t kRange = offsetof(GateLane, range) / sizeof(float);
constexpr std::size_t kExpand = offsetof(GateLane, expand) / sizeof(float);
constexpr std::size_t kAttack = offsetof(GateLane, attack) / sizeof(float);
constexpr std::size_t kRelease = offsetof(GateLane, release) / sizeof(float);
constexpr std::size_t kHold = offsetof(GateLane, hold) / sizeof(float);
constexpr std::size_t kWet = offsetof(GateLane, wet) / sizeof(float);
constexpr std::size_t kDry = offsetof(GateLane, dry) / sizeof(float);

void gate_vectors(GateState& state, const GateGlide& glide, const DynamicsCall& call)
    MIXRIG_REALTIME;
void gate_scalar(GateState& state, const GateGlide& glide, const DynamicsCall& call)
    MIXRIG_REALTIME;

}  // namespace mixrig::dsp
