// Sounds that a feedback guard must not take for feedback, and rooms that ring.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <complex>
#include <cstddef>
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

// From a loudspeaker back to a microphone: the direct sound and reflections.
class Room {
public:
    Room(double delay_ms, std::uint32_t seed);

    // What comes back in this frame; then tell() what the loudspeaker plays in it.
    double hear() const;
    void tell(double sample);
    // Frequencies at which what comes back is in phase, with its gain there. The loop is stable
    // while the gain around it is below 1 at all of them (Nyquist).
    struct Mode {
        double hertz = 0.0, gain = 0.0;
    };
    std::vector<Mode> modes() const;

private:
    struct Path {
        std::size_t delay;
        double gain;
    };
    std::complex<double> response(double hertz) const;

    std::vector<Path> paths_;
    std::vector<double> past_;
    std::size_t at_ = 0;
    double low_ = 0.0, slow_ = 0.0;  // the loudspeaker's band
};

}  // namespace mixrig::tests
