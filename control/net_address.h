// Internet addresses and lists of those who may speak.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <netinet/in.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <vector>

namespace mixrig::control {

// An address and a port, as the system has them. IPv4 and IPv6.
class NetAddress {
public:
    NetAddress() = default;
    // Only numbers ("127.0.0.1", "::1", "fe80::1%eth0"): a name would ask a server, and wait.
    static base::Result<NetAddress> parse(const std::string& text, std::uint16_t port);
    static NetAddress of(const sockaddr_storage& storage, socklen_t size);

    const sockaddr* data() const { return reinterpret_cast<const sockaddr*>(&storage_); }
    socklen_t size() const { return size_; }
    int family() const { return storage_.ss_family; }
    std::uint16_t port() const;
    std::string text() const;  // "127.0.0.1:9000"
    NetAddress with_port(std::uint16_t port) const;
    bool is_loopback() const;

    // The address alone; an IPv4 address as IPv6 has it, ::ffff:a.b.c.d.
    using Bits = std::array<std::uint8_t, 16>;
    Bits bits() const;
    bool operator==(const NetAddress& other) const {
        return port() == other.port() && bits() == other.bits();
    }

private:
    const sockaddr_in& v4() const { return reinterpret_cast<const sockaddr_in&>(storage_); }
    const sockaddr_in6& v6() const { return reinterpret_cast<const sockaddr_in6&>(storage_); }

    sockaddr_storage storage_ = {};
    socklen_t size_ = 0;
};

struct NetAddressHash {
    std::size_t operator()(const NetAddress& address) const;
};

// Addresses and networks. An empty list allows this machine only.
class AllowList {
public:
    static base::Result<AllowList> parse(const std::vector<std::string>& texts);
    bool allows(const NetAddress& peer) const;

private:
    struct Network {
        NetAddress::Bits bits = {};
        std::size_t prefix = 0;  // of 128
    };
    std::vector<Network> networks_;
};

}  // namespace mixrig::control
