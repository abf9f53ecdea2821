// One recording: from the tape into a folder of files, all of one length.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/disk/syncer.h"
#include "src/disk/wave_file.h"
#include "src/link/tape.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace mixrig::disk {

struct TakeTrack {
    std::string file = {};   // "01-Kick", without its suffix
    std::string title = {};  // in the file's metadata
    std::size_t lane = 0;    // of the tape
    std::size_t lanes = 1;
};

struct TakeOrder {
    std::shared_ptr<const link::Tape> tape = {};
    std::uint64_t from = 0;             // the first quantum
    std::filesystem::path folder = {};  // in which the take gets a folder of its own
    std::string name = {};              // of that; if it is taken, with a number behind it
    std::vector<TakeTrack> tracks = {};
    dsp::Hertz rate{48000.0};
    RecordingCoding coding = RecordingCoding::pcm24;
    std::string desk = {};                             // for the description
    std::chrono::system_clock::time_point began = {};  // when the first frame was heard
    std::uint64_t largest_wav = WaveSettings{}.largest_wav;
};

// [one thread, not audio]
class Take {
public:
    // The folder and its files are there, without a frame.
    static base::Result<std::unique_ptr<Take>> begin(TakeOrder order, const DiskCalls& calls);

    enum class Progress : std::uint8_t { caught_up, more };
    // Writes what the tape has before quantum `until`, a second of it at most, and headers that
    // tell of it.
    base::Result<Progress> drain(std::uint64_t until);
    // All files end with the same frame, valid. They get onto the disk in their own time: who wants
    // to know when asks what this leaves.
    base::Status finish();
    std::unique_ptr<Syncer> take_syncer() { return std::move(syncer_); }

    std::uint64_t next() const { return next_; }  // the quantum to come
    std::uint64_t tape_end() const { return order_.tape->readable().end; }
    std::uint64_t frames() const { return frames_; }
    std::uint64_t gap_frames() const { return gap_frames_; }
    std::uint64_t gaps() const { return gaps_; }
    std::uint64_t clipped() const;
    const std::filesystem::path& folder() const { return folder_; }

private:
    Take(TakeOrder order, const DiskCalls& calls) : order_(std::move(order)), calls_(calls) {}
    base::Status make_folder();
    base::Status make_files();
    WaveLabel label(const TakeTrack& track) const;
    bool read(std::size_t quanta);
    base::Status append(std::size_t quanta);
    base::Status fill_gap(std::uint64_t until);

    TakeOrder order_;
    const DiskCalls& calls_;
    std::filesystem::path folder_;
    std::vector<std::unique_ptr<WaveFile>> files_;  // beside order_.tracks
    std::unique_ptr<Syncer> syncer_;
    std::vector<std::vector<float>> room_;  // [lane]
    std::uint64_t next_ = 0;
    std::uint64_t frames_ = 0, gap_frames_ = 0, gaps_ = 0;
};

}  // namespace mixrig::disk
