// The flight recorder.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/flight/flight.h"

#include "dsp/cpu.h"
#include "src/base/clock.h"
#include "src/disk/sound_file_writer.h"
#include "src/session/atomic_file.h"
#include "src/session/scene.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <exception>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace mixrig::app {

namespace {

constexpr std::chrono::milliseconds kTurn{10};
constexpr std::int64_t kSyncEvery = 1'000'000'000;  // ns

base::Error system_error(const std::string& what, const std::filesystem::path& path) {
    return {what + ": " + std::strerror(errno), path.string()};
}

// A new folder, named after the moment.
base::Result<std::filesystem::path> folder_of_now(const std::filesystem::path& parent) {
    std::error_code error;
    std::filesystem::create_directories(parent, error);
    if (error)
        return base::Error{"cannot be made: " + error.message(), parent.string(),
                           "set [flight] folder"};
    const std::time_t now = std::time(nullptr);
    std::tm local = {};
    ::localtime_r(&now, &local);
    std::array<char, 32> text{};
    const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d_%H-%M-%S", &local);
    const std::string name(text.data(), length);
    for (int attempt = 1; attempt < 1000; ++attempt) {
        const auto folder = parent / (attempt == 1 ? name : name + "-" + std::to_string(attempt));
        if (std::filesystem::create_directory(folder, error)) {
            // What was heard and said on a desk is for nobody else on the machine.
            std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
            return folder;
        }
        if (error) return base::Error{"cannot be made: " + error.message(), folder.string()};
    }
    return base::Error{"has a flight of every name already", parent.string()};
}

int open_new(const std::filesystem::path& path) {
    return ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
}

bool append(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t done = ::write(file, text.data(), text.size());
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(done));
    }
    return true;
}

}  // namespace

base::Result<std::unique_ptr<Flight>> Flight::open(const FlightStart& start,
                                                   const param::Layout& layout,
                                                   const param::Values& values,
                                                   std::shared_ptr<FlightTape> tape) {
    const auto folder = folder_of_now(start.folder);
    if (!folder) return folder.error();
    const std::array<std::pair<std::string_view, std::string>, 2> texts = {
        {{session::kFlightDesk, start.desk},
         {session::kFlightStart, session::write_scene(layout, values, session::Lines::all)}}};
    for (const auto& [name, text] : texts)
        if (auto status = session::save_atomically(*folder / name, text, session::Keep::nothing);
            !status)
            return status.error();
    auto inputs = disk::InputFileWriter::create(*folder / session::kFlightInputs, tape->inputs());
    if (!inputs) return inputs.error();
    const int events = open_new(*folder / session::kFlightEvents);
    if (events < 0) return system_error("cannot be made", *folder / session::kFlightEvents);
    const int info = open_new(*folder / session::kFlightInfo);
    const std::string head = session::flight_head({.rate = start.rate,
                                                   .inputs = tape->inputs(),
                                                   .processor = dsp::target_name(),
                                                   .from_start = start.from_start});
    if (info < 0 || !append(info, head) ||
        !append(events,
                "# mixrig automation 1\n"
                "# Behind each line stands the batch in which the engine had it.\n")) {
        const base::Error error = system_error("cannot be written", *folder);
        ::close(events);
        if (info >= 0) ::close(info);
        return error;
    }
    return std::unique_ptr<Flight>(
        new Flight(layout, std::move(tape), start.rate, *folder, std::move(*inputs), events, info));
}

Flight::Flight(const param::Layout& layout, std::shared_ptr<FlightTape> tape, dsp::Hertz rate,
               std::filesystem::path folder, disk::InputFileWriter inputs, int events, int info)
    : folder_(std::move(folder)),
      rate_(rate),
      tape_(std::move(tape)),
      log_(layout,
           [this](std::string_view lines) {
               const std::lock_guard lock(mutex_);
               lines_ += lines;
           }),
      session_(tape_->start()),
      inputs_(std::move(inputs)),
      events_(events),
      info_(info),
      planar_(tape_->inputs()),
      thread_([this] { loop(); }) {}

Flight::~Flight() {
    end();
    thread_.join();
    ::close(events_);
    ::close(info_);
}

