// Sums of lengths, on a grid.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/sequence.h"

#include <cmath>

namespace mixrig::disk {
namespace {

std::uint64_t up(std::uint64_t frames, std::uint64_t grid) {
    return (frames + grid - 1) / grid * grid;
}

}  // namespace

std::uint64_t gap_frames(dsp::Seconds gap, dsp::Hertz rate, std::uint64_t grid) {
    const double steps = gap.value * rate.value / static_cast<double>(grid);
    return static_cast<std::uint64_t>(std::llround(steps)) * grid;
}

Sequence lay_out(std::span<const Piece> pieces, dsp::Hertz rate, std::uint64_t grid) {
    Sequence out;
    for (const Piece& piece : pieces) {
        const std::uint64_t gap = gap_frames(piece.gap, rate, grid);
        Placed song{.frames = piece.frames};
        if (gap > 0) {
            song.gap_start = up(out.frames, grid);
            song.mark = song.start = song.gap_start + gap;
        } else {
            song.start = out.frames;
            song.gap_start = song.mark = out.frames / grid * grid;
        }
        if (!out.songs.empty()) out.songs.back().end = song.gap_start;
        out.frames = song.start + song.frames;
        out.songs.push_back(song);
    }
    out.frames = up(out.frames, grid);
    if (!out.songs.empty()) out.songs.back().end = out.frames;
    return out;
}

}  // namespace mixrig::disk
