// Reads sound files: WAV, RF64, AIFF, FLAC and whatever else libsndfile knows.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/sound.h"

#include <filesystem>
#include <memory>
#include <span>

namespace mixrig::disk {

// [one thread, not audio] Full scale is 1.0; 16- and 24-bit samples are exact in a float.
class SoundFileReader {
public:
    // Refuses what would be read as something else than was meant: rates that are none, sound that
    // is not there. Nothing at all is a sound: a take that ended before it began.
    static base::Result<SoundFileReader> open(const std::filesystem::path& path);
    SoundFileReader(SoundFileReader&&) noexcept;
    SoundFileReader& operator=(SoundFileReader&&) noexcept;
    ~SoundFileReader();

    const SoundInfo& info() const { return info_; }

    // Fills `out` with as many whole frames as fit; returns how many frames there were, fewer only
    // at the end of the file; an error where that comes before the end that its header promised.
    base::Result<std::size_t> read(std::span<float> interleaved);
    // `planar[c]` has room for `frames` samples of channel c.
    base::Result<std::size_t> read(float* const* planar, std::size_t frames);
    base::Status seek(std::uint64_t frame);

private:
    struct File;
    explicit SoundFileReader(std::unique_ptr<File> file);
    std::unique_ptr<File> file_;
    SoundInfo info_;
};

base::Result<Sound> read_whole(const std::filesystem::path& path);

}  // namespace mixrig::disk
