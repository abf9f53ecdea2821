// Fits a digital section of second order to the magnitude of an analogue one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fit.h"
#include "dsp/units.h"

#include <span>

namespace mixrig::dsp {

// The digital section whose magnitude follows `analogue`, centred at a frequency, up to 5/12 of the
// rate (20 kHz at 48 kHz). Gain at 0 Hz and zeros on the axis (notch, hpf, bandpass) are exact.
// Poles are inside the unit circle, zeros inside or on it. `analogue` has poles in the left half
// plane; gains of a boosting shape (>= 1) fit best.
Rational match(const Rational& analogue, Hertz centre, Hertz rate);

// A resonant high-pass and the section that has its slope far below and its resonance: place and
// width. Both zeros are at 0 Hz, which leaves no number free for the height; but all that is left,
// analogue by digital, is smooth: it comes from the images of poles and zeros beyond Nyquist.
struct Resonance {
    Rational analogue, digital;
    Hertz centre;
};

// The digital section of such a resonance. `analogue` has both zeros at 0 Hz.
Rational match_resonance(const Rational& analogue, Hertz centre, Hertz rate);

// One section that makes up for what these resonances leave in series. Its gain is 1 at 0 Hz and,
// at Nyquist, from 1 dB a resonance (q 1, and its place just below) to -20 dB (any higher q there).
Rational match_remainder(std::span<const Resonance> resonances, Hertz rate);

}  // namespace mixrig::dsp
