// The browser's side of a data channel by usrsctp, which Firefox has: another's SCTP to hold ours
// against.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"

#include <cstddef>
#include <cstdint>
#include <functional>

struct socket;

namespace rtc_page {

using mixrig::control::Bytes;

class UsrsctpPeer {
public:
    struct Hooks {
        std::function<void(Bytes packet)> send = {};
        std::function<void(Bytes message)> receive = {};
    };
    explicit UsrsctpPeer(Hooks hooks);
    ~UsrsctpPeer();
    UsrsctpPeer(const UsrsctpPeer&) = delete;
    UsrsctpPeer& operator=(const UsrsctpPeer&) = delete;

    void call();
    void take(Bytes packet);
    bool is_open() const { return is_open_; }
    bool is_gone() const { return is_gone_; }
    void send(Bytes message);

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

}  // namespace rtc_page
