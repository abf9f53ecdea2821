// The sockets of the OSC server and its loop; osc_server.h is what others see of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/doors.h"
#include "control/net_address.h"
#include "control/osc_router.h"
#include "control/osc_server.h"
#include "control/peers.h"
#include "control/rate_limit.h"
#include "control/socket.h"
#include "control/tcp.h"
#include "control/udp.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <poll.h>
#include <string_view>
#include <vector>

namespace mixrig::control {

class OscServer::Sockets {
public:
    static base::Result<std::unique_ptr<Sockets>> open(const OscConfig& config, Desk& desk,
                                                       OscHooks hooks);

    std::uint16_t port() const { return port_; }
    void run_once(std::int64_t timeout);
    void answer(Origin to, std::string_view address, const base::Result<Answer>& answer);
    void wake() const;
    Origin join(Guest guest);
    bool receive(Origin guest, Bytes packet);
    void leave(Origin guest) { peers_.remove(guest); }
    void revoke(RightsNumber rights);
    const Doors& doors() const { return doors_; }
    void watch(int descriptor) { watched_.push_back(descriptor); }
    void unwatch(int descriptor) { std::erase(watched_, descriptor); }
    const OscCounters& counters() const { return counters_; }

private:
    Sockets(Doors doors, Desk& desk, std::function<void(std::string_view)> log);
    base::Status bind(const OscConfig& config);
    base::Status bind_all(const OscConfig& config, std::uint16_t port);
    Outlet outlet();

    void wait(std::int64_t timeout);
    void list_descriptors(std::int64_t now);
    void poll_for(std::int64_t nanoseconds);
    std::int64_t patience(std::int64_t timeout, std::int64_t now) const;
    void take_in(std::int64_t now);
    void receive_udp(std::int64_t now);
    void accept_all(TcpListener& listener, std::int64_t now);
    void serve_connection(Origin id, short events, std::int64_t now);
    void work_off();
    bool work_on(Peer& peer, std::int64_t now);
    void tidy(std::int64_t now);
    // osc_sockets_doors.cpp: who comes in, and with which rights.
    void take_datagram(std::size_t socket, Bytes packet, const NetAddress& sender,
                       std::int64_t now);
    void refuse(const NetAddress& sender, std::string_view why, std::int64_t now);
    void accept(TcpListener::Accepted accepted, std::int64_t now);
    bool has_room_for(const NetAddress& peer, RightsNumber rights) const;
    bool log_in(Peer& peer, std::int64_t now);
    bool is_overdue(const Peer& peer, std::int64_t now) const;
    base::Status redirect(Origin id, std::uint16_t port, const std::string& name);

    Sent send(Origin to, Bytes packet, Urgency urgency);
    void log(std::string_view text, std::int64_t now);

    Doors doors_;
    std::vector<std::uint8_t> bare_;  // a packet without its token
    std::function<void(std::string_view)> log_;
    RateLimit log_limit_{1.0, 10.0};
    std::vector<UdpSocket> udp_;
    std::vector<TcpListener> listeners_;
    std::uint16_t port_ = 0;
    Socket wake_;
    std::vector<int> watched_;  // of others
    std::unique_ptr<OscRouter> router_;
    Peers peers_;
    std::vector<pollfd> polled_;
    std::vector<Origin> polled_connections_;
    std::int64_t accept_again_ = 0;  // after the file descriptors ran out
    OscCounters counters_;
};

}  // namespace mixrig::control
