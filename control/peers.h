// Everyone who has spoken to the server, and the packets of each that wait for their turn.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/guest.h"
#include "control/net_address.h"
#include "control/origin.h"
#include "control/packet_queue.h"
#include "control/tcp.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace mixrig::control {

struct Peer {
    Origin id = kDeskItself;
    NetAddress address = {};
    NetAddress reply_to = {};                 // the same, or another port of it
    std::size_t socket = 0;                   // the UDP socket it spoke to
    std::unique_ptr<TcpConnection> tcp = {};  // null: UDP, or a guest
    std::unique_ptr<Guest> guest = {};        // null: a socket of ours
    PacketQueue inbox = {};
    bool is_ready = false;  // in line for its turn
    std::int64_t last_seen = 0;

    bool has_flow_control() const { return tcp != nullptr || guest != nullptr; }
    bool is_lossy() const {
        return guest ? guest->is_lossy() : tcp == nullptr && !address.is_loopback();
    }
    // Bytes that wait for the peer to take them, as far as its transport tells.
    std::size_t backlog() const {
        if (tcp) return tcp->backlog();
        return guest ? guest->backlog() : 0;
    }
};

// Each peer has a queue of its own and they take turns, so that a flood delays only itself.
class Peers {
public:
    static constexpr std::size_t kMostUdp = 1024;
    static constexpr std::size_t kMostTcp = 64;
    static constexpr std::size_t kMostInbox = 8u << 20;     // bytes of one peer
    static constexpr std::size_t kMostInboxes = 64u << 20;  // bytes of all

    struct Hooks {
        std::function<Origin(RightsNumber)> admit;  // a name for a newcomer
        std::function<bool(Origin)> is_kept;        // not to be forgotten to make room
        std::function<void(Origin)> forget;
    };
    explicit Peers(Hooks hooks) : hooks_(std::move(hooks)) {}

    // The UDP peer with this address and these rights, a new one if need be: one address may speak
    // for several. Null if there is no room.
    Peer* udp(std::size_t socket, const NetAddress& address, RightsNumber rights, std::int64_t now);
    Peer& add_tcp(TcpListener::Accepted accepted, RightsNumber rights, std::int64_t now);
    // The connection has these rights from now on, and with them another name. What was owed to
    // the old one is forgotten.
    void rename(Peer& connection, RightsNumber rights);
    std::vector<Origin> with(RightsNumber rights) const;
    Peer& add_guest(Guest guest, std::int64_t now);
    Peer* find(Origin id);
    const std::unordered_map<Origin, Peer*>& connections() const { return connections_; }
    const std::unordered_map<Origin, Peer*>& guests() const { return guests_; }
    void remove(Origin id);

    // False if the packet was dropped because too many wait.
    [[nodiscard]] bool push(Peer& peer, Bytes packet);
    // Takes the packet at the front of the inbox, which is not empty, away.
    void pop(Peer& peer);
    // Puts the peer in line if it has packets.
    void make_ready(Peer& peer);
    bool has_ready() const { return !ready_.empty(); }
    // The one whose turn it is, out of the line; null if that one is gone.
    Peer* take_ready();

private:
    struct UdpKey {
        std::size_t socket;
        NetAddress address;
        RightsNumber rights;
        bool operator==(const UdpKey&) const = default;
    };
    struct UdpKeyHash {
        std::size_t operator()(const UdpKey& key) const {
            return (NetAddressHash{}(key.address) * 31 + key.socket) * 31 + key.rights;
        }
    };
    void make_room();

    Hooks hooks_;
    std::unordered_map<Origin, std::unique_ptr<Peer>> peers_;
    std::unordered_map<UdpKey, Peer*, UdpKeyHash> by_address_;
    std::unordered_map<Origin, Peer*> connections_;
    std::unordered_map<Origin, Peer*> guests_;
    std::deque<Origin> ready_;
    std::size_t inbox_bytes_ = 0;
};

}  // namespace mixrig::control
