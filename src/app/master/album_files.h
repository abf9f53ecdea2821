// The sound files of a delivery, and the pieces that are cut from them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/master/delivery.h"
#include "src/disk/sound.h"
#include "src/disk/sound_file_writer.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace mixrig::app {

// A file that is written along a time line: what lies between two sounds is silence.
class TimeLineFile {
public:
    // `from` is the frame of the time line that the file begins with.
    static base::Result<TimeLineFile> open(const std::filesystem::path& path,
                                           const disk::WriterSettings& settings,
                                           std::uint64_t from);
    base::Status add(const disk::Sound& sound, std::uint64_t at);
    // Silence up to `end`, and the file appears.
    base::Status close(std::uint64_t end);
    std::uint64_t over() const { return writer_.over(); }

private:
    TimeLineFile(disk::SoundFileWriter writer, std::uint64_t from)
        : writer_(std::move(writer)), position_(from) {}
    base::Status silence(std::uint64_t frames);

    disk::SoundFileWriter writer_;
    std::uint64_t position_;
};

// The frames from `first` up to `last` of a sound file as a file of their own. Samples are on the
// grid of the format already: they pass bit for bit, without a second dither.
base::Status cut_file(const std::filesystem::path& from, std::uint64_t first, std::uint64_t last,
                      const std::filesystem::path& to, const disk::WriterSettings& settings);

// What a listener hears around every gap: so many seconds of the song before it, the gap, so many
// of the song after it; a second of silence between two of these.
base::Status write_preview(const Delivery& delivery, const std::filesystem::path& folder,
                           double seconds, const std::filesystem::path& to);

}  // namespace mixrig::app
