// How high a signal rises between its samples, by a long and by two short interpolators.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

inline constexpr std::size_t kTruePeakTaps = 32;                       // per phase
inline constexpr std::size_t kTruePeakBehind = kTruePeakTaps / 2 - 1;  // frames needed before one
inline constexpr std::size_t kTruePeakAhead = kTruePeakTaps / 2;       // and after it

// peaks[i] = the largest magnitude from frame i up to, not including, frame i + 1: of x[i] itself
// and of the values between, as three interpolators see them: an eightfold one with 32 taps a
// phase, and two fourfold ones with 12, namely a windowed sinc as meters have it and the
// coefficients that ITU-R BS.1770-4 prints. None reads always more than the others; near half the
// rate they differ by up to 2 dB. Reads x[-kTruePeakBehind] to x[frames - 1 + kTruePeakAhead].
void true_peaks(const float* x, float* peaks, std::size_t frames) MIXRIG_REALTIME;

// No interpolated value is larger than this factor times the largest sample that it is made of.
float true_peak_bound() MIXRIG_REALTIME;

// The definition that true_peaks() is tested against.
void true_peaks_scalar(const float* x, float* peaks, std::size_t frames) MIXRIG_REALTIME;

// Phase 8 - p of an interpolator is phase p mirrored, so both follow from the sums and differences
// of samples at the same distance: E = sum(even * (x[-k] + x[1+k])), O = sum(odd * (x[-k] -
// x[1+k])), and the two values are E + O and E - O; the larger magnitude is |E| + |O|.
template <std::size_t kPairs, std::size_t kMirrored>
struct MirroredFilter {
    std::array<std::array<float, kPairs>, kMirrored> even{}, odd{};
    std::array<float, kPairs> middle{};  // phase 4/8 is its own mirror image
    float bound = 1.0f;                  // the largest sum of magnitudes of a phase
};

struct TruePeakFilters {
    static constexpr std::size_t kShortPairs = 6;
    MirroredFilter<kTruePeakTaps / 2, 3> fine;  // phases 1/8, 2/8, 3/8 with 7/8, 6/8, 5/8
    MirroredFilter<kShortPairs, 1> coarse;      // phase 2/8 with 6/8
    MirroredFilter<kShortPairs, 2> printed;     // phases 1/8, 3/8 with 7/8, 5/8; no middle
};
const TruePeakFilters& true_peak_filters() MIXRIG_REALTIME;

}  // namespace mixrig::dsp
