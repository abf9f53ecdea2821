// The header of a sound file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/look_at.h"

#include "src/disk/sound_file_reader.h"

namespace mixrig::app {

base::Result<session::TrackFacts> look_at_sound(const std::filesystem::path& file) {
    const auto opened = disk::SoundFileReader::open(file);
    if (!opened) return opened.error();
    const disk::SoundInfo& info = opened->info();
    if (info.frames == 0) return no_sound(file);
    return session::TrackFacts{info.channels, info.rate, info.frames};
}

base::Error no_sound(const std::filesystem::path& file) {
    return {.what = "holds no sound", .where = file.string(), .hint = "its length is 0 frames"};
}

}  // namespace mixrig::app
