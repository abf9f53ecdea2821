// A peer whose transport is somebody else's: a WebSocket.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/net_address.h"
#include "control/origin.h"
#include "control/outlet.h"

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

namespace mixrig::control {

// [control] calls what stands here; none of it may wait.
struct Guest {
    NetAddress address = {};  // for the log
    RightsNumber rights = kEngineer;
    std::function<Sent(Bytes packet, Urgency urgency)> send = {};
    // Whether changes go to it by datagrams as well, which may be lost; and what begins that.
    std::function<bool()> is_lossy = [] { return false; };
    std::function<base::Result<std::vector<OscArg>>(std::span<const OscArg> offer)> datagrams = {};
    // Bytes that wait for the peer to take them. Nobody is heard who does not take his answers.
    std::function<std::size_t()> backlog = {};
    // Its rights were taken away: it is not heard any more, and whoever owns it ends it.
    std::function<void()> end = {};
};

}  // namespace mixrig::control
