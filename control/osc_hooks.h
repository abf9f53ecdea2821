// What the OSC side needs of whoever built it. Each may be left empty.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_message.h"
#include "src/base/result.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mixrig::control {

// What one meter shows. The address says whose it is: "/meters/ch/1", "/meters/main".
struct MeterLine {
    std::string address;
    std::vector<float> dB;
};

struct ActionCall {
    Origin from = kDeskItself;
    std::string_view address;
    std::span<const OscArg> args;
};

// What an action answers. With neither, it answers later, by OscServer::answer.
struct Answer {
    std::optional<std::vector<OscArg>> args = {};  // under the action's own address
    // Under whatever addresses; sent in bundles, as fast as the peer can take them.
    std::vector<OscMessage> lines = {};
};

// The lines of a list, and their number behind them.
inline Answer list_answer(std::string_view address, std::vector<OscMessage> lines) {
    const auto count = static_cast<std::int32_t>(lines.size());
    lines.push_back({std::string(address) + "/end", {OscArg::integer(count)}});
    return {.lines = std::move(lines)};
}

struct OscHooks {
    // An action of src/param/actions.h that this layer does not know itself. The number and types
    // of the arguments have been checked.
    std::function<base::Result<Answer>(const ActionCall&)> action = {};
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
