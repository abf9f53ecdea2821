// Bound sockets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/socket.h"

#include <cerrno>
#include <system_error>

namespace mixrig::control {

std::string system_text(int error) {
    return std::generic_category().message(error);
}

base::Result<Socket> bound_socket(const NetAddress& address, int type, Families families) {
    const std::string where = "osc " + address.text();
    Socket out(socket(address.family(), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!out) return base::Error{"no socket: " + system_text(errno), where};
    const int on = 1;
    // Without it a restart would find its own port in TIME_WAIT. (For UDP it would let two servers
    // share a port.)
    if (type == SOCK_STREAM) setsockopt(out.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const int is_alone = families == Families::one ? 1 : 0;
    if (address.family() == AF_INET6)
        setsockopt(out.fd(), IPPROTO_IPV6, IPV6_V6ONLY, &is_alone, sizeof is_alone);
    if (bind(out.fd(), address.data(), address.size()) == 0) return out;
    if (errno == EADDRINUSE)
        return base::Error{"the port is in use", where,
                           "end the other program, or choose another port in the configuration"};
    if (errno == EADDRNOTAVAIL)
        return base::Error{"this machine does not have that address", where,
                           "correct [osc] listen"};
    return base::Error{"cannot listen: " + system_text(errno), where};
}

std::uint16_t port_of(const Socket& socket) {
    sockaddr_storage storage = {};
    socklen_t size = sizeof storage;
    if (getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
    return NetAddress::of(storage, size).port();
}

}  // namespace mixrig::control
