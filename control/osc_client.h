// A small OSC client for the command line: mixrig set, get, watch.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"
#include "control/socket.h"
#include "src/base/result.h"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace mixrig::control {

class OscClient {
public:
    // UDP to a name or address. Succeeds even if nobody listens there: UDP cannot tell.
    static base::Result<OscClient> connect(const std::string& host, std::uint16_t port);

    base::Status send(const OscMessage& message);
    // The next message, bundles taken apart; nothing if none came in time.
    base::Result<std::optional<OscMessage>> receive(std::chrono::milliseconds timeout);
    // Sends, and waits for the answer with `answer` as its address (by default the message's own).
    // An /error about the message's address is the error. Other messages in between are dropped.
    base::Result<OscMessage> request(const OscMessage& message, std::chrono::milliseconds timeout,
                                     std::string answer = {});

private:
    OscClient(Socket socket, std::string where)
        : socket_(std::move(socket)), where_(std::move(where)) {}

    Socket socket_;
    std::string where_;
    std::deque<OscMessage> pending_;
};

}  // namespace mixrig::control
