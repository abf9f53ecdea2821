// A voice put in tune: which key each moment was meant to have, and the way there.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/tune/pitch.h"
#include "src/tune/scale.h"

#include <cstddef>
#include <vector>

namespace mixrig::tune {

struct Settings {
    Scale scale = Scale().set();
    double strength = 1.0;       // 0..1: how much of the way
    dsp::Seconds speed = {0.1};  // what moves faster than this, vibrato, stays; 0 leaves none
    bool keeps_formants = true;
};

// How far each reading is to be moved, in keys; 0 where there is no pitch.
std::vector<float> correction(const PitchCurve& curve, const Settings& settings);

// By what is heard in the mean of the channels.
PitchCurve find_pitch(const std::vector<std::vector<float>>& channels, dsp::Hertz rate);

struct Tuned {
    PitchCurve before = {};
    std::vector<float> moved = {};  // keys, by reading
};

// All channels alike, in place, by what is heard in their mean. Length and moments stay; what has
// no pitch, and what nothing moves, keeps its bits. Shifting is Rubber Band's.
Tuned tune(std::vector<std::vector<float>>& channels, dsp::Hertz rate, const Settings& settings);

}  // namespace mixrig::tune
