// Saves the state of the desk beside everything else, so that no disk can hold up a fader.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/param/values.h"
#include "src/session/state_file.h"

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <thread>

namespace mixrig::app {

class Keeper {
public:
    // Both must outlive the keeper.
    Keeper(session::StateFile& file, const param::Layout& layout);
    // Saves what is waiting, then ends.
    ~Keeper();
    Keeper(const Keeper&) = delete;
    Keeper& operator=(const Keeper&) = delete;

    // [control] To be saved as soon as the disk is ready; only the newest values matter.
    void save(param::Values values);
    // [control] What went wrong since the last call.
    std::optional<base::Error> take_error();

private:
    void loop();
    base::Status write(const param::Values& values);

    session::StateFile& file_;
    const param::Layout& layout_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::optional<param::Values> waiting_;
    std::optional<base::Error> error_;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace mixrig::app
