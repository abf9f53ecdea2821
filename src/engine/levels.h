// Decibels of the table as gains.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/table.h"

#include <cmath>

namespace mixrig::engine {

// The bottom of a fader or send is silence.
inline double amplitude(float dB) {
    return dB <= param::kSilence ? 0.0 : std::pow(10.0, static_cast<double>(dB) / 20.0);
}
inline float gain_of(float dB) {
    return static_cast<float>(amplitude(dB));
}

}  // namespace mixrig::engine
