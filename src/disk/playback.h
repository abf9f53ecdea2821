// Tracks from the disk in time with the audio: read ahead by a thread of their own, seekable.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"
#include "dsp/units.h"
#include "src/base/loop.h"
#include "src/base/queue.h"
#include "src/base/result.h"
#include "src/disk/sound_file_reader.h"

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace mixrig::disk {

struct PlaybackTrack {
    std::filesystem::path file = {};
    // That it feeds: a mono file feeds both of two, of a stereo file the left side feeds one.
    std::size_t lanes = 1;
};

// Every lane of every track plays from the same moment; a track that is shorter ends in silence.
// Where a loop ends, the last 5 ms cross over into what stands before its beginning, so that the
// beginning goes on from there without a step; before the start of the song that is its beginning
// turned about, by time and by sign.
// What the disk has not brought in time is silence as well, and the time goes on, so that tracks
// stay where they belong.
class Playback {
public:
    static constexpr std::size_t kBlock = 1024;  // frames that are read at once
    static constexpr double kAheadSeconds = 3.0;

    // [any thread, not audio] Opens the files, which must have this rate, and begins to read.
    static base::Result<std::unique_ptr<Playback>> open(const std::vector<PlaybackTrack>& tracks,
                                                        dsp::Hertz rate);
    ~Playback();
    Playback(const Playback&) = delete;
    Playback& operator=(const Playback&) = delete;

    // [control] From this frame of the tracks on, as soon as enough has been read; until then
    // silence, and time stands still. Where the loop ends, its beginning follows.
    void seek(std::uint64_t frame, base::Loop loop = {});
    // [control] The same time with another loop. What has been read already, kAheadSeconds and a
    // block at most, stays as it is: only for loops whose ends lie further ahead, or behind.
    void set_loop(base::Loop loop);

    // [audio] The next frames of each lane, in the order of the tracks; at most kBlock. `out` has
    // room for them. False if some of them are not there: silence.
    bool read(float* const* out, std::size_t frames) MIXRIG_REALTIME;
    // [audio] In place of read() while nothing plays: what was read before a seek() goes back.
    void rest() MIXRIG_REALTIME;
    // [audio] Leaves out the next frames, if they could be read.
    void skip(std::size_t frames) MIXRIG_REALTIME;

    // [any]
    std::size_t lanes() const { return lanes_; }
    std::uint64_t length() const { return length_; }  // frames of the longest track
    // Whether the first frames after open() or seek() are there.
    bool is_ready() const {
        return ready_epoch_.load(std::memory_order_acquire) ==
               epoch_.load(std::memory_order_acquire);
    }
    std::uint64_t late() const { return late_.load(std::memory_order_relaxed); }  // frames

private:
    struct Track {
        SoundFileReader reader;
        std::size_t lanes = 1;
        std::uint64_t at = 0;  // where the reader stands
    };
    // A block that was read; travels to the audio thread and back.
    struct Block {
        std::uint64_t epoch = 0;
        std::uint64_t first = 0;       // frames since the seek, rounds of a loop included
        std::vector<float> samples{};  // [lane][frame]
    };

    Playback(std::vector<Track> tracks, dsp::Hertz rate);
    void loop();
    void begin(std::uint64_t frame);
    bool fill_one();
    void fill_place(Block& block, std::size_t at, std::size_t frames);
    void fill(float* lanes, std::size_t at, std::uint64_t file_frame, std::size_t frames);
    void fill_lead_in(std::uint64_t before, std::size_t frames);
    void cross_over(Block& block, std::size_t at, std::size_t frames);
    void follow_seek() MIXRIG_REALTIME;
    bool next_block() MIXRIG_REALTIME;
    void give_back() MIXRIG_REALTIME;

    std::vector<Track> tracks_;
    std::size_t lanes_ = 0;
    std::uint64_t length_ = 0;
    std::vector<Block> blocks_;
    base::Queue<Block*> full_, empty_;

    // Control to the disk thread.
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t wanted_frame_ = 0;
    base::Loop wanted_loop_;
    bool sought_ = true, stop_ = false;

    // The disk thread's.
    std::uint64_t next_ = 0;   // to be read, counted from the frame that was sought,
    std::uint64_t place_ = 0;  // and where that is in the files
    std::uint64_t reading_epoch_ = 0;
    base::Loop loop_;
    std::size_t seam_;  // frames
    std::vector<float> room_, lead_in_, start_;

    std::atomic<std::uint64_t> epoch_{1};        // of the last seek
    std::atomic<std::uint64_t> ready_epoch_{0};  // the one of which enough is there
    // Of an epoch the audio thread has played so many frames: both in one number.
    std::atomic<std::uint64_t> played_{0};
    std::atomic<std::uint64_t> late_{0};

    // The audio thread's.
    Block* now_ = nullptr;
    std::uint64_t playing_epoch_ = 0;
    std::uint64_t position_ = 0;  // since the seek
    std::thread thread_;
};

}  // namespace mixrig::disk
