// From the tape into files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/take.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace mixrig::disk {
namespace {

constexpr std::size_t kQuanta = 128;     // quanta that are written at once: 4096 frames
constexpr std::size_t kMostNames = 100;  // takes of one second
// Who was overtaken leaves so much of the ring out, or would be overtaken again at once.
constexpr std::size_t kMarginShare = 16;

std::string stamped(const std::tm& when, const char* format) {
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), format, &when)};
}

}  // namespace

base::Result<std::unique_ptr<Take>> Take::begin(TakeOrder order, const DiskCalls& calls) {
    std::unique_ptr<Take> take(new Take(std::move(order), calls));
    take->next_ = take->order_.from;
    if (auto status = take->make_folder(); !status) return status.error();
    if (auto status = take->make_files(); !status) return status.error();
    return take;
}

base::Status Take::make_folder() {
    std::error_code error;
    std::filesystem::create_directories(order_.folder, error);
    if (error)
        return base::Error{"cannot be made: " + error.message(), order_.folder.string(),
                           "set [recording] folder"};
    for (std::size_t n = 1; n < kMostNames; ++n) {
        folder_ = order_.folder / (n == 1 ? order_.name : order_.name + "-" + std::to_string(n));
        if (::mkdir(folder_.c_str(), 0755) == 0) return base::Done{};
        if (errno != EEXIST) break;
    }
    return base::Error{"cannot be made: " + std::string(std::strerror(errno)), folder_.string(),
                       "set [recording] folder"};
}

base::Status Take::make_files() {
    std::vector<int> descriptors;
    for (const TakeTrack& track : order_.tracks) {
        auto file = WaveFile::create(folder_ / (track.file + ".wav"),
                                     {.coding = order_.coding,
                                      .channels = track.lanes,
                                      .rate = order_.rate,
                                      .label = label(track),
                                      .largest_wav = order_.largest_wav},
                                     calls_);
        if (!file) {
            for (const int descriptor : descriptors) ::close(descriptor);
            return file.error();
        }
        files_.push_back(*std::move(file));
        if (const int own = files_.back()->duplicate(); own >= 0) descriptors.push_back(own);
    }
    // The names, too. (Some file systems cannot sync a folder; then there is nothing to be had.)
    if (const int own = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); own >= 0) {
        if (calls_.sync(own) == 0)
            descriptors.push_back(own);
        else
            ::close(own);
    }
    syncer_ = std::make_unique<Syncer>(std::move(descriptors), calls_);
    room_.assign(order_.tape->lanes(), std::vector<float>(kQuanta * dsp::kQuantum));
    return base::Done{};
}

WaveLabel Take::label(const TakeTrack& track) const {
    using std::chrono::duration;
    const std::time_t seconds = std::chrono::system_clock::to_time_t(order_.began);
    std::tm when = {};
    ::localtime_r(&seconds, &when);
    const double fraction =
        duration<double>(order_.began - std::chrono::system_clock::from_time_t(seconds)).count();
    const double midnight = when.tm_hour * 3600.0 + when.tm_min * 60.0 + when.tm_sec + fraction;
    return {
        .title = track.title,
        .description = order_.desk + ": " + track.title,
        .originator = "mixrig",
        .comment = "frame " + std::to_string(order_.from * dsp::kQuantum) + " of the engine",
        .date = stamped(when, "%Y-%m-%d"),
        .time = stamped(when, "%H:%M:%S"),
        .time_reference = static_cast<std::uint64_t>(std::max(0.0, midnight) * order_.rate.value)};
}

// False if the writer of the tape has come round.
bool Take::read(std::size_t quanta) {
    for (std::size_t lane = 0; lane < room_.size(); ++lane)
        if (!order_.tape->read(lane, next_, quanta, room_[lane].data())) return false;
    return true;
}

base::Status Take::append(std::size_t quanta) {
    const std::size_t frames = quanta * dsp::kQuantum;
    for (std::size_t t = 0; t < files_.size(); ++t) {
        const TakeTrack& track = order_.tracks[t];
        const std::array<const float*, 2> planar = {room_[track.lane].data(),
                                                    room_[track.lane + track.lanes - 1].data()};
        if (auto status = files_[t]->append(planar.data(), frames); !status) return status;
    }
    next_ += quanta;
    frames_ += frames;
    return base::Done{};
}

// Silence in place of what was overwritten, so that everything behind it stays where it belongs.
base::Status Take::fill_gap(std::uint64_t until) {
    ++gaps_;
    for (auto& lane : room_) std::fill(lane.begin(), lane.end(), 0.0f);
    while (next_ < until) {
        const std::size_t quanta = std::min<std::uint64_t>(kQuanta, until - next_);
        if (auto status = append(quanta); !status) return status;
        gap_frames_ += quanta * dsp::kQuantum;
    }
    return base::Done{};
}

base::Result<Take::Progress> Take::drain(std::uint64_t until) {
    const std::uint64_t before = frames_;
    Progress progress = Progress::caught_up;
    for (;;) {
        const link::Tape::Range there = order_.tape->readable();
        const std::uint64_t end = std::min(there.end, until);
        if (next_ >= end) break;
        if (static_cast<double>(frames_ - before) >= order_.rate.value) {
            progress = Progress::more;
            break;
        }
        const std::size_t quanta = std::min<std::uint64_t>(kQuanta, end - next_);
        base::Status status = base::Done{};
        if (next_ < there.begin || !read(quanta)) {
            const std::uint64_t margin = order_.tape->capacity() / kMarginShare;
            status = fill_gap(std::min(end, order_.tape->readable().begin + margin));
        } else {
            status = append(quanta);
        }
        if (!status) return status.error();
    }
    if (frames_ == before) return progress;
    for (const auto& file : files_)
        if (auto status = file->update_header(); !status) return status.error();
    return progress;
}

base::Status Take::finish() {
    base::Status first = base::Done{};
    for (const auto& file : files_)
        if (auto status = file->cut(frames_); !status && first) first = status;
    if (syncer_) syncer_->end();
    return first;
}

std::uint64_t Take::clipped() const {
    std::uint64_t sum = 0;
    for (const auto& file : files_) sum += file->clipped();
    return sum;
}

}  // namespace mixrig::disk
