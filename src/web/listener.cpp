// The socket that new connections come to.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/listener.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mixrig::web {
namespace {

constexpr int kQueue = 256;  // connections that wait to be accepted
// The system's own buffer would grow to megabytes for a tablet that does not read.
constexpr int kSendBuffer = 128 << 10;
// Of what is written, the system keeps so little unsent that meters are not old when they leave.
constexpr int kUnsent = 4 << 10;

// Either family as IPv6 has it: an IPv4 address is ::ffff:a.b.c.d there.
struct Address {
    sockaddr_storage storage = {};
    socklen_t size = 0;
};

bool read_address(const std::string& text, std::uint16_t port, Address& out) {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&out.storage);
    if (inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(port);
        out.size = sizeof *v4;
        return true;
    }
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&out.storage);
    if (inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) != 1) return false;
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    out.size = sizeof *v6;
    return true;
}

Visitor named(const sockaddr_storage& storage) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET) {
        const auto& v4 = reinterpret_cast<const sockaddr_in&>(storage);
        inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
        return {text.data(), ntohs(v4.sin_port), (ntohl(v4.sin_addr.s_addr) >> 24) == 127};
    }
    const auto& v6 = reinterpret_cast<const sockaddr_in6&>(storage);
    constexpr std::size_t kMapped = 12;  // bytes before the IPv4 address in it
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
        inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[kMapped], text.data(), text.size());
        return {text.data(), ntohs(v6.sin6_port), v6.sin6_addr.s6_addr[kMapped] == 127};
    }
    inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    return {text.data(), ntohs(v6.sin6_port), IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr) != 0};
}

Visitor visitor_of(int descriptor, const sockaddr_storage& theirs) {
    Visitor out = named(theirs);
    sockaddr_storage ours = {};
    socklen_t size = sizeof ours;
    if (getsockname(descriptor, reinterpret_cast<sockaddr*>(&ours), &size) == 0)
        out.reached = named(ours).address;
    return out;
}

}  // namespace

base::Result<Listener> Listener::open(const std::string& address, std::uint16_t port) {
    const std::string where = "[web] " + address + " port " + std::to_string(port);
    Address at;
    if (!read_address(address, port, at)) return base::Error{"is not an address", where};
    const int fd = socket(at.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) return base::Error{std::strerror(errno), where};
    Listener out(fd, port);
    const int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, reinterpret_cast<const sockaddr*>(&at.storage), at.size) != 0 ||
        listen(fd, kQueue) != 0)
        return base::Error{
            std::strerror(errno), where,
            errno == EADDRINUSE ? "another program has it; [web] port takes another" : ""};
    at.size = sizeof at.storage;
    getsockname(fd, reinterpret_cast<sockaddr*>(&at.storage), &at.size);
    // The port stands at the same place in both.
    out.port_ = ntohs(reinterpret_cast<const sockaddr_in&>(at.storage).sin_port);
    return out;
}

Listener::Listener(Listener&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), port_(other.port_) {}

Listener::~Listener() {
    if (fd_ >= 0) close(fd_);
}

Listener::Outcome Listener::accept(int& descriptor, Visitor& visitor) const {
    sockaddr_storage storage = {};
    socklen_t size = sizeof storage;
    descriptor =
        accept4(fd_, reinterpret_cast<sockaddr*>(&storage), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0)
        return errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM
                   ? Outcome::exhausted
                   : Outcome::none;
    const int on = 1;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &kSendBuffer, sizeof kSendBuffer);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &kUnsent, sizeof kUnsent);
    // On a bad wireless network: what is lost twice is not waited for twice as long, and a loss is
    // not taken for a full line (BBR; where the system has none, it stays as it is).
    setsockopt(descriptor, IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, &on, sizeof on);
    setsockopt(descriptor, IPPROTO_TCP, TCP_CONGESTION, "bbr", 3);
    visitor = visitor_of(descriptor, storage);
    return Outcome::accepted;
}

}  // namespace mixrig::web
