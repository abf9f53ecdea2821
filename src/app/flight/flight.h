// The flight recorder: everything that a live desk heard and was told, on disk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/flight/flight_tape.h"
#include "src/app/flight_log.h"
#include "src/base/result.h"
#include "src/disk/input_file.h"
#include "src/disk/sound.h"
#include "src/param/values.h"
#include "src/session/flight_info.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mixrig::app {

struct FlightStart {
    std::filesystem::path folder = {};  // of all flights; this one gets a folder in it
    std::string desk = {};              // the text of its desk.toml
    dsp::Hertz rate = {48000.0};
    bool from_start = true;  // of the engine
};

// One flight, by a thread of its own. What is written is whole at any moment: a killed program
// leaves a flight that ends a little earlier.
class Flight {
public:
    // [control] `values` are those that the console has now.
    static base::Result<std::unique_ptr<Flight>> open(const FlightStart& start,
                                                      const param::Layout& layout,
                                                      const param::Values& values,
                                                      std::shared_ptr<FlightTape> tape);
    // Waits for the disk. No console may name log() any more.
    ~Flight();
    Flight(const Flight&) = delete;
    Flight& operator=(const Flight&) = delete;

    // [control] For Console::record.
    FlightLog& log() { return log_; }
    // [control] The response that the convolution of an effect has from the next batch on, or has
    // had when the flight began; null is none.
    enum class Since : std::uint8_t { start, next_batch };
    void keep_impulse(std::size_t effect, const std::vector<std::vector<float>>* response,
                      Since since);
    // [control] All batches that were begun before this frame have been heard of.
    void told_until(std::uint64_t frame);
    // [control] Ends it; the rest is written aside. Nothing more may be said to log().
    void end();
    // [control] Whether the thread is done.
    bool is_finished() const { return finished_.load(std::memory_order_acquire); }
    // [control] Why it ended by itself, or frames that were lost; since the last call.
    std::optional<base::Error> take_error();

    const std::filesystem::path& folder() const { return folder_; }

private:
    Flight(const param::Layout& layout, std::shared_ptr<FlightTape> tape, dsp::Hertz rate,
           std::filesystem::path folder, disk::InputFileWriter inputs, int events, int info);
    void loop();
    base::Status write_once(bool& ended);
    base::Status write_tape(std::uint64_t until);
    base::Status write_quantum(const FlightTape::Quantum& quantum);
    void finish(const base::Status& status);
    void report(base::Error error);

    std::filesystem::path folder_;
    dsp::Hertz rate_;
    std::size_t kept_impulses_ = 0;
    std::shared_ptr<FlightTape> tape_;
    FlightLog log_;
    std::uint32_t session_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::pair<std::filesystem::path, disk::Sound>> impulses_;  // not written yet
    std::string lines_;                                                    // not written yet
    std::uint64_t told_until_ = 0;
    bool end_ = false;
    std::optional<base::Error> error_;
    std::atomic<bool> finished_{false};

    // The thread's.
    disk::InputFileWriter inputs_;
    int events_, info_;
    std::optional<std::uint64_t> first_frame_;
    std::vector<const float*> planar_;
    std::thread thread_;
};

}  // namespace mixrig::app
