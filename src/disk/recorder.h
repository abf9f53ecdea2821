// The disk thread: recordings, and the tapes that they are taken from.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/disk/take.h"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

namespace mixrig::disk {

enum class RecorderState : std::uint8_t {
    off,
    recording,
    full,    // the disk was; what had been recorded is valid
    failed,  // something else ended it
};

struct RecorderReport {
    RecorderState state = RecorderState::off;
    std::string folder = {};                // of the take at work, or of the last one
    std::uint64_t frames = 0;               // of it
    std::uint64_t gaps = 0;                 // in it
    std::uint64_t gap_frames = 0;           // filled with silence
    std::uint64_t clipped = 0;              // samples beyond full scale; 24 bit only
    std::uint64_t ended = 0;                // counts up with each take that has ended
    std::int64_t free_bytes = -1;           // negative: cannot be told
    std::optional<base::Error> error = {};  // why the last one ended, or did not begin
};

// Nothing here waits for the disk but its own thread; orders are done one after another.
class Recorder {
public:
    explicit Recorder(DiskCalls calls = DiskCalls::real());
    ~Recorder();  // ends a recording at work and waits for the disk
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    // [control] One at a time: a second one ends the first.
    void begin(TakeOrder order);
    // [control] With the quantum before this one, as soon as the tape has come so far.
    void end(std::uint64_t quantum);
    RecorderReport report() const;
    // [control] Whose free space is told, and how much of it must be left to go on.
    void watch(const std::filesystem::path& folder);
    static constexpr std::int64_t kReserveBytes = 4 << 20;

    // [control] Hundreds of megabytes take a while to be had: take_tape() has the tape later. It
    // becomes shorter, down to `least` quanta, where memory is scarce. The recorder also frees it.
    void make_tape(std::vector<link::TapeSource> sources, std::size_t quanta, std::size_t least);
    std::optional<base::Result<std::shared_ptr<link::Tape>>> take_tape();

private:
    struct End {
        std::uint64_t quantum;
    };
    struct TapeOrder {
        std::vector<link::TapeSource> sources;
        std::size_t quanta, least;
    };
    using Order = std::variant<TakeOrder, End, TapeOrder>;

    void loop();
    void give(Order order);
    void obey(TakeOrder& order);
    void obey(End& end);
    void obey(TapeOrder& order);
    bool turn();
    void drain();
    void finish(RecorderState state, std::optional<base::Error> error);
    void look_at_space();
    void look_at_ending();
    void tell();

    const DiskCalls calls_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Order> orders_;
    RecorderReport report_;
    std::filesystem::path watched_;
    std::optional<base::Result<std::shared_ptr<link::Tape>>> made_;
    bool stop_ = false;

    // The thread's own.
    std::unique_ptr<Take> take_;
    std::vector<std::unique_ptr<Syncer>> ending_;  // of takes that have ended
    std::uint64_t until_ = 0;
    bool behind_ = false;  // the tape has more
    std::int64_t looked_ = 0;
    std::vector<std::shared_ptr<link::Tape>> tapes_;
    std::thread thread_;
};

}  // namespace mixrig::disk
