// The way out to a peer, as those see it who have something to say and no socket.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_message.h"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace mixrig::control {

// What is given up first when a peer does not read: meters, then changes and current values (they
// are kept and coalesce), answers last. A change may take a second way as well, which delivers
// sooner or not at all, and what is told again takes only ways that lose; all else the one that
// does not.
enum class Urgency : std::uint8_t { meters, again, change, state, reply };

enum class Sent : std::uint8_t { done, full, gone };

struct Outlet {
    std::function<Sent(Origin to, Bytes packet, Urgency urgency)> send = {};
    // Whether the peer's transport tells us when it cannot follow (TCP). UDP is paced instead.
    std::function<bool(Origin to)> has_flow_control = {};
    // Whether changes may be lost on the way: UDP to another machine.
    std::function<bool(Origin to)> is_lossy = {};
    // A page wants its changes by datagrams as well: what it has to know for that (/datagrams).
    std::function<base::Result<std::vector<OscArg>>(Origin peer, std::span<const OscArg> offer)>
        datagrams = {};
    // What is for this peer goes to another port of its address; 0: again to where it speaks from.
    std::function<base::Status(Origin peer, std::uint16_t port, const std::string& name)> redirect =
        {};
};

// The largest packet that we make of our own accord: what an Ethernet frame carries of UDP over
// IPv6, 1500 - 40 - 8, and of WebRTC in it (rtc::Channel::kMostMessage).
inline constexpr std::size_t kDatagramBytes = 1376;

}  // namespace mixrig::control
