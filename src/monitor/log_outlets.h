// Where lines of the log go: a console that never makes us wait, the journal.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/monitor/log_line.h"

#include <memory>
#include <string>
#include <vector>

namespace mixrig::monitor {

// [one thread at a time] Standard error, written by a thread of its own.
class Console {
public:
    Console();
    Console(const Console&) = delete;
    Console& operator=(const Console&) = delete;
    ~Console();  // writes what waits

    void write(Severity severity, const std::string& text);

private:
    struct State;
    std::unique_ptr<State> state_;
};

// True if standard error is connected to the journal, as systemd connects it.
bool stderr_is_journal();
// True if a journal listens on this machine.
bool journal_listens();
// False if the journal did not take the entry.
bool send_to_journal(const std::vector<std::string>& entry);

}  // namespace mixrig::monitor
