// The tables that desk.toml and song.toml share.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/desk_config.h"
#include "src/session/section.h"

#include <map>

namespace mixrig::session {

// A track of a song: its channel must exist, and be stereo if the track is.
struct TrackChannel {
    std::size_t width = 1;
    std::size_t line = 0;
};
using TrackChannels = std::map<std::size_t, TrackChannel>;  // by channel number, from 1

// Reads every desk table of `root`; what is wrong is added to `problems`.
DeskConfig read_desk(Section& root, const TrackChannels& tracks, Problems& problems,
                     NamedFiles files = NamedFiles::must_be_there);

}  // namespace mixrig::session
