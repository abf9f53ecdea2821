// A filter of taps that follow each other, for the oversampler.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"

#include <cstddef>

namespace mixrig::dsp {

// y[n] = sum of weights[k] * x[n - k] over `taps`. The sum runs in the order of the taps and rounds
// after every step: the same bits on every instruction set, however many frames are asked for.
void fir(const float* weights, std::size_t taps, const float* x, float* y, std::size_t count)
    MIXRIG_REALTIME;
void fir(const double* weights, std::size_t taps, const double* x, double* y, std::size_t count)
    MIXRIG_REALTIME;

}  // namespace mixrig::dsp
