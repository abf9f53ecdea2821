// What travels between the control thread and the web thread: packets of WebSockets, and how urgent
// they are.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace mixrig::web {

using Bytes = std::span<const std::uint8_t>;
// A number per connection, never used twice.
using ConnectionId = std::uint64_t;
// The number of what somebody may do; this layer only hands it on. 0 may do everything.
using Rights = std::uint16_t;

// What is given up first when a peer does not read: meters, then changes, answers last.
enum class Urgency : std::uint8_t { meters, state, reply };
enum class Sent : std::uint8_t { done, full, gone };

// Who is at the other end.
struct Visitor {
    std::string address = {};  // "192.168.1.7", "::1"
    std::uint16_t port = 0;
    bool is_this_machine = false;
    std::string reached = {};  // the address of ours that it came to
};

// Of an OSC message.
using Argument = std::variant<float, bool, std::string>;

struct Outgoing {
    // The first kBefore bytes are room for the frame's header.
    static constexpr std::size_t kBefore = 16;
    std::vector<std::uint8_t> bytes = {};
    Urgency urgency = Urgency::reply;
    bool is_text = false;

    std::size_t size() const { return bytes.size() - kBefore; }
};

}  // namespace mixrig::web
