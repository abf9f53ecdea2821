// A broadcast wave file that is being recorded: valid at every moment, RF64 once it has to be.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/base/result.h"
#include "src/disk/disk_calls.h"
#include "src/disk/quantize.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mixrig::disk {

enum class RecordingCoding : std::uint8_t { pcm24, float32 };

// What the file says about itself: EBU Tech 3285 (bext) and a LIST INFO chunk.
struct WaveLabel {
    std::string title = {};        // of the track
    std::string description = {};  // at most 256 bytes
    std::string originator = {};   // at most 32
    std::string comment = {};
    std::string date = {}, time = {};  // "2026-11-21", "16:30:00", of the first frame
    std::uint64_t time_reference = 0;  // frames from midnight to the first frame
};

struct WaveSettings {
    RecordingCoding coding = RecordingCoding::pcm24;
    std::size_t channels = 1;
    dsp::Hertz rate{48000.0};
    WaveLabel label = {};
    // A file of more bytes is RF64 (EBU Tech 3306): the largest number that WAV has room for.
    std::uint64_t largest_wav = 0xffffffffu;
};

// [one thread, not audio] Ours and not libsndfile's, for three promises: there is no moment at
// which the file has no valid header (it gets its name only with one, and each later header is one
// write of one page); up to 4 GiB it is a plain WAV also when the program is killed, with room kept
// for what RF64 needs; and after a failed write what was good before is cut out cleanly.
class WaveFile {
public:
    // There must be no such file yet.
    static base::Result<std::unique_ptr<WaveFile>> create(const std::filesystem::path& path,
                                                          WaveSettings settings,
                                                          const DiskCalls& calls);
    ~WaveFile();
    WaveFile(const WaveFile&) = delete;
    WaveFile& operator=(const WaveFile&) = delete;

    // Behind what there is; `planar[c]` has `frames` samples. After an error the file holds
    // anything behind frames(): call cut().
    base::Status append(const float* const* planar, std::size_t frames);
    // Makes the header tell of all frames.
    base::Status update_header();
    // Leaves `frames` of them, and a header that says so.
    base::Status cut(std::uint64_t frames);
    // For whoever syncs it: a file descriptor of its own, to be closed by the caller; -1 if none.
    int duplicate() const;

    std::uint64_t frames() const { return frames_; }
    std::uint64_t clipped() const { return quantizer_.clipped(); }
    const std::filesystem::path& path() const { return path_; }

    static constexpr std::size_t kHeaderBytes = 4096;

private:
    WaveFile(std::filesystem::path path, WaveSettings settings, const DiskCalls& calls);
    base::Status open();
    base::Status write_all(const std::uint8_t* bytes, std::size_t count, std::uint64_t at);
    std::size_t bytes_per_frame() const;
    std::vector<std::uint8_t> header() const;

    std::filesystem::path path_;
    WaveSettings settings_;
    const DiskCalls& calls_;
    int file_ = -1;
    std::uint64_t frames_ = 0;
    Quantizer quantizer_{24, 1};
    std::vector<float> interleaved_;
    std::vector<std::int32_t> whole_;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace mixrig::disk
