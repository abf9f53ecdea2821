// The header of a sound file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/look_at.h"

#include "src/disk/sound_file_reader.h"

namespace mixrig::app {

base::Result<session::TrackFacts> look_at_sound(const std::filesystem::path& file) {
    const auto opened = disk::SoundFileReader::open(file);
    if (!opened) return opened.error();
    const disk::SoundInfo& info = opened->info();
    return session::TrackFacts{info.channels, info.rate, info.frames};
}

}  // namespace mixrig::app
