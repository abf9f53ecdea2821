// Learns a noise from a passage without sound and turns it down everywhere.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/base/result.h"

#include <cstdint>
#include <span>

namespace mixrig::restore {

struct NoiseSettings {
    dsp::Seconds from = {}, to = {};
    dsp::Decibels reduction = {12.0};  // at most: what is left hides the gaps of what is taken
};

struct NoiseFound {
    double floor = 0.0;  // RMS of the passage before
    double after = 0.0;  // and behind
};

// Short-time spectra (43 ms rounded down to a power of two, each three quarters into the next, both
// windows the root of Hann's); each bin's gain is that of Y. Ephraim, D. Malah, "Speech enhancement
// using a minimum mean-square error log-spectral amplitude estimator", IEEE Trans. ASSP 33 (1985),
//   G = xi / (1 + xi) exp(E1(v) / 2),  v = xi / (1 + xi) gamma,
// gamma the bin's power over the noise's, xi from the frame before ("decision-directed", 0.98), but
// never less than the reduction. What is taken off is computed and subtracted, so that where
// nothing is taken every bit stays. An error if the passage is not in the sound or shorter than two
// frames.
base::Result<NoiseFound> reduce_noise(std::span<float> samples, dsp::Hertz rate,
                                      const NoiseSettings& settings);

}  // namespace mixrig::restore
