// Writes sound files: whole or not at all.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/format.h"
#include "src/disk/quantize.h"
#include "src/disk/sound.h"
#include "src/disk/tags.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace mixrig::disk {

struct WriterSettings {
    Format format = {};
    std::size_t channels = 2;
    dsp::Hertz rate = {48000.0};
    std::uint64_t dither_seed = 1;  // same seed, same samples, same file
    Dither dither = Dither::triangular;
    Tags tags = {};
};

// [one thread, not audio] Writes under a temporary name beside `path`; `close` makes it appear,
// complete and on the disk, in place of what was there. A writer that is destroyed before, or a
// program that is killed, leaves whatever was at `path` untouched. The bytes depend on samples,
// format, tags and seed, nothing else.
class SoundFileWriter {
public:
    static base::Result<SoundFileWriter> open(const std::filesystem::path& path,
                                              const WriterSettings& settings);
    SoundFileWriter(SoundFileWriter&&) noexcept;
    SoundFileWriter& operator=(SoundFileWriter&&) noexcept;
    ~SoundFileWriter();

    // After an error the file is given up: `close` will say so too.
    base::Status write(std::span<const float> interleaved);
    base::Status write(const float* const* planar, std::size_t frames);
    base::Status close();

    std::uint64_t frames() const;
    // Samples beyond full scale so far; float files keep them, the others clip.
    std::uint64_t over() const;

private:
    struct File;
    explicit SoundFileWriter(std::unique_ptr<File> file);
    std::unique_ptr<File> file_;
};

base::Status write_whole(const std::filesystem::path& path, const Sound& sound, Format format);

}  // namespace mixrig::disk
