// Which channels of a song make which stem.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/session/song.h"

#include <string>
#include <vector>

namespace mixrig::app {

inline constexpr std::size_t kMostStems = 8;  // what mastering studios take (rule H01)

struct Stem {
    std::string name = {};
    std::vector<bool> channels = {};  // of the desk, from 0
};

// As the tracks say by `stem`; a track without one belongs to OtherSounds. Where no track says
// anything, by roles and by words in the names: Kick, SnareDrum, OtherDrums, BassLine,
// ArpeggiatorSynth, StringSynth, Singer, OtherSounds (rule H07). Every track is in exactly one.
base::Result<std::vector<Stem>> stems_of(const session::Song& song);

// Channels of the voices: by role, or by words in the name of a track that has none. Without any:
// empty.
std::vector<bool> vocals_of(const session::Song& song);

}  // namespace mixrig::app
