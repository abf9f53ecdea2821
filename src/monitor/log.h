// The log: to the console or the journal, and never more of one kind than a person can read.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/monitor/log_line.h"

#include <functional>
#include <memory>
#include <string_view>

namespace mixrig::monitor {

enum class LogTarget : std::uint8_t {
    automatic,  // the journal if it is what standard error is connected to, else the console
    console,    // standard error
    journal,    // fields and all; a line that the journal does not take goes to the console
    nowhere,
};

struct LogSettings {
    Severity least = Severity::info;
    LogTarget target = LogTarget::automatic;
    // Sees every line that is written as well, in order, one at a time; it must not log.
    std::function<void(const LogLine&)> also = {};
    std::function<std::int64_t()> clock = {};  // nanoseconds; empty: the monotonic clock
};

// [any but the audio thread] Never throws, and never waits for a console that does not take text:
// then the oldest lines are dropped. Of lines with the same key five are written in ten seconds;
// how many more there were is said when these are over.
class Log {
public:
    explicit Log(const LogSettings& settings);
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    ~Log();  // writes what waits

    void debug(std::string_view key, std::string_view text, LogFields fields = {}) noexcept;
    void info(std::string_view key, std::string_view text, LogFields fields = {}) noexcept;
    void warning(std::string_view key, std::string_view text, LogFields fields = {}) noexcept;
    void error(std::string_view key, std::string_view text, LogFields fields = {}) noexcept;
    void write(const LogLine& line) noexcept;

    // To be called now and then, so that "N more" does not wait for the next line; the monitor
    // does.
    void tick() noexcept;

    bool to_journal() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mixrig::monitor
