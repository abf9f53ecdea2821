// Linear to decibels, with a floor.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>

namespace mixrig::monitor {

// Silence, and anything below: 24 bits span 144 dB.
inline constexpr float kFloor_dB = -144.0f;

inline float power_dB(float power) {
    return power > 0.0f ? std::max(kFloor_dB, 10.0f * std::log10(power)) : kFloor_dB;
}

}  // namespace mixrig::monitor
