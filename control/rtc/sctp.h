// SCTP over DTLS as data channels have it (RFC 8261, 8831): one channel, whose messages are sent
// once and come in any order, or not.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/outlet.h"

#include <cstdint>
#include <functional>

struct socket;

namespace mixrig::control::rtc {

class Sctp {
public:
    struct Hooks {
        std::function<void(Bytes packet)> send = {};      // to the other side's take()
        std::function<void(Bytes message)> receive = {};  // never a part of one
    };
    // Packets are no longer than `most` bytes. The channel has the number 0, which both sides have
    // agreed upon (RFC 8832 is not needed).
    Sctp(std::size_t most, Hooks hooks);
    ~Sctp();
    Sctp(const Sctp&) = delete;
    Sctp& operator=(const Sctp&) = delete;

    void call();
    void take(Bytes packet);
    bool is_open() const { return is_open_; }
    bool is_gone() const { return is_gone_; }
    // `full` when it waits for the network to take what was sent before.
    Sent send(Bytes message);

    // What one message may have to go in one packet of `most` bytes: RFC 4960 sections 3 and 3.3.1.
    static constexpr std::size_t kOverhead = 12 + 16;

    // For all associations, some hundred times a second while there are any.
    static void turn(std::int64_t now);

private:
    struct Calls;
    void read(Bytes bytes, int flags, std::uint32_t kind);
    void note(Bytes bytes);

    Hooks hooks_;
    void* name_;  // by which usrsctp knows it
    struct socket* socket_ = nullptr;
    bool is_open_ = false, is_gone_ = false;
};

}  // namespace mixrig::control::rtc
