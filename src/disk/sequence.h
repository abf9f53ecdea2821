// Where the songs of an album lie on its time line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mixrig::disk {

inline constexpr std::uint64_t kCdFramesPerSecond = 75;
inline constexpr std::uint64_t kCdFrame = 588;  // samples at 44.1 kHz

struct Piece {
    std::uint64_t frames = 0;
    dsp::Seconds gap = {};  // silence before it
};

// In frames of the time line. Audio begins at `start`; `mark` is where a player goes to, on the
// grid and at most one step of the grid earlier. What is between `gap_start` and `mark` is the gap.
struct Placed {
    std::uint64_t gap_start = 0, mark = 0, start = 0, frames = 0;
    std::uint64_t end = 0;  // of the track: where the next gap starts

    bool operator==(const Placed&) const = default;
};

struct Sequence {
    std::vector<Placed> songs = {};
    std::uint64_t frames = 0;
};

// Marks, gaps and the whole are multiples of `grid`: a CD frame, or 1. Where there is a gap, the
// song before it is filled up with silence to the grid; where there is none, the next one follows
// on the very next sample, so that music which goes on across the border is not torn.
Sequence lay_out(std::span<const Piece> pieces, dsp::Hertz rate, std::uint64_t grid);

// The nearest whole number of frames, on the grid.
std::uint64_t gap_frames(dsp::Seconds gap, dsp::Hertz rate, std::uint64_t grid);

}  // namespace mixrig::disk
