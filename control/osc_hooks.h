// What the OSC side needs of whoever built it. Each may be left empty.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control {

// What one meter shows. The address says whose it is: "/meters/ch/1", "/meters/main".
struct MeterLine {
    std::string address;
    std::vector<float> dB;
};

struct OscHooks {
    // The newest readings; called once per turn in which a subscriber is due. The number and order
    // of the lines, and their addresses, stay the same while the desk runs.
    std::function<std::span<const MeterLine>()> meters = {};
    // One line for the log.
    std::function<void(std::string_view)> log = {};
    // What /ping answers.
    std::string name = "mixrig";
    std::string version = MIXRIG_VERSION;
    std::uint16_t port = 0;  // filled in by the server
};

}  // namespace mixrig::control
