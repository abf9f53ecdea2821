// Music that is known, damage that is known, and how much of it is left.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <cstddef>
#include <span>
#include <vector>

namespace mixrig::tests {

inline constexpr dsp::Hertz kRate{48000.0};
using Samples = std::vector<float>;

// Plucked notes of twelve partials over each other, a kick, a snare and a hi-hat in front of a
// noise floor at -80 dBFS: attacks of all kinds. The highest sample is 0.5. The same seed, the same
// music.
Samples music(double seconds, unsigned seed);
// The notes alone.
Samples plucks(double seconds, unsigned seed);
// Breath and vowels: pulses of 90 to 220 Hz through moving resonances. The highest sample is 0.5.
Samples voice(double seconds, unsigned seed);
// White, this RMS.
Samples white(double seconds, double rms, unsigned seed);
Samples sine(double seconds, double hertz, double amplitude);
Samples sum(const Samples& a, const Samples& b);

struct Stretch {
    std::size_t begin, end;
};
// `count` clicks: ticks of 1 to 3 samples, crackles that die out over 5 to 40, duller ones of 2
// to 3.5 ms; their peaks lie between -30 and -6 dBFS. The first and the last tenth of a second stay
// whole.
std::vector<Stretch> add_clicks(Samples& samples, std::size_t count, unsigned seed);

double rms(std::span<const float> samples);
double dB(double ratio);
// The clean sound over what differs from it, in dB; over those stretches only, if there are any.
double snr(const Samples& clean, const Samples& other, const std::vector<Stretch>& where = {});
// The amplitude of a sine in it, under a Hann window.
double level_at(std::span<const float> samples, double hertz);

}  // namespace mixrig::tests
