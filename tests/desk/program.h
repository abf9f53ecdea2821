// The program as a black box: run to its end, or started, watched and killed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/scratch_folder.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace mixrig::tests {

using Words = std::vector<std::string>;
using Milliseconds = std::chrono::milliseconds;

// The binary under test; the environment variable MIXRIG names it.
std::string mixrig();

// Asks again every few milliseconds; false if it does not come true in time.
bool poll_until(const std::function<bool()>& condition, Milliseconds limit);

std::string read_text(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);

// A child process whose outputs go to a file. Dies with the test.
class Program {
public:
    // `command[0]` is looked for in the PATH. All that it keeps, it keeps below `home`.
    Program(const Words& command, const std::filesystem::path& home,
            const std::filesystem::path& output);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    bool is_running();
    // Sends the signal and waits; the exit code, or minus the signal that ended it.
    int end(int signal);
    // Waits for its own end.
    int wait(Milliseconds limit);
    pid_t pid() const { return pid_; }
    std::string output() const { return read_text(output_); }

private:
    std::filesystem::path output_;
    pid_t pid_ = -1;
    int code_ = 0;
};

struct Finished {
    int code = 0;
    std::string output = {};  // both streams
};
// Runs `mixrig WORDS` in a home of its own.
Finished run(const Words& words, Milliseconds limit = std::chrono::seconds(120));

// `mixrig run` on a free port, up and answering.
class Daemon {
public:
    Daemon(const Words& options, const std::filesystem::path& home);

    std::uint16_t port() const { return port_; }
    Program& program() { return program_; }
    std::string log() const { return program_.output(); }
    bool log_says(const std::string& text, Milliseconds limit = std::chrono::seconds(10)) const;

private:
    Program program_;
    std::uint16_t port_ = 0;
};

}  // namespace mixrig::tests
