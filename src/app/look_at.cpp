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

base::Status not_onto_itself(const std::filesystem::path& input,
                             const std::filesystem::path& output) {
    std::error_code unlike;
    if (!std::filesystem::equivalent(input, output, unlike)) return base::Done{};
    return base::Error{"would be written over what it is made from", output.string(),
                       "choose another name with -o"};
}

}  // namespace mixrig::app
