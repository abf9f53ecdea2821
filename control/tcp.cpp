// TCP without waiting.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/tcp.h"

#include <array>
#include <cerrno>
#include <netinet/tcp.h>
#include <utility>

namespace mixrig::control {
namespace {

constexpr int kQueue = 64;  // connections that wait to be accepted
// The system's own buffer would grow to megabytes for a peer that does not read.
constexpr int kSendBuffer = 128 << 10;
// Of what is written, the system keeps so little unsent that it is not old when it leaves.
constexpr int kUnsent = 4 << 10;
constexpr std::size_t kReadBytes = 64u << 10;

bool would_wait(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

base::Result<TcpListener> TcpListener::open(const NetAddress& address) {
    auto socket = bound_socket(address, SOCK_STREAM);
    if (!socket) return socket.error();
    if (listen(socket->fd(), kQueue) != 0)
        return base::Error{"cannot listen: " + system_text(errno), "osc " + address.text()};
    return TcpListener(std::move(socket).value());
}

TcpListener::Outcome TcpListener::accept(Accepted& out) {
    sockaddr_storage storage = {};
    socklen_t size = sizeof storage;
    const int fd = accept4(socket_.fd(), reinterpret_cast<sockaddr*>(&storage), &size,
                           SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        const bool exhausted =
            errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM;
        return exhausted ? Outcome::exhausted : Outcome::none;
    }
    out = {Socket(fd), NetAddress::of(storage, size)};
    return Outcome::accepted;
}

TcpConnection::TcpConnection(Socket socket) : socket_(std::move(socket)) {
    const int on = 1;
    setsockopt(fd(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd(), SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
    setsockopt(fd(), IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsent, sizeof kUnsent);
    // On a bad wireless network: what is lost twice is not waited for twice as long, and a loss is
    // not taken for a full line (BBR; where the system has none, it stays as it is).
    setsockopt(fd(), IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, &on, sizeof on);
    setsockopt(fd(), IPPROTO_TCP, TCP_CONGESTION, "bbr", 3);
}

std::string TcpConnection::read(const std::function<void(Bytes)>& take) {
    std::array<std::uint8_t, kReadBytes> bytes;  // NOLINT: filled by recv
    const auto count = recv(fd(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < 0 && would_wait(errno)) return {};
    if (count < 0) close();
    has_ended_ = count <= 0;
    if (has_ended_) return {};
    const auto status = frames_.read(Bytes(bytes).first(static_cast<std::size_t>(count)), take);
    if (status) return {};
    close();
    return status.error().text();
}

Sent TcpConnection::send(Bytes packet, Urgency urgency, std::int64_t now) {
    if (!is_open()) return Sent::gone;
    if (urgency == Urgency::meters && backlog() > kMetersRoom) return Sent::full;
    const bool is_state = urgency != Urgency::meters && urgency != Urgency::reply;
    if (is_state && backlog() > kChangesRoom) return Sent::full;
    append_frame(out_, packet, frames_.framing());
    flush(now);
    if (backlog() > kMost) close();
    return is_open() ? Sent::done : Sent::gone;
}

void TcpConnection::flush(std::int64_t now) {
    while (is_open() && backlog() > 0) {
        const auto count =
            ::send(fd(), out_.data() + sent_, backlog(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0 && would_wait(errno)) {
            if (!stalled_since_) stalled_since_ = now;
            break;
        }
        if (count < 0) return close();
        stalled_since_.reset();
        sent_ += static_cast<std::size_t>(count);
    }
    if (sent_ < backlog() && backlog() != 0) return;
    out_.erase(out_.begin(), out_.begin() + static_cast<std::ptrdiff_t>(sent_));
    sent_ = 0;
}

}  // namespace mixrig::control
