// Saves the state of the desk beside everything else, so that no disk can hold up a fader.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/session/state_file.h"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace mixrig::app {

class Keeper {
public:
    explicit Keeper(session::StateFile& file);
    // Saves what is waiting, then ends.
    ~Keeper();
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    // [control] To be saved as soon as the disk is ready; only the newest text matters.
    void save(std::string text);
    // [control] What went wrong since the last call.
    std::optional<base::Error> take_error();

private:
    void loop();

    session::StateFile& file_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<std::string> waiting_;
    std::optional<base::Error> error_;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace mixrig::app
