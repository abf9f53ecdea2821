// What the tests of echo, chorus, flanger and tremolo share: signals, how a unit is run and
// measured.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/unit.h"
#include "dsp/units.h"

#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mixrig::dsp::test::sweep {

using Samples = std::vector<float>;

struct Stereo {
    Samples left, right;
};

Samples sine(Hertz frequency, std::size_t frames, Hertz rate);
Samples noise(std::size_t frames, float peak, std::uint32_t seed);
Samples impulse(std::size_t frames);
Samples scaled(Samples x, double gain);

// The slices of a quantum, each quantum the same.
using Slices = std::vector<Slice>;
inline const Slices kWhole = {{0, kQuantum}};

// Whole quanta of x through the unit, in place.
void run(FxUnit& unit, Stereo& x, const Slices& slices);
Stereo through(FxUnit& unit, Stereo x);

float peak(const Samples& x);
double energy(const Samples& x, std::size_t from, std::size_t to);

// The amplitude of a partial in x[from, to), through a Hann window.
double amplitude(const Samples& x, std::size_t from, std::size_t to, Hertz frequency, Hertz rate);

// The amplitude of cycles of which x[from, end) holds a whole number.
double coherent(const Samples& x, std::size_t from, double cycles);

// The loudest moment of x above a frequency: the most energy that a Hann window of 2048 frames
// sees there, against a full-scale sine.
Decibels loudest_above(const Samples& x, Hertz low, Hertz rate);

// x as a slowly turning pointer: its part at `carrier` through a Hann window of `window` frames,
// kOverlap times a window.
std::vector<std::complex<double>> demodulated(const Samples& x, Hertz carrier, std::size_t window,
                                              Hertz rate);
inline constexpr std::size_t kOverlap = 16;

// Amplitude and frequency of a modulation that is a sine, by least squares around `expected`.
struct Modulation {
    double mean = 0.0, amplitude = 0.0;
    Hertz rate;
};
Modulation fitted(const std::vector<double>& values, Hertz expected, Hertz value_rate);

// How far a figure is from what was expected, as a part of it. (doctest's Approx adds 1 to it.)
inline double off(double found, double expected) {
    return std::abs(found / expected - 1.0);
}

struct Range {
    float low, high, usual;
};

// A unit with the ranges of its settings, for what all must keep.
struct Kind {
    std::string name;
    std::function<std::unique_ptr<FxUnit>(Hertz)> make;
    std::vector<Range> ranges;
    FxSettings usual() const;
};
const std::vector<Kind>& kinds();

}  // namespace mixrig::dsp::test::sweep
