// Datagrams to pages: a browser has no UDP, but it has WebRTC. A page says its offer over its
// WebSocket, is answered there, and comes to this port.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/rtc/channel.h"
#include "control/udp.h"
#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

namespace mixrig::control::rtc {

// [control] Who has not been told a password by us is not answered at all.
class Endpoint {
public:
    static constexpr std::size_t kMostChannels = 96;  // as there may be WebSockets
    static constexpr std::size_t kDatagramsAtOnce = 64;
    // Of one page: each is a handshake.
    static constexpr std::int64_t kBetweenOffers = 3'000'000'000;  // ns

    // Fails with a clear text when the port cannot be had.
    static base::Result<std::unique_ptr<Endpoint>> open(const NetAddress& address);
    Endpoint(const Endpoint&) = delete;
    Endpoint& operator=(const Endpoint&) = delete;

    int fd() const { return socket_.fd(); }
    std::uint16_t port() const { return socket_.port(); }
    const std::string& fingerprint() const { return identity_.fingerprint(); }

    // A channel in place of the one that this id had; the answer is what the page has to know to
    // come to it.
    base::Result<Credentials> accept(std::uint64_t id, Offer offer, std::int64_t now);
    void close(std::uint64_t id);
    bool is_open(std::uint64_t id) const;
    // `gone` if there is none.
    Sent send(std::uint64_t id, Bytes message, std::int64_t now);
    // Takes in what has come, and does what it is time for. Some hundred times a second.
    void turn(std::int64_t now);

private:
    Endpoint(UdpSocket socket, Identity identity);
    void take(Bytes datagram, const NetAddress& from, std::int64_t now);
    void leave(const NetAddress& path, std::uint64_t id);
    void check(Bytes datagram, const NetAddress& from, std::int64_t now);

    UdpSocket socket_;
    Identity identity_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Channel>> channels_;
    std::unordered_map<std::string, std::uint64_t> by_fragment_;
    std::unordered_map<NetAddress, std::uint64_t, NetAddressHash> by_path_;
};

}  // namespace mixrig::control::rtc
