// How many lines of one kind are let through in a time, and how many were not.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/monitor/log_line.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::monitor {

// Held back lines of one key.
struct HeldLines {
    std::string key;
    Severity severity = Severity::info;  // the worst of them
    std::uint64_t lines = 0;
};

// [one thread at a time] Of each key `lines` pass, then none until `window_ns` after the first.
class RateLimit {
public:
    // More keys at a time share one limit, so that made-up keys cannot fill the memory.
    static constexpr std::size_t kMostKeys = 256;

    RateLimit(std::size_t lines, std::int64_t window_ns) : lines_(lines), window_ns_(window_ns) {}

    // Precondition: take_over(now_ns) has been called, so that no window is over.
    bool allow(std::string_view key, Severity severity, std::int64_t now_ns);
    // Of windows that are over; those keys begin anew.
    std::vector<HeldLines> take_over(std::int64_t now_ns);
    std::vector<HeldLines> take_all();

private:
    struct Window {
        std::int64_t begin_ns = 0;
        std::size_t passed = 0;
        HeldLines held = {};
    };

    std::size_t lines_;
    std::int64_t window_ns_;
    std::map<std::string, Window, std::less<>> windows_;
};

}  // namespace mixrig::monitor
