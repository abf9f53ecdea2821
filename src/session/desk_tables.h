// The tables that desk.toml and song.toml share.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/desk_config.h"
#include "src/session/section.h"

#include <map>

namespace mixrig::session {

// Channels that must exist or be stereo whatever the tables say: the tracks of a song.
struct TrackChannels {
    std::map<std::size_t, std::size_t> width = {};  // channel number from 1 -> 1 or 2
};

// Reads every desk table of `root`; what is wrong is added to `problems`.
DeskConfig read_desk(Section& root, const TrackChannels& tracks, Problems& problems);

}  // namespace mixrig::session
