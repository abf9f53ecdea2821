// A server with a desk of nothing behind it: what a control thread would do, done by the test.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/web/server.h"

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace mixrig::tests {

class WebDesk {
public:
    explicit WebDesk(web::ServerConfig config = {});

    std::uint16_t port() const { return server->port(); }
    // Collects until there are so many of these, or time is up.
    bool wait_for_packets(std::size_t count,
                          std::chrono::milliseconds limit = std::chrono::seconds(5));
    bool wait_for_guests(std::size_t count,
                         std::chrono::milliseconds limit = std::chrono::seconds(5));
    void collect();

    std::vector<web::ConnectionId> guests;  // those that are here, in order
    std::vector<web::Rights> rights;        // of all that ever came
    std::vector<std::string> packets;
    bool takes = true;  // packets
    std::atomic<std::size_t> wakes{0};
    param::Layout layout{param::DeskShape::of(4, 1, 2, 1, 1)};
    std::unique_ptr<web::Server> server;
};

// "musician" may as rights 7, and sees /ch/1/name and /ch/1/fader only; whoever has no token may if
// it is this machine; others may not.
std::optional<web::Rights> known_rights(std::string_view token, const web::Visitor& visitor);

}  // namespace mixrig::tests
