// Windows of time by key.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/rate_limit.h"

#include <algorithm>

namespace mixrig::monitor {

bool RateLimit::allow(std::string_view key, Severity severity, std::int64_t now_ns) {
    auto found = windows_.find(key);
    if (found == windows_.end()) {
        const std::string name(windows_.size() < kMostKeys ? key : "others");
        found = windows_.try_emplace(name, Window{.begin_ns = now_ns, .held = {.key = name}}).first;
    }
    Window& window = found->second;
    if (window.passed < lines_) {
        ++window.passed;
        return true;
    }
    window.held.severity = std::max(window.held.severity, severity);
    ++window.held.lines;
    return false;
}

std::vector<HeldLines> RateLimit::take_over(std::int64_t now_ns) {
    std::vector<HeldLines> out;
    std::erase_if(windows_, [&](const auto& entry) {
        const Window& window = entry.second;
        if (now_ns - window.begin_ns < window_ns_) return false;
        if (window.held.lines > 0) out.push_back(window.held);
        return true;
    });
    return out;
}

std::vector<HeldLines> RateLimit::take_all() {
    std::vector<HeldLines> out;
    for (const auto& [key, window] : windows_)
        if (window.held.lines > 0) out.push_back(window.held);
    windows_.clear();
    return out;
}

}  // namespace mixrig::monitor
