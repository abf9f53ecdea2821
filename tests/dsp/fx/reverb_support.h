// What the tests of the reverb share: impulse responses and what room acoustics reads from them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/reverb.h"
#include "dsp/units.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mixrig::dsp::test::reverb {

inline constexpr Space kSpaces[] = {Space::room, Space::plate, Space::hall};
std::string name(Space space);

FxSettings fx(const ReverbSettings& settings);

struct Pair {
    std::vector<float> left, right;
};
Pair silence(std::size_t frames);
Pair noise(std::size_t frames, float peak, std::uint32_t seed);
void run(Reverb& unit, Pair& x);  // in place, in whole quanta

struct Impulse {
    float left = 0.0f, right = 0.0f;
};
inline constexpr Impulse kMono{1.0f, 1.0f};
Pair response(Space space, const ReverbSettings& settings, Impulse impulse, Seconds length,
              Hertz rate);

double energy(const std::vector<float>& x, std::size_t from, std::size_t to);
double correlation(const Pair& x, std::size_t from, std::size_t to);

// Sixteen responses, [frame][lane]: four sizes near that of the settings, impulse at the left or
// the right, heard at the left and the right.
std::vector<float> ensemble(Space space, const ReverbSettings& settings, Seconds length,
                            Hertz rate);

// T60 of the ensemble in an octave band: Schroeder's backward integral of the mean power, a line
// through it from -5 to -35 dB.
Seconds measured_decay(const std::vector<float>& ensemble, Hertz band, Hertz rate);

// Normalised echo density after J. Abel and P. Huang, "A simple, robust measure of reverberation
// echo density" (AES 121, 2006): the part of a window of 20 ms (Hann) that lies beyond its standard
// deviation, over that part of Gaussian noise. The first moment at which it reaches `density`.
Seconds time_of_density(const std::vector<float>& x, double density, Hertz rate);

// The largest autocorrelation of x, made white and of constant power first, at lags from 2 to 250
// ms.
double flutter(const std::vector<float>& x, Seconds from, Seconds to, Seconds decay, Hertz rate);

// H(f) of x by its sum.
double magnitude(const std::vector<float>& x, Hertz frequency, Hertz rate);

}  // namespace mixrig::dsp::test::reverb
