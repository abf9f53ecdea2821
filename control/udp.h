// A UDP socket that is read in batches and never waits.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/net_address.h"
#include "control/osc_message.h"
#include "control/outlet.h"
#include "control/socket.h"
#include "src/base/result.h"

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace mixrig::control {

class UdpSocket {
public:
    static base::Result<UdpSocket> open(const NetAddress& address,
                                        Families families = Families::one);

    int fd() const { return socket_.fd(); }
    std::uint16_t port() const { return port_of(socket_); }

    // Calls take(packet, sender) for each datagram that is there, at most about `most` of them.
    void receive(std::size_t most, const std::function<void(Bytes, const NetAddress&)>& take);
    // Answers wait for room in the socket, in a queue of bounded size; the rest is told that it is
    // full.
    Sent send(const NetAddress& to, Bytes packet, Urgency urgency);
    void flush();
    bool is_waiting() const { return !waiting_.empty(); }

private:
    struct Batch;
    struct Waiting {
        NetAddress to;
        std::vector<std::uint8_t> packet;
    };
    explicit UdpSocket(Socket socket);

    Socket socket_;
    std::shared_ptr<Batch> batch_;
    std::deque<Waiting> waiting_;
};

}  // namespace mixrig::control
