// What the commands of the program share: how one is added, exit codes, messages.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <functional>
#include <string_view>

namespace CLI {
class App;
}

namespace mixrig::app {

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;  // a message on stderr says what, where, what to do
inline constexpr int kUsage = 2;

// One word behind `mixrig`. Adding it declares its options; `run` does it once they are read and
// returns the exit code.
struct Command {
    CLI::App* options;
    std::function<int()> run;
    bool makes_sound_files = false;  // on Ctrl-C it stops by itself and leaves nothing half done
};

// One for each row of the table in main.cpp.
Command add_run(CLI::App& mixrig);
Command add_bounce(CLI::App& mixrig);
Command add_replay(CLI::App& mixrig);
Command add_master(CLI::App& mixrig);
Command add_restore(CLI::App& mixrig);
Command add_album(CLI::App& mixrig);
Command add_verify(CLI::App& mixrig);
Command add_measure(CLI::App& mixrig);
Command add_check(CLI::App& mixrig);
Command add_validate(CLI::App& mixrig);
Command add_params(CLI::App& mixrig);
Command add_set(CLI::App& mixrig);
Command add_get(CLI::App& mixrig);
Command add_watch(CLI::App& mixrig);
Command add_invite(CLI::App& mixrig);
Command add_doctor(CLI::App& mixrig);
Command add_bench(CLI::App& mixrig);
Command add_demo(CLI::App& mixrig);
Command add_tune(CLI::App& mixrig);
Command add_template(CLI::App& mixrig);

// "mixrig: where: what (hint)" on stderr; returns kFailed.
int fail(const base::Error& error);

// On stdout, with a newline, at once: a reader behind a pipe is not kept waiting.
void print_line(std::string_view text);

// Percents on one line of stderr, which goes when all is done. `share` is 0 to 1.
void show_progress(double share);

}  // namespace mixrig::app
