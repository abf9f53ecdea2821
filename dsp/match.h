// Fits a digital section of second order to the magnitude of an analogue one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

namespace mixrig::dsp {

// (n2 s^2 + n1 s + n0) / (s^2 + d1 s + d0). An analogue prototype has s in units of its centre; a
// digital section has s = (z - 1)/(z + 1), so that on the unit circle s = j tan(w/2).
struct Rational {
    double n2 = 1.0, n1 = 0.0, n0 = 0.0;
    double d1 = 0.0, d0 = 0.0;
};

// |H|^2 where s^2 = -t.
double magnitude_squared(const Rational& rational, double t);

// The digital section whose magnitude follows `analogue`, centred at a frequency, up to 5/12 of the
// rate (20 kHz at 48 kHz). Gain at 0 Hz and zeros on the axis (notch, hpf, bandpass) are exact.
// Poles are inside the unit circle, zeros inside or on it. `analogue` has poles in the left half
// plane; gains of a boosting shape (>= 1) fit best.
Rational match(const Rational& analogue, Hertz centre, Hertz rate);

}  // namespace mixrig::dsp