void Flight::keep_impulse(std::size_t effect, const std::vector<std::vector<float>>* response,
                          Since since) {
    session::FlightImpulse impulse{.effect = effect};
    if (response != nullptr)
        impulse.file = "impulse-" + std::to_string(effect + 1) + "-" +
                       std::to_string(++kept_impulses_) + ".wav";
    if (since == Since::next_batch) log_.said_impulse(effect, impulse.file);
    const std::lock_guard lock(mutex_);
    if (since == Since::start) lines_ += session::flight_impulse_line(0, impulse, {});
    if (response != nullptr)
        impulses_.emplace_back(folder_ / impulse.file,
                               disk::Sound{.rate = rate_, .tracks = *response});
}

void Flight::told_until(std::uint64_t frame) {
    const std::lock_guard lock(mutex_);
    told_until_ = frame;
}

void Flight::end() {
    {
        const std::lock_guard lock(mutex_);
        if (end_) return;
    }
    tape_->stop();
    log_.finish();
    const std::lock_guard lock(mutex_);
    told_until_ = UINT64_MAX;
    end_ = true;
    changed_.notify_one();
}

std::optional<base::Error> Flight::take_error() {
    const std::lock_guard lock(mutex_);
    return std::exchange(error_, std::nullopt);
}

void Flight::report(base::Error error) {
    const std::lock_guard lock(mutex_);
    error_ = std::move(error);
}

void Flight::loop() {
    base::Status status = base::Done{};
    std::int64_t synced = base::monotonic_ns();
    try {
        for (bool ended = false; status && !ended;) {
            status = write_once(ended);
            if (base::monotonic_ns() - synced < kSyncEvery) continue;
            inputs_.sync();
            ::fdatasync(events_);
            synced = base::monotonic_ns();
        }
        finish(status);
    } catch (const std::exception& failure) {  // no memory
        finish(base::Error{failure.what(), folder_.string()});
    }
    finished_.store(true, std::memory_order_release);
}

// First what was said, then what came in until then: a flight that breaks off has every event of
// the sound that it has.
base::Status Flight::write_once(bool& ended) {
    std::string lines;
    std::vector<std::pair<std::filesystem::path, disk::Sound>> impulses;
    std::uint64_t until = 0;
    {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, kTurn, [this] { return end_; });
        lines = std::exchange(lines_, {});
        impulses = std::exchange(impulses_, {});
        until = told_until_;
        ended = end_;
    }
    for (const auto& [path, sound] : impulses)
        if (auto status =
                disk::write_whole(path, sound, {disk::Container::wav, disk::Coding::float32});
            !status)
            return status;
    if (!append(events_, lines))
        return system_error("cannot be written", folder_ / session::kFlightEvents);
    return write_tape(until);
}

base::Status Flight::write_tape(std::uint64_t until) {
    FlightTape::Quantum quantum;
    while (tape_->front(quantum)) {
        if (quantum.session == session_) {
            if (quantum.frame >= until) break;
            if (auto status = write_quantum(quantum); !status) return status;
        }
        tape_->pop();
    }
    return base::Done{};
}

base::Status Flight::write_quantum(const FlightTape::Quantum& quantum) {
    const auto say = [this](const std::string& text) { return append(info_, text); };
    if (!first_frame_) {
        first_frame_ = quantum.frame;
        if (!say(session::flight_begin(quantum.frame)))
            return system_error("cannot be written", folder_ / session::kFlightInfo);
    }
    const std::uint64_t next = *first_frame_ + inputs_.frames();
    if (quantum.frame > next) {
        const session::FlightGap gap{next, quantum.frame - next};
        if (!say(session::flight_gap(gap)))
            return system_error("cannot be written", folder_ / session::kFlightInfo);
        report({"the disk was too slow: " + std::to_string(gap.frames) +
                    " frames are missing from frame " + std::to_string(gap.frame) + " on",
                folder_.string()});
        if (auto status = inputs_.write_silence(gap.frames); !status) return status;
    }
    for (std::size_t i = 0; i < planar_.size(); ++i)
        planar_[i] = quantum.samples + i * dsp::kQuantum;
    return inputs_.write(planar_.data(), dsp::kQuantum);
}

// What came in until here can be replayed, whatever has happened.
void Flight::finish(const base::Status& status) {
    tape_->stop();
    if (!first_frame_) {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);  // it has never left the ground
        return;
    }
    const base::Status closed = inputs_.close();
    (void)append(info_, session::flight_end(inputs_.frames()));
    ::fdatasync(events_);
    ::fdatasync(info_);
    if (!status)
        report(status.error());
    else if (!closed)
        report(closed.error());
}

}  // namespace mixrig::app
