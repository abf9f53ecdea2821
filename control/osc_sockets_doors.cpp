// Who may speak to the OSC server: by the address, by a token before the address, by a login.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_codec.h"
#include "control/osc_sockets.h"
#include "control/osc_validate.h"
#include "control/token_prefix.h"
#include "src/base/clock.h"

#include <algorithm>
#include <string>

namespace mixrig::control {
namespace {

using base::Error;

constexpr std::int64_t kLoginTime =
    5'000'000'000;                          // ns; a connection that is nobody's by then ends
constexpr std::size_t kMostStrangers = 16;  // connections that have not said yet who they are
constexpr std::size_t kMostOfOne = 16;      // connections from one address that is not this machine

bool is_login(Bytes packet) {
    return !fault_of(packet) && !is_bundle(packet) && address_of(packet) == "/login";
}

}  // namespace

// The network is not told who is refused: an address can be forged.
void OscServer::Sockets::refuse(const NetAddress& sender, std::string_view why, std::int64_t now) {
    ++counters_.refused;
    log(sender.text() + " " + std::string(why), now);
}

void OscServer::Sockets::take_datagram(std::size_t socket, Bytes packet, const NetAddress& sender,
                                       std::int64_t now) {
    ++counters_.packets;
    RightsNumber rights = doors_.by_address(sender);
    if (const auto token = token_of(packet)) {
        const auto holder = doors_.by_token(*token);
        if (!holder || fault_of(packet) || !take_token(packet, *token, bare_))
            return refuse(sender, "shows a token that does not hold; what it sends is ignored",
                          now);
        rights = *holder;
        packet = bare_;
    }
    if (rights == kNobody)
        return refuse(sender, "is not in [osc] allow; what it sends is ignored", now);
    Peer* peer = peers_.udp(socket, sender, rights, now);
    if (peer == nullptr || !peers_.push(*peer, packet)) ++counters_.dropped;
}

void OscServer::Sockets::accept(TcpListener::Accepted accepted, std::int64_t now) {
    const RightsNumber rights = doors_.by_address(accepted.peer);
    if (rights == kNobody && !doors_.takes_tokens())
        return refuse(accepted.peer, "is not in [osc] allow; turned away", now);
    if (peers_.connections().size() >= Peers::kMostTcp) {
        ++counters_.turned_away;
        return log("64 TCP connections are open; " + accepted.peer.text() + " was turned away",
                   now);
    }
    if (!has_room_for(accepted.peer, rights)) {
        ++counters_.turned_away;
        return log(
            "too many connections like that of " + accepted.peer.text() + ", which was turned away",
            now);
    }
    ++counters_.connected;
    peers_.add_tcp(std::move(accepted), rights, now);
}

// Nobody takes the room of all others: no one address, and not those who have shown no token yet.
bool OscServer::Sockets::has_room_for(const NetAddress& address, RightsNumber rights) const {
    std::size_t strangers = 0, of_one = 0;
    for (const auto& [id, peer] : peers_.connections()) {
        strangers += rights_of(id) == kNobody ? 1u : 0u;
        of_one += peer->address.bits() == address.bits() ? 1u : 0u;
    }
    return (rights != kNobody || strangers < kMostStrangers) &&
           (address.is_loopback() || of_one < kMostOfOne);
}

// Takes the packet at the front if it is a login, or of somebody who has to log in first.
bool OscServer::Sockets::log_in(Peer& peer, std::int64_t now) {
    const bool is_stranger = rights_of(peer.id) == kNobody;
    const Bytes packet = peer.inbox.front();
    if (!is_login(packet)) {
        if (!is_stranger) return false;
        peers_.pop(peer);
        if (peer.tcp->is_open())
            refuse(peer.address, "was disconnected: it said something before /login", now);
        peer.tcp->close();
        return true;
    }
    const auto message = decode(packet);
    const bool is_right = message && message->types() == "s";
    const auto rights = is_right ? doors_.by_token(message->args[0].as_text()) : std::nullopt;
    peers_.pop(peer);
    if (rights) {
        peers_.rename(peer, *rights);
        router_->answer(peer.id, "/login",
                        Answer{.args = std::vector{OscArg::text(router_->role_of(peer.id))}}, now);
        return true;
    }
    router_->answer(peer.id, "/login",
                    is_right ? Error{"this token does not hold"} : Error{"the argument is a token"},
                    now);
    refuse(peer.address, "shows a token that does not hold", now);
    if (is_stranger) peer.tcp->close();
    return true;
}

bool OscServer::Sockets::is_overdue(const Peer& peer, std::int64_t now) const {
    return rights_of(peer.id) == kNobody && now - peer.last_seen > kLoginTime;
}

void OscServer::Sockets::revoke(RightsNumber rights) {
    for (const Origin id : peers_.with(rights)) {
        Peer* peer = peers_.find(id);
        router_->forget(id);
        if (peer->tcp)
            peer->tcp->close();
        else if (!peer->guest)
            peers_.remove(id);
        else if (peer->guest->end)
            peer->guest->end();
    }
}

base::Status OscServer::Sockets::redirect(Origin id, std::uint16_t port, const std::string& name) {
    Peer* peer = peers_.find(id);
    if (peer == nullptr || peer->has_flow_control())
        return Error{"is for UDP; here answers come on the same connection"};
    // Answers would be taken for questions.
    if (port == port_ && peer->address.is_loopback())
        return Error{"this is the desk's own port", {}, "another one"};
    peer->reply_to = port == 0 ? peer->address : peer->address.with_port(port);
    log(peer->address.text() + (name.empty() ? "" : " (" + name + ")") + " is answered at port " +
            std::to_string(peer->reply_to.port()),
        base::monotonic_ns());
    return base::Done{};
}

}  // namespace mixrig::control
