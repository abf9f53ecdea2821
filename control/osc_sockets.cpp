// The loop of the OSC server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_sockets.h"

#include "src/base/clock.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <exception>
#include <string>
#include <thread>
#include <unistd.h>
#include <utility>

namespace mixrig::control {
namespace {

using base::monotonic_ns;

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kWork = 2 * kMillisecond;       // per turn, so that timers stay punctual
constexpr std::int64_t kStall = 5'000 * kMillisecond;  // a TCP peer that takes nothing
constexpr std::int64_t kAcceptPause = 200 * kMillisecond;
constexpr std::int64_t kTidyPause = 1000 * kMillisecond;
constexpr std::size_t kIntake = 4096;             // datagrams
constexpr std::int64_t kTurn = kMillisecond / 5;  // of one peer before the next has its own
constexpr std::size_t kTcpInbox = 256u << 10;     // bytes; beyond, TCP makes the peer wait

}  // namespace

Outlet OscServer::Sockets::outlet() {
    return {
        .send = [this](Origin to, Bytes packet,
                       Urgency urgency) { return send(to, packet, urgency); },
        .has_flow_control =
            [this](Origin id) {
                const Peer* peer = peers_.find(id);
                return peer != nullptr && peer->has_flow_control();
            },
        .is_lossy =
            [this](Origin id) {
                const Peer* peer = peers_.find(id);
                return peer != nullptr && peer->is_lossy();
            },
        .datagrams = [this](Origin id,
                            std::span<const OscArg> offer) -> base::Result<std::vector<OscArg>> {
            const Peer* peer = peers_.find(id);
            if (peer == nullptr || !peer->guest || !peer->guest->datagrams)
                return base::Error{"is for WebSockets of a desk that has [web] datagrams"};
            return peer->guest->datagrams(offer);
        },
        .redirect = [this](Origin id, std::uint16_t port,
                           const std::string& name) { return redirect(id, port, name); }};
}

Sent OscServer::Sockets::send(Origin to, Bytes packet, Urgency urgency) {
    const Peer* peer = peers_.find(to);
    if (peer == nullptr) return Sent::gone;
    if (peer->tcp) return peer->tcp->send(packet, urgency, monotonic_ns());
    if (peer->guest) return peer->guest->send(packet, urgency);
    return udp_[peer->socket].send(peer->reply_to, packet, urgency);
}

void OscServer::Sockets::answer(Origin to, std::string_view address,
                                const base::Result<Answer>& answer) {
    router_->answer(to, address, answer, monotonic_ns());
}

Origin OscServer::Sockets::join(Guest guest) {
    ++counters_.connected;
    return peers_.add_guest(std::move(guest), monotonic_ns()).id;
}

bool OscServer::Sockets::receive(Origin guest, Bytes packet) {
    Peer* peer = peers_.find(guest);
    ++counters_.packets;
    if (peer != nullptr && peer->inbox.bytes() < kTcpInbox && peers_.push(*peer, packet))
        return true;
    ++counters_.dropped;
    return false;
}

void OscServer::Sockets::wake() const {
    const std::uint64_t one = 1;
    // Fails only if it is awake already (the counter is full).
    [[maybe_unused]] const auto written = write(wake_.fd(), &one, sizeof one);
}

void OscServer::Sockets::log(std::string_view text, std::int64_t now) {
    if (log_ && log_limit_.take(now)) log_(text);
}

void OscServer::Sockets::run_once(std::int64_t timeout) {
    try {
        wait(timeout);
        take_in(monotonic_ns());
        work_off();
        const std::int64_t now = monotonic_ns();
        router_->turn(now);
        for (UdpSocket& socket : udp_) socket.flush();
        tidy(now);
    } catch (const std::exception&) {
        // Only memory can have run out here: the router catches what its hooks throw. The next turn
        // begins with what is still there.
    }
}

std::int64_t OscServer::Sockets::patience(std::int64_t timeout, std::int64_t now) const {
    if (peers_.has_ready()) return 0;
    std::int64_t until = std::min(now + timeout, router_->next_deadline(now));
    if (accept_again_ > now) until = std::min(until, accept_again_);
    for (const auto& [id, peer] : peers_.connections())
        if (peer->tcp->backlog() > 0) until = std::min(until, now + kTidyPause);
    return std::max<std::int64_t>(until - now, 0);
}

void OscServer::Sockets::wait(std::int64_t timeout) {
    const std::int64_t now = monotonic_ns();
    list_descriptors(now);
    poll_for(patience(timeout, now));
}

// They stand in this order: wake, UDP, listeners, connections, those of others.
void OscServer::Sockets::list_descriptors(std::int64_t now) {
    polled_.clear();
    polled_connections_.clear();
    polled_.push_back({wake_.fd(), POLLIN, 0});
    for (const UdpSocket& socket : udp_) {
        const int events = POLLIN | (socket.is_waiting() ? POLLOUT : 0);
        polled_.push_back({socket.fd(), static_cast<short>(events), 0});
    }
    for (const TcpListener& listener : listeners_)
        polled_.push_back({listener.fd(), static_cast<short>(accept_again_ > now ? 0 : POLLIN), 0});
    for (const auto& [id, peer] : peers_.connections()) {
        const TcpConnection& tcp = *peer->tcp;
        // Nobody is read from who does not take his answers.
        const bool is_heard = !tcp.has_ended() && tcp.backlog() <= TcpConnection::kAnswersRoom &&
                              peer->inbox.bytes() < kTcpInbox;
        const int events = (is_heard ? POLLIN : 0) | (tcp.backlog() > 0 ? POLLOUT : 0);
        polled_.push_back({tcp.fd(), static_cast<short>(events), 0});
        polled_connections_.push_back(id);
    }
    for (const int descriptor : watched_) polled_.push_back({descriptor, POLLIN, 0});
}

void OscServer::Sockets::poll_for(std::int64_t ns) {
    const timespec spec{.tv_sec = ns / 1'000'000'000, .tv_nsec = ns % 1'000'000'000};
    const int ready = ppoll(polled_.data(), polled_.size(), &spec, nullptr);
    if (ready > 0) return;
    // Fails if the limit of file descriptors was lowered below what is open. No socket here ever
    // waits, so all can be tried instead, but not without a pause.
    const bool is_broken = ready < 0 && errno != EINTR;
    for (pollfd& one : polled_) one.revents = is_broken ? POLLIN : 0;
    if (is_broken) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void OscServer::Sockets::take_in(std::int64_t now) {
    std::size_t at = 0;
    if (polled_[at++].revents != 0) {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto got = ::read(wake_.fd(), &count, sizeof count);
    }
    receive_udp(now);
    at += udp_.size();
    for (TcpListener& listener : listeners_)
        if (polled_[at++].revents != 0) accept_all(listener, now);
    for (const Origin id : polled_connections_) serve_connection(id, polled_[at++].revents, now);
}

void OscServer::Sockets::receive_udp(std::int64_t now) {
    for (std::size_t i = 0; i < udp_.size(); ++i)
        udp_[i].receive(kIntake, [&](Bytes packet, const NetAddress& sender) {
            take_datagram(i, packet, sender, now);
        });
}

void OscServer::Sockets::accept_all(TcpListener& listener, std::int64_t now) {
    for (std::size_t i = 0; i < Peers::kMostTcp; ++i) {
        TcpListener::Accepted accepted;
        switch (listener.accept(accepted)) {
            case TcpListener::Outcome::none:
                return;
            case TcpListener::Outcome::exhausted:
                // Those who are here are served; the newcomer waits in the system's queue.
                accept_again_ = now + kAcceptPause;
                return log("no file descriptor is left for a TCP connection", now);
            case TcpListener::Outcome::accepted:
                accept(std::move(accepted), now);
        }
    }
}

void OscServer::Sockets::serve_connection(Origin id, short events, std::int64_t now) {
    Peer* peer = peers_.find(id);
    if (peer == nullptr || events == 0) return;
    TcpConnection& tcp = *peer->tcp;
    if ((events & POLLOUT) != 0) tcp.flush(now);
    if ((events & POLLIN) != 0) {
        const std::string fault = tcp.read([&](Bytes packet) {
            ++counters_.packets;
            if (!peers_.push(*peer, packet)) ++counters_.dropped;
        });
        if (!fault.empty()) log(peer->address.text() + " was disconnected: " + fault, now);
    } else if ((events & (POLLERR | POLLHUP | POLLNVAL)) != 0) {
        tcp.close();
    }
}

// Packets, peer by peer, for a bounded time. New datagrams are fetched all the while: what waits in
// the system's small buffer is lost when it is full, what waits in ours is not.
void OscServer::Sockets::work_off() {
    const std::int64_t start = monotonic_ns();
    for (std::int64_t now = start; peers_.has_ready() && now - start < kWork;
         now = monotonic_ns()) {
        Peer* peer = peers_.take_ready();
        if (peer == nullptr) continue;
        if (work_on(*peer, now)) peers_.make_ready(*peer);
        receive_udp(now);
        router_->run_due(now);
    }
}

// One turn of a peer. False if it is not to have another one before it has taken its answers.
bool OscServer::Sockets::work_on(Peer& peer, std::int64_t now) {
    for (const std::int64_t end = now + kTurn; now < end && !peer.inbox.empty();
         now = monotonic_ns()) {
        if (peer.backlog() > TcpConnection::kAnswersRoom) return false;
        if (peer.tcp && log_in(peer, now)) continue;
        router_->receive(peer.id, peer.inbox.front(), now);
        peers_.pop(peer);
    }
    return true;
}

void OscServer::Sockets::tidy(std::int64_t now) {
    std::vector<Origin> over;
    for (const auto& [id, peer] : peers_.connections()) {
        TcpConnection& tcp = *peer->tcp;
        if (tcp.is_open() && tcp.stalled_since() && now - *tcp.stalled_since() > kStall) {
            ++counters_.turned_away;
            log(peer->address.text() + " was disconnected: it does not read", now);
            tcp.close();
        }
        if (is_overdue(*peer, now)) tcp.close();
        const bool has_left =
            tcp.has_ended() && peer->inbox.empty() && tcp.backlog() == 0 && !router_->serves(id);
        if (!tcp.is_open() || has_left)
            over.push_back(id);
        else if (tcp.backlog() <= TcpConnection::kAnswersRoom)
            peers_.make_ready(*peer);
    }
    for (const auto& [id, peer] : peers_.guests())
        if (peer->backlog() <= TcpConnection::kAnswersRoom) peers_.make_ready(*peer);
    for (const Origin id : over) peers_.remove(id);
}

}  // namespace mixrig::control
