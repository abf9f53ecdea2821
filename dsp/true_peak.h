// How high a signal rises between its samples: eightfold interpolation.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"

#include <cstddef>

namespace mixrig::dsp {

inline constexpr std::size_t kTruePeakTaps = 24;  // per phase
inline constexpr std::size_t kTruePeakBehind =
    kTruePeakTaps / 2 - 1;                                        // frames needed before a frame
inline constexpr std::size_t kTruePeakAhead = kTruePeakTaps / 2;  // and after it

// peaks[i] = the largest magnitude from frame i up to, not including, frame i + 1: of x[i] itself
// and of seven values between. Reads x[-kTruePeakBehind] to x[frames - 1 + kTruePeakAhead].
void true_peaks(const float* x, float* peaks, std::size_t frames) MIXRIG_REALTIME;

// No interpolated value is larger than this factor times the largest sample that it is made of.
float true_peak_bound() MIXRIG_REALTIME;

// The definition that true_peaks() is tested against.
void true_peaks_scalar(const float* x, float* peaks, std::size_t frames) MIXRIG_REALTIME;

}  // namespace mixrig::dsp
