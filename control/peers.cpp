// Peers and their turns.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/peers.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace mixrig::control {

Peer* Peers::udp(std::size_t socket, const NetAddress& address, RightsNumber rights,
                 std::int64_t now) {
    const UdpKey key{socket, address, rights};
    if (const auto found = by_address_.find(key); found != by_address_.end()) {
        found->second->last_seen = now;
        return found->second;
    }
    if (by_address_.size() >= kMostUdp) make_room();
    if (by_address_.size() >= kMostUdp) return nullptr;
    auto peer = std::make_unique<Peer>(Peer{.id = hooks_.admit(rights),
                                            .address = address,
                                            .reply_to = address,
                                            .socket = socket,
                                            .last_seen = now});
    Peer* out = peer.get();
    by_address_.emplace(key, out);
    peers_.emplace(out->id, std::move(peer));
    return out;
}

Peer& Peers::add_tcp(TcpListener::Accepted accepted, RightsNumber rights, std::int64_t now) {
    auto peer = std::make_unique<Peer>(
        Peer{.id = hooks_.admit(rights),
             .address = accepted.peer,
             .tcp = std::make_unique<TcpConnection>(std::move(accepted.socket)),
             .last_seen = now});
    Peer& out = *peer;
    connections_.emplace(out.id, &out);
    peers_.emplace(out.id, std::move(peer));
    return out;
}

Peer& Peers::add_guest(Guest guest, std::int64_t now) {
    auto peer = std::make_unique<Peer>(Peer{.id = hooks_.admit(guest.rights),
                                            .address = guest.address,
                                            .guest = std::make_unique<Guest>(std::move(guest)),
                                            .last_seen = now});
    Peer& out = *peer;
    guests_.emplace(out.id, &out);
    peers_.emplace(out.id, std::move(peer));
    return out;
}

void Peers::rename(Peer& connection, RightsNumber rights) {
    const Origin before = connection.id;
    auto node = peers_.extract(before);
    connections_.erase(before);
    connection.id = hooks_.admit(rights);
    node.key() = connection.id;
    peers_.insert(std::move(node));
    connections_.emplace(connection.id, &connection);
    hooks_.forget(before);
}

std::vector<Origin> Peers::with(RightsNumber rights) const {
    std::vector<Origin> out;
    for (const auto& [id, peer] : peers_)
        if (rights_of(id) == rights) out.push_back(id);
    return out;
}

Peer* Peers::find(Origin id) {
    const auto found = peers_.find(id);
    return found == peers_.end() ? nullptr : found->second.get();
}

void Peers::remove(Origin id) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) return;
    const Peer& peer = *found->second;
    inbox_bytes_ -= peer.inbox.bytes();
    if (peer.tcp)
        connections_.erase(id);
    else if (peer.guest)
        guests_.erase(id);
    else
        by_address_.erase(UdpKey{peer.socket, peer.address, rights_of(id)});
    peers_.erase(found);
    hooks_.forget(id);
}

// Forgets the half of those we owe nothing that has been silent longest: constant cost per newcomer
// even if every packet comes from another address.
void Peers::make_room() {
    std::vector<std::pair<std::int64_t, Origin>> idle;
    for (const auto& [key, peer] : by_address_)
        if (peer->inbox.empty() && !hooks_.is_kept(peer->id))
            idle.emplace_back(peer->last_seen, peer->id);
    const std::size_t count = (idle.size() + 1) / 2;
    std::nth_element(idle.begin(), idle.begin() + static_cast<std::ptrdiff_t>(count), idle.end());
    for (std::size_t i = 0; i < count; ++i) remove(idle[i].second);
}

bool Peers::push(Peer& peer, Bytes packet) {
    const std::size_t before = peer.inbox.bytes();
    if (before + packet.size() > kMostInbox || inbox_bytes_ + packet.size() > kMostInboxes)
        return false;
    peer.inbox.push(packet);
    inbox_bytes_ += peer.inbox.bytes() - before;
    make_ready(peer);
    return true;
}

void Peers::pop(Peer& peer) {
    const std::size_t before = peer.inbox.bytes();
    peer.inbox.pop();
    inbox_bytes_ -= before - peer.inbox.bytes();
}

void Peers::make_ready(Peer& peer) {
    if (peer.is_ready || peer.inbox.empty()) return;
    peer.is_ready = true;
    ready_.push_back(peer.id);
}

Peer* Peers::take_ready() {
    const Origin id = ready_.front();
    ready_.pop_front();
    Peer* peer = find(id);
    if (peer != nullptr) peer->is_ready = false;
    return peer;
}

}  // namespace mixrig::control
