// The way out to a peer, as those see it who have something to say and no socket.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_message.h"

#include <cstdint>
#include <functional>

namespace mixrig::control {

// What is given up first when a peer does not read: meters, then changes (they are kept and
// coalesce), answers last.
enum class Urgency : std::uint8_t { meters, state, reply };

enum class Sent : std::uint8_t { done, full, gone };

struct Outlet {
    std::function<Sent(Origin to, Bytes packet, Urgency urgency)> send = {};
    // Whether the peer's transport tells us when it cannot follow (TCP). UDP is paced instead.
    std::function<bool(Origin to)> has_flow_control = {};
    // Whether packets may be lost on the way: UDP to another machine.
    std::function<bool(Origin to)> is_lossy = {};
    // What is for this peer goes to another port of its address; 0: again to where it speaks from.
    std::function<base::Status(Origin peer, std::uint16_t port, const std::string& name)> redirect =
        {};
};

// The largest packet that we make of our own accord: what an Ethernet frame carries of UDP over
// IPv4, 1500 - 20 - 8.
inline constexpr std::size_t kDatagramBytes = 1472;

}  // namespace mixrig::control
