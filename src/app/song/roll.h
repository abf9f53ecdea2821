// Where a song is, by the frames of the engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "src/base/loop.h"

#include <cstdint>
#include <optional>

namespace mixrig::app {

// Values change at quantum boundaries: what is meant for a frame takes effect at the first one at
// or after it.
constexpr std::uint64_t boundary(std::uint64_t frame) {
    return (frame + dsp::kQuantum - 1) / dsp::kQuantum * dsp::kQuantum;
}

// A stretch of time in which the song moves.
struct Roll {
    std::uint64_t from = 0;            // engine frame of the first frame that is played
    std::uint64_t song = 0;            // which that is
    std::uint64_t until = UINT64_MAX;  // engine frame at which the song stands again
    base::Loop loop = {};

    // What is heard at an engine frame; nothing before it begins and after its end.
    std::optional<std::uint64_t> song_at(std::uint64_t frame) const {
        if (frame < from || frame >= until) return std::nullopt;
        return loop.advance(song, frame - from);
    }
    // How often the loop has begun again by then.
    std::uint64_t lap_at(std::uint64_t frame) const {
        if (!loop.is_on() || song >= loop.end || frame < from) return 0;
        const std::uint64_t gone = song + (frame - from);
        return gone < loop.end ? 0 : 1 + (gone - loop.end) / (loop.end - loop.begin);
    }
    // The same time, told from a later frame on.
    Roll from_here(std::uint64_t frame, base::Loop other) const {
        return {frame, loop.advance(song, frame - from), until, other};
    }
};

}  // namespace mixrig::app
