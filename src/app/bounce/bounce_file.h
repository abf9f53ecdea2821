// A file that a bounce writes, and where in the desk its sound comes from.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/sound_file_writer.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace mixrig::app {

// Marks the frames of a block that reach this level.
void mark_loud(const std::vector<float>& side, float level, std::vector<bool>& loud);

class BounceFile {
public:
    // One side of the slice that the desk has just computed.
    using Source = std::function<void(std::size_t side, float* out)>;
    struct Settings {
        std::filesystem::path path = {};
        disk::WriterSettings writer = {};
        std::uint64_t late = 0;      // frames of the desk before its first one
        std::uint64_t pre_roll = 0;  // frames of silence before that
        Source source = {};
    };
    static base::Result<BounceFile> open(Settings settings, std::size_t block);

    // After each slice; `offset` is its place in the block.
    void take(std::size_t offset);
    // After each block, which began at `position` of the desk. What lies behind `length` frames of
    // the song is held back until that grows.
    base::Status write(std::uint64_t position, std::size_t frames, std::uint64_t length);
    base::Status close() { return file_.close(); }

    const std::filesystem::path& path() const { return settings_.path; }
    std::uint64_t late() const { return settings_.late; }
    std::uint64_t frames() const { return file_.frames(); }
    std::uint64_t over() const { return file_.over(); }
    // Marks the frames of the last block that reach this level.
    void mark_loud(float level, std::vector<bool>& loud) const {
        for (const std::vector<float>& side : block_) app::mark_loud(side, level, loud);
    }

private:
    BounceFile(Settings settings, disk::SoundFileWriter file, std::size_t block);

    Settings settings_;
    disk::SoundFileWriter file_;
    std::vector<std::vector<float>> block_;
    std::vector<std::vector<float>> held_;  // not written yet
    std::vector<const float*> pointers_;
};

}  // namespace mixrig::app
