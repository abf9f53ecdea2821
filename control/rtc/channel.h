// One page by WebRTC: checks by ICE, then DTLS, then SCTP, then messages.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/net_address.h"
#include "control/rtc/dtls.h"
#include "control/rtc/sctp.h"
#include "control/rtc/stun.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace mixrig::control::rtc {

// What a browser's offer says of itself (SDP, RFC 8839 and 8122).
struct Offer {
    Credentials ice = {};
    std::string fingerprint = {};  // SHA-256
};

// [control]
class Channel {
public:
    // The largest message that goes in one datagram.
    static constexpr std::size_t kMostMessage =
        (Dtls::kMostDatagram - Dtls::kOverhead - Sctp::kOverhead) / 4 * 4;
    // A browser asks every few seconds whether we are there (RFC 7675): who does not is gone.
    static constexpr std::int64_t kPatience = 15'000'000'000;

    using Send = std::function<void(const NetAddress& to, Bytes datagram)>;
    Channel(const Identity& identity, Credentials own, Offer offer, Send send, std::int64_t now);
    ~Channel();
    Channel(const Channel&) = delete;
    Channel& operator=(const Channel&) = delete;

    const Credentials& own() const { return own_; }
    std::int64_t since() const { return since_; }
    // Where its datagrams come from; nothing before the first authentic check.
    const std::optional<NetAddress>& path() const { return path_; }
    // A check that names it. Answered if it is authentic; true if its path is that.
    bool check(Bytes datagram, const BindingRequest& request, const NetAddress& from,
               std::int64_t now);
    // What comes from its path and is no check.
    void take(Bytes datagram, std::int64_t now);
    void turn(std::int64_t now);
    bool is_open() const { return sctp_.is_open() && !is_gone(); }
    bool is_gone() const { return has_ended_ || sctp_.is_gone(); }
    // Messages of kMostMessage at most.
    Sent send(Bytes message, std::int64_t now);

private:
    Credentials own_;
    Offer offer_;
    Send send_;
    std::optional<NetAddress> path_ = {};
    std::int64_t since_, heard_;
    bool has_ended_ = false;
    Dtls dtls_;
    Sctp sctp_;
    std::int64_t now_;  // of what is being taken
};

}  // namespace mixrig::control::rtc
