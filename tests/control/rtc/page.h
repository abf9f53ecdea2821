// A page as far as datagrams go: it calls, checks the path, and takes what comes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/rtc/channel.h"
#include "control/udp.h"
#include "tests/control/rtc/usrsctp_peer.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace rtc_page {

class Page {
public:
    // `loses` is asked for each datagram, of either direction.
    explicit Page(std::function<bool()> loses = [] { return false; });

    mixrig::control::rtc::Offer offer() const;
    void call(const mixrig::control::NetAddress& desk, mixrig::control::rtc::Credentials theirs,
              const std::string& fingerprint);
    void turn();
    void say(std::string_view text);
    bool is_open() const { return sctp_ && sctp_->is_open(); }
    bool is_gone() const { return has_ended_ || (sctp_ && sctp_->is_gone()); }
    bool is_answered() const { return is_answered_; }

    std::vector<std::string> messages = {};
    mixrig::control::rtc::Credentials own = {"page", "a-password-of-the-page"};
    std::size_t datagrams = 0;  // that came

private:
    void take(mixrig::control::Bytes datagram);

    std::function<bool()> loses_;
    mixrig::control::UdpSocket socket_;
    mixrig::control::NetAddress desk_ = {};
    mixrig::control::rtc::Identity identity_;
    mixrig::control::rtc::BindingRequest request_ = {};
    std::string password_ = {};
    bool is_answered_ = false, has_ended_ = false, is_calling_ = false;
    std::int64_t checked_ = 0;
    std::unique_ptr<mixrig::control::rtc::Dtls> dtls_;
    std::unique_ptr<UsrsctpPeer> sctp_;
};

}  // namespace rtc_page
