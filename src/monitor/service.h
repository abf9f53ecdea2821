// What the service manager (systemd) is told. Without one nothing happens.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <optional>
#include <string_view>

namespace mixrig::monitor {

// [any but the audio thread] The status is one line for `systemctl status`.
void notify_ready(std::string_view status);
void notify_status(std::string_view status);
void notify_stopping();
// To be called only when audio and control have made progress since the last time.
void notify_watchdog();

// How long the manager waits for notify_watchdog() before it restarts the service, if it does.
std::optional<dsp::Seconds> watchdog_time();

}  // namespace mixrig::monitor
