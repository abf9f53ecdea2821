// What the demo is recorded on: a loop of stereo tape, and a note that is to be played onto it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::app {

// A stereo loop of tape; what is played past its end comes back at its start.
struct Tape {
    Tape(std::size_t frames, dsp::Hertz at_rate)
        : left(frames), right(frames), rate(at_rate.value) {}

    // `place` 0 is left, 0.5 both sides alike, 1 right.
    void add(std::size_t frame, double sample, double place) {
        const std::size_t at = frame % left.size();
        left[at] += static_cast<float>(sample * (1.0 - place));
        right[at] += static_cast<float>(sample * place);
    }

    std::vector<float> left, right;
    double rate;
};

struct Note {
    double at = 0.0;         // seconds
    double length = 0.0;     // seconds
    double key = 69.0;       // MIDI: 69 is A at 440 Hz
    double velocity = 1.0;   // 0..1
    double place = 0.5;      // as in Tape::add
    std::uint32_t seed = 1;  // of its noise
};

}  // namespace mixrig::app
