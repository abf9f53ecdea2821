// Rooms that ring, and what a microphone in them hears.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/src/monitor/feedback_sounds.h"

#include <complex>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::tests {

// From a loudspeaker back to a microphone: the direct sound and reflections.
class Room {
public:
    // Where loudspeaker and microphone are at their loudest; 0 dB is none.
    struct Peak {
        double hertz = 1000.0, dB = 0.0;
    };
    Room(double delay_ms, std::uint32_t seed, Peak peak = {1000.0, 0.0});

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
    static constexpr std::size_t kPast = 1 << 14;  // frames
    std::complex<double> response(double hertz) const;

    std::vector<Path> paths_;
    std::vector<double> past_;
    std::size_t at_ = 0;
    double low_ = 0.0, slow_ = 0.0;  // the loudspeaker's band
    double boost_ = 0.0, peak_in_ = 0.0, peak_1_ = 0.0, peak_2_ = 0.0;
    double in_1_ = 0.0, in_2_ = 0.0, out_1_ = 0.0, out_2_ = 0.0;
};

// A microphone with a source before it, in a room whose loudspeaker plays it.
struct Loop {
    static constexpr double kBefore = 1.0;  // seconds of sound before the loop is closed
    static constexpr double kNever = 99.0;

    double gain = 0.0;
    std::vector<Room::Mode> modes = {};
    Sound heard = {}, alone = {};  // with the loop, without it
    double full = kNever;          // when the microphone is at full scale, seconds after closing

    // Whether the loop is unstable within half a twelfth of an octave of it, or 10 Hz.
    bool rings_at(double hertz) const;
    // When a ring begins to stand out, in seconds after closing: from then on the ear's critical
    // band around it (its equivalent rectangular bandwidth: Glasberg and Moore, Hearing Research
    // 47, 1990) is 6 dB louder than the source alone has made it within the last 0.2 s. A tone is
    // heard in noise from 4 dB below the noise in its critical band on, and masked after a sound
    // for some 0.2 s (Zwicker and Fastl, "Psychoacoustics", chapter 4): 6 dB above is a ring that
    // nobody can miss, and still 9 dB below what a guard by growth needs to have seen at least.
    double stands_out(double hertz) const;
};
Loop close_loop(Room room, const Sound& source, double level, double above_dB);

}  // namespace mixrig::tests
