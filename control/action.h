// An action that somebody asks for, and what it answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/origin.h"
#include "control/osc_message.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control {

struct ActionCall {
    Origin from = kDeskItself;
    std::string_view address;
    std::span<const OscArg> args;
};

// What an action answers. With neither, it answers later: OscServer::answer, x32::Server::answer.
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

}  // namespace mixrig::control
