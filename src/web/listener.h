// The socket that new connections come to.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"
#include "src/web/mail.h"

#include <cstdint>
#include <string>

namespace mixrig::web {

class Listener {
public:
    static base::Result<Listener> open(const std::string& address, std::uint16_t port);
    ~Listener();
    Listener(Listener&& other) noexcept;
    Listener& operator=(Listener&&) = delete;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    int fd() const { return fd_; }
    std::uint16_t port() const { return port_; }

    enum class Outcome : std::uint8_t { accepted, none, exhausted };
    // `exhausted`: somebody waits, but this process has no file descriptor left. The descriptor is
    // the caller's.
    Outcome accept(int& descriptor, Visitor& visitor) const;

private:
    Listener(int fd, std::uint16_t port) : fd_(fd), port_(port) {}
    int fd_;
    std::uint16_t port_;
};

}  // namespace mixrig::web
