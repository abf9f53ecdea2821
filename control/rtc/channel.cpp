// One page by WebRTC.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/channel.h"

#include <utility>

namespace mixrig::control::rtc {

Channel::Channel(const Identity& identity, Credentials own, Offer offer, Send send,
                 std::int64_t now)
    : own_(std::move(own)),
      offer_(std::move(offer)),
      send_(std::move(send)),
      since_(now),
      heard_(now),
      dtls_(identity, Side::called, offer_.fingerprint,
            {.send =
                 [this](Bytes datagram) {
                     if (path_) send_(*path_, datagram);
                 },
             .receive = [this](Bytes packet) { sctp_.take(packet, now_); }}),
      sctp_([this](Bytes packet) { dtls_.send(packet); }),
      now_(now) {}

Channel::~Channel() {
    sctp_.end();
}

bool Channel::check(Bytes datagram, const BindingRequest& request, const NetAddress& from,
                    std::int64_t now) {
    if (request.from != offer_.ice.fragment || !is_authentic(datagram, request, own_.password))
        return false;
    heard_ = now;
    send_(from, success(request, from, own_.password));
    if (!path_ || request.use_candidate) path_ = from;
    return *path_ == from;
}

void Channel::take(Bytes datagram, std::int64_t now) {
    now_ = now;
    if (!has_ended_) has_ended_ = !dtls_.take(datagram);
}

void Channel::turn(std::int64_t now) {
    if (now - heard_ > kPatience || !dtls_.turn()) has_ended_ = true;
    sctp_.turn(now);
}

Sent Channel::send(Bytes message, std::int64_t now) {
    return is_gone() ? Sent::gone : sctp_.send(message, now);
}

}  // namespace mixrig::control::rtc
