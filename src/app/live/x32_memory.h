// What apps of the X32's dialect have told a desk that has no such thing, over a restart.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/x32/server.h"
#include "src/app/errands.h"
#include "src/monitor/log.h"
#include "src/session/state_file.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace mixrig::app {

// [control] A file beside the state, of one desk of that dialect.
class X32Memory {
public:
    // Tells the server what it knew before; a file that is no good is said to be so, and the desk
    // begins with nothing. Both must outlive it.
    X32Memory(control::x32::Server& server, std::filesystem::path file, monitor::Log& log);
    // Saves what is waiting.
    ~X32Memory();
    X32Memory(const X32Memory&) = delete;
    X32Memory& operator=(const X32Memory&) = delete;

    // Twice a second: what is new is on the disk within a second.
    void turn(std::int64_t now);

private:
    void recall();
    void save(std::string text);

    control::x32::Server& server_;
    monitor::Log& log_;
    session::StateFile file_;
    std::string saved_;  // what was sent to the disk last
    std::int64_t looked_ = 0;
    bool busy_ = false;
    bool again_ = false;  // the disk has refused it
    Errands errands_{{}};
};

}  // namespace mixrig::app
