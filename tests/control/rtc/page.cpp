// A page as far as datagrams go.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/control/rtc/page.h"

#include "src/base/clock.h"

#include <utility>

namespace rtc_page {

using namespace mixrig::control;
using namespace mixrig::control::rtc;

Page::Page(std::function<bool()> loses)
    : loses_(std::move(loses)),
      socket_(*UdpSocket::open(*NetAddress::parse("127.0.0.1", 0))),
      identity_(*Identity::make()) {}

Offer Page::offer() const {
    return {.ice = own, .fingerprint = identity_.fingerprint()};
}

void Page::call(const NetAddress& desk, Credentials theirs, const std::string& fingerprint) {
    desk_ = desk;
    password_ = std::move(theirs.password);
    request_ = {.transaction = {1, 2, 3},
                .to = std::move(theirs.fragment),
                .from = own.fragment,
                .use_candidate = true};
    dtls_ = std::make_unique<Dtls>(
        identity_, Side::calling, fingerprint,
        Dtls::Hooks{.send =
                        [this](Bytes datagram) {
                            if (!loses_()) (void)socket_.send(desk_, datagram, Urgency::state);
                        },
                    .receive = [this](Bytes packet) { sctp_->take(packet); }});
    sctp_ = std::make_unique<UsrsctpPeer>(UsrsctpPeer::Hooks{
        .send = [this](Bytes packet) { dtls_->send(packet); },
        .receive =
            [this](Bytes message) { messages.emplace_back(message.begin(), message.end()); }});
}

void Page::say(std::string_view text) {
    sctp_->send({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

void Page::turn() {
    constexpr std::int64_t kCheckEvery = 50'000'000;  // ns
    const std::int64_t now = mixrig::base::monotonic_ns();
    UsrsctpPeer::turn(now);
    if (now - checked_ > kCheckEvery) {
        checked_ = now;
        if (!loses_()) (void)socket_.send(desk_, request(request_, password_), Urgency::state);
    }
    socket_.receive(64, [this](Bytes datagram, const NetAddress&) {
        ++datagrams;
        if (!loses_()) take(datagram);
    });
    if (is_answered_ && !has_ended_ && !dtls_->turn()) has_ended_ = true;
}

void Page::take(Bytes datagram) {
    if (is_success(datagram, request_, password_)) {
        if (!std::exchange(is_answered_, true)) has_ended_ = !dtls_->call();
    } else if (!has_ended_) {
        has_ended_ = !dtls_->take(datagram);
        if (dtls_->is_open() && !std::exchange(is_calling_, true)) sctp_->call();
    }
}

}  // namespace rtc_page
