// UDP in batches.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/udp.h"

#include "control/osc_validate.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace mixrig::control {
namespace {

constexpr std::size_t kBatch = 64;
constexpr std::size_t kMostWaiting = 1024;  // answers
// What the system may keep for us while we are busy. A datagram of 32 bytes counts as 768, so this
// is 80,000 of them. Without CAP_NET_ADMIN the system's limit (net.core.rmem_max) holds.
constexpr int kReceiveBuffer = 64 << 20;
constexpr int kUdpSendBuffer = 1 << 20;

bool is_full(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS;
}

}  // namespace

struct UdpSocket::Batch {
    std::array<std::array<std::uint8_t, kMaxPacket>, kBatch> bytes;
    std::array<sockaddr_storage, kBatch> senders;
    std::array<iovec, kBatch> pieces;
    std::array<mmsghdr, kBatch> messages;

    void prepare() {
        for (std::size_t i = 0; i < kBatch; ++i) {
            pieces[i] = {bytes[i].data(), bytes[i].size()};
            messages[i] = {};
            messages[i].msg_hdr.msg_name = &senders[i];
            messages[i].msg_hdr.msg_namelen = sizeof senders[i];
            messages[i].msg_hdr.msg_iov = &pieces[i];
            messages[i].msg_hdr.msg_iovlen = 1;
        }
    }
};

UdpSocket::UdpSocket(Socket socket)
    : socket_(std::move(socket)), batch_(std::make_shared_for_overwrite<Batch>()) {}

base::Result<UdpSocket> UdpSocket::open(const NetAddress& address, Families families) {
    auto socket = bound_socket(address, SOCK_DGRAM, families);
    if (!socket) return socket.error();
    if (setsockopt(socket->fd(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBuffer,
                   sizeof kReceiveBuffer) != 0)
        setsockopt(socket->fd(), SOL_SOCKET, SO_RCVBUF, &kReceiveBuffer, sizeof kReceiveBuffer);
    setsockopt(socket->fd(), SOL_SOCKET, SO_SNDBUF, &kUdpSendBuffer, sizeof kUdpSendBuffer);
    return UdpSocket(std::move(socket).value());
}

void UdpSocket::receive(std::size_t most,
                        const std::function<void(Bytes, const NetAddress&)>& take) {
    for (std::size_t done = 0; done < most; done += kBatch) {
        batch_->prepare();
        const int count = recvmmsg(fd(), batch_->messages.data(), kBatch, MSG_DONTWAIT, nullptr);
        for (int i = 0; i < count; ++i) {
            const auto n = static_cast<std::size_t>(i);
            const mmsghdr& message = batch_->messages[n];
            take(Bytes(batch_->bytes[n]).first(message.msg_len),
                 NetAddress::of(batch_->senders[n], message.msg_hdr.msg_namelen));
        }
        if (count < static_cast<int>(kBatch)) return;
    }
}

Sent UdpSocket::send(const NetAddress& to, Bytes packet, Urgency urgency) {
    if (waiting_.empty() || urgency != Urgency::reply) {
        const auto sent = sendto(fd(), packet.data(), packet.size(), MSG_DONTWAIT | MSG_NOSIGNAL,
                                 to.data(), to.size());
        // An unreachable peer is not an error of ours: it is told nothing more until its lease
        // ends.
        if (sent >= 0 || !is_full(errno)) return Sent::done;
        if (urgency != Urgency::reply) return Sent::full;
    }
    if (waiting_.size() >= kMostWaiting) return Sent::full;
    waiting_.push_back({to, {packet.begin(), packet.end()}});
    return Sent::done;
}

void UdpSocket::flush() {
    while (!waiting_.empty()) {
        const Waiting& next = waiting_.front();
        const auto sent = sendto(fd(), next.packet.data(), next.packet.size(),
                                 MSG_DONTWAIT | MSG_NOSIGNAL, next.to.data(), next.to.size());
        if (sent < 0 && is_full(errno)) return;
        waiting_.pop_front();
    }
}

}  // namespace mixrig::control
