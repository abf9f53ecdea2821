// Notifications by libsystemd.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/service.h"

#include "src/monitor/log_text.h"

#include <systemd/sd-daemon.h>

#include <cstdint>
#include <string>

namespace mixrig::monitor {
namespace {

// Nobody to tell is no fault of ours, so the result is not looked at.
void notify(const std::string& state) {
    (void)sd_notify(0, state.c_str());
}

// One assignment a line: a status with a line end in it could say READY=1.
std::string status_line(std::string_view status) {
    return "STATUS=" + printable(status);
}

}  // namespace

void notify_ready(std::string_view status) {
    notify("READY=1\n" + status_line(status));
}
void notify_status(std::string_view status) {
    notify(status_line(status));
}
void notify_stopping() {
    notify("STOPPING=1");
}
void notify_watchdog() {
    notify("WATCHDOG=1");
}

std::optional<dsp::Seconds> watchdog_time() {
    std::uint64_t us = 0;
    if (sd_watchdog_enabled(0, &us) <= 0) return std::nullopt;
    return dsp::Seconds{static_cast<double>(us) * 1e-6};
}

}  // namespace mixrig::monitor
