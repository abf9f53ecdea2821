// The outputs of a desk as sound files.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/console.h"
#include "src/disk/sound_file_writer.h"
#include "src/param/values.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace mixrig::app {

class ReplayFiles {
public:
    // `block` frames at most are written at a time; `frames` is how many there will be.
    ReplayFiles(Console& console, std::size_t block);
    // Main, then auxes, matrices and the monitor: "main.wav", "aux-1-Singer.wav".
    base::Status open(const std::filesystem::path& folder, const param::Layout& layout,
                      const param::Values& values, std::uint64_t frames, bool main_only);

    float* const* buffers() const { return pointers_.data(); }
    // What stands in the buffers.
    base::Status write(std::size_t frames);
    // The files appear. Their paths.
    base::Result<std::vector<std::filesystem::path>> close();

private:
    struct File {
        std::filesystem::path path;
        disk::SoundFileWriter writer;
        std::size_t output = 0;  // of its first channel
    };
    Console& console_;
    std::vector<std::vector<float>> samples_;  // by engine output
    std::vector<float*> pointers_;
    std::vector<File> files_;
};

}  // namespace mixrig::app
