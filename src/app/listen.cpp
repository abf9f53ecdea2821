// A sound file through the measurer.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/listen.h"

#include "src/app/look_at.h"
#include "src/disk/sound_file_reader.h"

namespace mixrig::app {

base::Result<monitor::Measurement> listen(const std::filesystem::path& path) {
    auto file = disk::SoundFileReader::open(path);
    if (!file) return file.error();
    const disk::SoundInfo& info = file->info();
    if (info.frames == 0) return no_sound(path);
    auto measured = monitor::measure(
        {.channels = info.channels, .rate = info.rate, .full_scale = info.full_scale},
        [&file](std::span<float> interleaved) { return file->read(interleaved); });
    if (!measured && measured.error().where.empty())
        return base::Error{measured.error().what, path.string(), measured.error().hint};
    return measured;
}

}  // namespace mixrig::app
