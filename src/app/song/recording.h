// The recorder as the control thread sees it: what is armed, what is asked for, what is told.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_message.h"
#include "src/app/console.h"
#include "src/disk/recorder.h"
#include "src/monitor/log.h"
#include "src/session/desk_config.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace mixrig::app {

// [control] everything; the disk has a thread of its own.
class Recording {
public:
    // All must outlive it.
    Recording(const session::DeskConfig& config, std::filesystem::path folder, control::Desk& desk,
              monitor::Log& log);
    ~Recording();
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

    // What is recorded from now on, audio held. A recording at work ends with the old console.
    void use(Console& console);
    // Audio has stopped for good: a recording at work ends with what there is.
    void stop();

    // A row `record` has changed.
    void arms_changed(std::int64_t now) { arms_changed_ = now; }
    // `/record/start`, `/record/from`, `/record/stop`.
    base::Result<std::vector<control::OscArg>> act(std::string_view address,
                                                   std::span<const control::OscArg> args);
    // Once a turn of the loop.
    void turn(std::int64_t now);

    const std::filesystem::path& folder() const { return folder_; }

private:
    base::Result<double> begin(double seconds);
    base::Status end();
    std::vector<link::TapeSource> armed() const;
    std::vector<disk::TakeTrack> tracks() const;
    void arm();
    void take_tape();
    bool is_arming() const { return making_ || arms_changed_ >= 0; }
    double lookback_seconds() const;
    void tell(const disk::RecorderReport& report);
    void tell(std::string_view address, const param::Value& value);
    void tell_end(const disk::RecorderReport& report);
    double rate() const { return console_->rate().value; }

    const session::DeskConfig& config_;
    std::filesystem::path folder_;
    control::Desk& desk_;
    monitor::Log& log_;
    Console* console_ = nullptr;
    std::vector<link::TapeSource> sources_;  // of the tape, or of the one that is being made
    std::shared_ptr<link::Tape> tape_;
    bool making_ = false;
    bool begin_when_ready_ = false;   // asked for before there was a tape
    bool waits_ = false;              // arms changed while a recording runs, and it was said
    std::int64_t arms_changed_ = -1;  // when; negative: they have not
    std::int64_t told_ = 0;
    std::uint64_t ended_ = 0;  // takes whose end was told
    disk::Recorder recorder_;
};

}  // namespace mixrig::app
