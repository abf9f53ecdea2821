// A whole sound in memory, and what a sound file says about itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/disk/format.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace mixrig::disk {

struct SoundInfo {
    std::size_t channels = 0;
    dsp::Hertz rate = {};
    std::uint64_t frames = 0;
    float full_scale = 1.0f;  // the largest sample the coding can hold: what clipped audio sits at
    std::optional<Format> format = {};  // when it is one that we write
};

// One vector of samples a channel, all of one length.
struct Sound {
    dsp::Hertz rate = {};
    float full_scale = 1.0f;
    std::vector<std::vector<float>> tracks = {};

    std::size_t channels() const { return tracks.size(); }
    std::size_t frames() const { return tracks.empty() ? 0 : tracks.front().size(); }
};

}  // namespace mixrig::disk
