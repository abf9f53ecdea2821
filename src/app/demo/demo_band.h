// How a part of the demo gets from its score into a file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/demo/demo_tape.h"
#include "src/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>

namespace mixrig::app {

// Keys are MIDI's.
struct Chord {
    double bass;
    std::array<double, 3> keys;
};

struct Bar {
    double at;           // seconds
    double sixteenth;    // seconds
    std::size_t number;  // from 0
    const Chord& chord;
    double on(double step) const { return at + step * sixteenth; }
    std::uint32_t seed(std::size_t step) const {
        return static_cast<std::uint32_t>(number * 64 + step + 1);
    }
};

struct BandPart {
    const char* file;
    bool stereo;
    double peak_dB;  // where its loudest sample ends up: levels as a careful recording has them
    std::function<void(Tape&)> play;
};

base::Status make_folder(const std::filesystem::path& folder);
// A 24 bit WAV file of `frames` frames.
base::Status write_part(const BandPart& part, const std::filesystem::path& folder,
                        std::size_t frames, dsp::Hertz rate);

}  // namespace mixrig::app
