// Filter design: magnitudes follow the analogue prototype up to 20 kHz, not its bilinear image.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/svf.h"
#include "dsp/units.h"

#include <array>
#include <complex>
#include <cstdint>
#include <span>

namespace mixrig::dsp {

enum class FilterType : std::uint8_t { bell, low_shelf, high_shelf, notch, hpf, lpf, bandpass };
enum class Slope : std::uint8_t { dB12, dB18, dB24 };  // per octave

// Second-order transfer function b/a with a0 = 1.
struct Biquad {
    double b0 = 1.0, b1 = 0.0, b2 = 0.0, a1 = 0.0, a2 = 0.0;
};

// The same transfer function as a section of ours. Poles must lie inside the unit circle.
SvfLane svf_from_biquad(const Biquad& biquad);

// One equaliser band. The prototypes are those of R. Bristow-Johnson's cookbook: a bell of +G and
// one of -G cancel, shelves take q as his Q, a bandpass has 0 dB at its centre; `gain` means
// nothing to notch, hpf, lpf and bandpass. Frequency is brought below 0.49 of the rate. A bell or
// shelf of 0 dB is the identity.
SvfLane design_eq(FilterType type, Hertz frequency, double q, Decibels gain, Hertz rate);

// One band of a strip's equaliser.
struct EqBand {
    FilterType type = FilterType::bell;
    Hertz frequency{1000.0};
    double q = 1.0;
    Decibels gain;
};

// The bands of a strip come with one more section in series, the touch-up. A resonant hpf high up
// asks for more than one section has to give: design_eq misses it by up to 1.1 dB. Here its band
// gets the slope and the resonance right, and the touch-up, which is 0 dB at 0 Hz and smooth, makes
// up for the rest of all such bands together. It is the identity where there are none; all other
// bands are as design_eq has them.
SvfLane design_eq_band(const EqBand& band, Hertz rate);
SvfLane design_touch_up(std::span<const EqBand> bands, Hertz rate);

// Butterworth filters. 12 dB an octave needs one section, the other is the identity; the third
// order is a section of second order and one of first.
std::array<SvfLane, 2> design_hpf(Hertz frequency, Slope slope, Hertz rate);
std::array<SvfLane, 2> design_lpf(Hertz frequency, Slope slope, Hertz rate);

// The complex gain of a section at a frequency, from the coefficients the kernels use.
std::complex<double> response(const SvfLane& section, Hertz frequency, Hertz rate);

// The analogue prototypes, for drawing and for tests.
std::complex<double> prototype(FilterType type, Hertz centre, double q, Decibels gain,
                               Hertz frequency);

}  // namespace mixrig::dsp
