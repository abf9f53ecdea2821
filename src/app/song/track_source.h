// The tracks of a song as the inputs of an offline desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/disk/sound.h"
#include "src/disk/sound_file_reader.h"
#include "src/engine/geometry.h"
#include "src/session/song.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace mixrig::app {

// Reads as it goes; only tracks of another sample rate are held whole, resampled.
class TrackSource {
public:
    static base::Result<TrackSource> open(const session::Song& song,
                                          const engine::Geometry& geometry, dsp::Hertz rate);

    // The next `frames` frames of every engine input; silence where a track has ended or not begun.
    base::Status read(std::size_t frames);
    // Tracks with samples that are no sound, each with its file and the second of the first.
    const std::vector<base::Error>& damaged() const { return damaged_; }
    const float* const* inputs() const { return pointers_.data(); }
    // Frames until the last track has ended.
    std::uint64_t frames() const { return frames_; }

private:
    struct Track {
        std::filesystem::path path;
        std::optional<disk::SoundFileReader> file;
        disk::Sound held;         // in place of the file
        std::uint64_t begin = 0;  // in frames of the desk
        std::uint64_t frames = 0;
        std::size_t input = 0;  // engine input of its first channel
        std::size_t channels = 1;
        bool on_both_sides = false;  // a mono track on a stereo channel
        bool is_damaged = false;
    };
    TrackSource(std::size_t inputs, dsp::Hertz rate)
        : rate_(rate), buffers_(inputs), pointers_(inputs) {}
    base::Status read_track(Track& track, std::size_t frames);
    void check(Track& track, std::span<const float> samples, std::uint64_t first);

    dsp::Hertz rate_;
    std::vector<Track> tracks_;
    std::vector<base::Error> damaged_;
    std::vector<std::vector<float>> buffers_;
    std::vector<const float*> pointers_;
    std::uint64_t position_ = 0;
    std::uint64_t frames_ = 0;
};

}  // namespace mixrig::app
