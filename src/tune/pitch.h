// How high a voice sings, moment by moment.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <cstddef>
#include <span>
#include <vector>

namespace mixrig::tune {

inline constexpr double kHop = 0.005;  // seconds between two readings

// Reading i is of the moment i * kHop: a key as MIDI counts them, with fractions (69 is A at
// 440 Hz), or kUnvoiced, where there is no voice or none with a pitch.
inline constexpr float kUnvoiced = -1.0f;
using PitchCurve = std::vector<float>;

// One voice at a time, 65 to 1000 Hz. After A. de Cheveigne and H. Kawahara, "YIN, a fundamental
// frequency estimator for speech and music" (JASA 111, 2002).
PitchCurve find_pitch(std::span<const float> voice, dsp::Hertz rate);

}  // namespace mixrig::tune
