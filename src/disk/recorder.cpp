// The disk thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/recorder.h"

#include "src/base/clock.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <exception>
#include <fstream>
#include <limits>
#include <new>
#include <utility>

namespace mixrig::disk {
namespace {

constexpr std::chrono::milliseconds kRecorderTurn{200}, kIdle{1000};
constexpr std::int64_t kLookEvery = 1'000'000'000;
constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

// What could be had without making others smaller; 0 if it cannot be told.
std::size_t available_memory() {
    std::ifstream file("/proc/meminfo");
    std::string word;
    while (file >> word)
        if (std::size_t kilobytes = 0; word == "MemAvailable:" && file >> kilobytes)
            return kilobytes * 1024;
    return 0;
}

// Of the folder, or of what it would be made in.
std::int64_t free_bytes(std::filesystem::path folder, const DiskCalls& calls) {
    std::error_code error;
    while (!std::filesystem::exists(folder, error) && folder.has_relative_path())
        folder = folder.parent_path();
    return calls.free(folder.empty() ? "." : folder);
}

bool is_full(const base::Error& error) {
    return error.hint == kDiskFull;
}

base::Error no_room(const std::filesystem::path& folder) {
    return {"there is no room left", folder.string(), kDiskFull};
}

}  // namespace

Recorder::Recorder(DiskCalls calls) : calls_(std::move(calls)), thread_([this] { loop(); }) {}

Recorder::~Recorder() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Recorder::give(Order order) {
    {
        const std::lock_guard lock(mutex_);
        orders_.push_back(std::move(order));
    }
    changed_.notify_one();
}

void Recorder::begin(TakeOrder order) {
    {
        // Whoever asks next is told so already.
        const std::lock_guard lock(mutex_);
        const auto free = report_.free_bytes;
        const auto ended = report_.ended;
        report_ = {.state = RecorderState::recording, .ended = ended, .free_bytes = free};
    }
    give(std::move(order));
}

void Recorder::end(std::uint64_t quantum) {
    give(End{quantum});
}

void Recorder::make_tape(std::vector<link::TapeSource> sources, std::size_t quanta,
                         std::size_t least) {
    give(TapeOrder{std::move(sources), quanta, least});
}

std::optional<base::Result<std::shared_ptr<link::Tape>>> Recorder::take_tape() {
    const std::lock_guard lock(mutex_);
    return std::exchange(made_, std::nullopt);
}

RecorderReport Recorder::report() const {
    const std::lock_guard lock(mutex_);
    return report_;
}

void Recorder::watch(const std::filesystem::path& folder) {
    {
        const std::lock_guard lock(mutex_);
        watched_ = folder;
    }
    changed_.notify_one();
}

void Recorder::loop() {
    for (;;) {
        std::vector<Order> orders;
        {
            std::unique_lock lock(mutex_);
            const auto wait = behind_ ? std::chrono::milliseconds(0)
                              : take_ ? kRecorderTurn
                                      : kIdle;
            changed_.wait_for(lock, wait, [this] { return stop_ || !orders_.empty(); });
            if (stop_ && orders_.empty()) break;
            orders = std::exchange(orders_, {});
        }
        try {
            for (Order& order : orders) std::visit([this](auto& one) { obey(one); }, order);
            (void)turn();
        } catch (const std::exception& failure) {  // no memory
            finish(RecorderState::failed, base::Error{failure.what()});
        }
    }
    // The audio has stopped: what is on the tape is all that there will be.
    if (take_) until_ = std::min(until_, std::max(take_->tape_end(), take_->next()));
    while (take_) (void)turn();
}

// Whether there is more to do at once.
bool Recorder::turn() {
    behind_ = false;
    if (take_) drain();
    if (const std::int64_t now = base::monotonic_ns(); now - looked_ >= kLookEvery) {
        looked_ = now;
        look_at_space();
    }
    look_at_ending();
    // Whoever had it has let it go: nobody but us, so nobody waits while it is freed.
    std::erase_if(tapes_, [](const auto& tape) { return tape.use_count() == 1; });
    tell();
    return behind_;
}

void Recorder::obey(TakeOrder& order) {
    if (take_) finish(RecorderState::off, std::nullopt);
    const std::filesystem::path folder = order.folder;
    const std::int64_t free = free_bytes(folder, calls_);
    if (free >= 0 && free < kReserveBytes) return finish(RecorderState::full, no_room(folder));
    auto take = Take::begin(std::move(order), calls_);
    if (!take)
        return finish(is_full(take.error()) ? RecorderState::full : RecorderState::failed,
                      take.error());
    take_ = *std::move(take);
    until_ = kNever;
}

void Recorder::obey(End& end) {
    if (take_) until_ = std::max(end.quantum, take_->next());
}

void Recorder::obey(TapeOrder& order) {
    std::size_t lanes = 0;
    for (const auto& source : order.sources) lanes += source.lanes;
    const std::size_t most = available_memory() / 2;
    const std::size_t one = link::Tape::bytes(lanes, 1);
    if (most != 0 && order.quanta * one > most) order.quanta = most / one;
    base::Result<std::shared_ptr<link::Tape>> made =
        base::Error{"there is no memory for the look-back of so many strips", {}, "disarm some"};
    if (order.quanta >= order.least) {
        try {
            made = std::make_shared<link::Tape>(std::move(order.sources), order.quanta);
            tapes_.push_back(*made);
        } catch (const std::bad_alloc&) {
        }
    }
    const std::lock_guard lock(mutex_);
    made_ = std::move(made);
}

void Recorder::drain() {
    const auto progress = take_->drain(until_);
    if (!progress)
        return finish(is_full(progress.error()) ? RecorderState::full : RecorderState::failed,
                      progress.error());
    behind_ = *progress == Take::Progress::more;
    if (take_->next() >= until_) finish(RecorderState::off, std::nullopt);
}

void Recorder::finish(RecorderState state, std::optional<base::Error> error) {
    if (take_) {
        tell();
        if (auto status = take_->finish(); !status && !error) {
            state = RecorderState::failed;
            error = status.error();
        }
        if (auto syncer = take_->take_syncer()) ending_.push_back(std::move(syncer));
        take_.reset();
    }
    behind_ = false;
    const std::lock_guard lock(mutex_);
    // A new one may have been asked for meanwhile.
    const bool next = std::any_of(orders_.begin(), orders_.end(), [](const Order& order) {
        return std::holds_alternative<TakeOrder>(order);
    });
    if (!next) report_.state = state;
    report_.error = std::move(error);
    ++report_.ended;
}

void Recorder::look_at_space() {
    std::filesystem::path folder;
    {
        const std::lock_guard lock(mutex_);
        folder = watched_;
    }
    if (folder.empty()) return;
    const std::int64_t free = free_bytes(folder, calls_);
    {
        const std::lock_guard lock(mutex_);
        report_.free_bytes = free;
    }
    // The last bytes are for the state of the desk, and for headers.
    if (take_ && free >= 0 && free < kReserveBytes) finish(RecorderState::full, no_room(folder));
}

// What has ended is valid; whether the disk has it shows later.
void Recorder::look_at_ending() {
    std::erase_if(ending_, [this](const auto& syncer) {
        if (!syncer->is_done()) return false;
        if (syncer->error() == 0) return true;
        const std::lock_guard lock(mutex_);
        if (report_.state == RecorderState::off) report_.state = RecorderState::failed;
        report_.error = base::Error{"not all of it could be brought onto the disk: " +
                                    std::string(std::strerror(syncer->error()))};
        ++report_.ended;
        return true;
    });
}

void Recorder::tell() {
    if (!take_) return;
    const std::lock_guard lock(mutex_);
    report_.folder = take_->folder().string();
    report_.frames = take_->frames();
    report_.gaps = take_->gaps();
    report_.gap_frames = take_->gap_frames();
    report_.clipped = take_->clipped();
}

}  // namespace mixrig::disk
