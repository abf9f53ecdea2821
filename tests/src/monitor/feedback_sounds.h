// Sounds that a feedback guard must not take for feedback.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace mixrig::tests {

using Sound = std::vector<float>;

// All at 48 kHz, mono, some -20 dBFS, of a fixed seed.
Sound pink_noise(double seconds, std::uint32_t seed);
Sound sustained_chords(double seconds,
                       std::uint32_t seed);  // three sines and organ notes, some beating
Sound plucked_notes(double seconds, std::uint32_t seed);     // Karplus and Strong
Sound sung_vowels(double seconds, std::uint32_t seed);       // with vibrato and swells
Sound spoken_syllables(double seconds, std::uint32_t seed);  // short vowels that glide, and noise
Sound flute_swells(double seconds, std::uint32_t seed);  // nearly sines, which swell and die away

Sound organ_crescendos(double seconds, std::uint32_t seed);  // straight in dB
Sound ringing_strings(double seconds, std::uint32_t seed);   // long sustain
Sound slow_pads(double seconds, std::uint32_t seed);         // synthesizer
Sound whistled_tune(double seconds, std::uint32_t seed);

}  // namespace mixrig::tests
