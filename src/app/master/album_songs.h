// The songs of an album as they are delivered: cut, at the delivery's rate, with fades and levels.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/disk/sound.h"
#include "src/session/album.h"

#include <cstdint>
#include <filesystem>

namespace mixrig::app {

// How long the song will be, told without reading it.
std::uint64_t song_frames(const session::AlbumSong& song, dsp::Hertz rate);

// A long recording that several songs are parts of is resampled whole, then cut: so parts that
// follow each other join without a seam. It is kept until another file is asked for.
class AlbumSongs {
public:
    explicit AlbumSongs(dsp::Hertz rate) : rate_(rate) {}

    // Two channels, song_frames() long, with its own level but none that the album gives it.
    base::Result<disk::Sound> read(const session::AlbumSong& song);

private:
    dsp::Hertz rate_;
    std::filesystem::path kept_file_, kept_chain_;
    disk::Sound kept_;
};

}  // namespace mixrig::app
