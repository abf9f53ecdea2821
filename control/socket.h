// A file descriptor that closes itself, and sockets bound to an address.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/net_address.h"
#include "src/base/result.h"

#include <unistd.h>
#include <utility>

namespace mixrig::control {

class Socket {
public:
    Socket() = default;
    explicit Socket(int fd) : fd_(fd) {}
    ~Socket() { close(); }
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        if (this != &other) close(), fd_ = std::exchange(other.fd_, -1);
        return *this;
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int fd() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }
    void close() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

private:
    int fd_ = -1;
};

// Whether what listens to all of IPv6 takes IPv4 as well.
enum class Families : bool { one, both };
// A non-blocking socket (SOCK_DGRAM or SOCK_STREAM) bound to the address, or why not.
base::Result<Socket> bound_socket(const NetAddress& address, int type,
                                  Families families = Families::one);
// The port that the system chose.
std::uint16_t port_of(const Socket& socket);
// What the system says about the last call that failed.
std::string system_text(int error);

}  // namespace mixrig::control
