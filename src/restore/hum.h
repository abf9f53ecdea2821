// Takes mains hum and its harmonics off, and leaves the notes beside them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <cstddef>
#include <cstdint>
#include <span>

namespace mixrig::restore {

enum class Mains : std::uint8_t { find, at_50, at_60 };

struct HumSettings {
    Mains mains = Mains::find;
    std::size_t harmonics = 20;
};

struct HumFound {
    bool found = false;
    double hertz = 0.0, lowest = 0.0, highest = 0.0;  // mean and range of the fundamental
    double level = 0.0;                               // RMS of what was taken off
    std::size_t harmonics = 0;                        // of which something was
};

// The hum is a sum of sines at multiples of one drifting frequency (src/restore/mains.h) whose
// amplitude and phase change slowly: of each the median of real and imaginary part over 8 s, so
// that notes, which come and go, are outliers. What is not clearly there, three standard errors of
// that median, is not taken off; what is, fades in. The rest is subtraction: no filter, nothing of
// the neighbourhood is lost. Nothing is touched if no hum is found or the sound is shorter than 3
// s.
HumFound remove_hum(std::span<float> samples, dsp::Hertz rate, const HumSettings& settings);

}  // namespace mixrig::restore
