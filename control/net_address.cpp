// Internet addresses.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/net_address.h"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstring>
#include <memory>
#include <netdb.h>

namespace mixrig::control {
namespace {

using base::Error;

constexpr std::array<std::uint8_t, 12> kMapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
constexpr std::size_t kMappedPrefix = 96;

bool is_mapped(const NetAddress::Bits& bits) {
    return std::equal(kMapped.begin(), kMapped.end(), bits.begin());
}

}  // namespace

base::Result<NetAddress> NetAddress::parse(const std::string& text, std::uint16_t port) {
    addrinfo hints = {};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const int status =
        text.empty() ? EAI_NONAME
                     : getaddrinfo(text.c_str(), std::to_string(port).c_str(), &hints, &found);
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, [](addrinfo* list) {
        if (list != nullptr) freeaddrinfo(list);
    });
    if (status != 0 || found == nullptr)
        return Error{
            "`" + text + "` is not an internet address", {}, "such as 192.168.1.20 or ::1"};
    NetAddress out;
    std::memcpy(&out.storage_, found->ai_addr, found->ai_addrlen);
    out.size_ = found->ai_addrlen;
    return out;
}

NetAddress NetAddress::of(const sockaddr_storage& storage, socklen_t size) {
    NetAddress out;
    out.storage_ = storage;
    out.size_ = size;
    return out;
}

std::uint16_t NetAddress::port() const {
    return ntohs(family() == AF_INET6 ? v6().sin6_port : v4().sin_port);
}

NetAddress NetAddress::with_port(std::uint16_t port) const {
    NetAddress out = *this;
    if (family() == AF_INET6)
        reinterpret_cast<sockaddr_in6&>(out.storage_).sin6_port = htons(port);
    else
        reinterpret_cast<sockaddr_in&>(out.storage_).sin_port = htons(port);
    return out;
}

std::string NetAddress::text() const {
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (family() == AF_INET6) {
        inet_ntop(AF_INET6, &v6().sin6_addr, out.data(), out.size());
        return "[" + std::string(out.data()) + "]:" + std::to_string(port());
    }
    inet_ntop(AF_INET, &v4().sin_addr, out.data(), out.size());
    return std::string(out.data()) + ":" + std::to_string(port());
}

NetAddress::Bits NetAddress::bits() const {
    Bits out{};
    if (family() == AF_INET6) {
        std::memcpy(out.data(), &v6().sin6_addr, out.size());
    } else {
        std::copy(kMapped.begin(), kMapped.end(), out.begin());
        std::memcpy(out.data() + kMapped.size(), &v4().sin_addr, 4);
    }
    return out;
}

bool NetAddress::is_loopback() const {
    const Bits address = bits();
    if (is_mapped(address)) return address[kMapped.size()] == 127;
    Bits one{};
    one.back() = 1;
    return address == one;
}

std::size_t NetAddressHash::operator()(const NetAddress& address) const {
    const NetAddress::Bits bits = address.bits();
    const std::string_view text(reinterpret_cast<const char*>(bits.data()), bits.size());
    return std::hash<std::string_view>{}(text)*31 + address.port();
}

base::Result<AllowList> AllowList::parse(const std::vector<std::string>& texts) {
    AllowList out;
    for (const std::string& text : texts) {
        const std::size_t slash = text.find('/');
        auto address = NetAddress::parse(text.substr(0, slash), 0);
        if (!address) return address.error();
        Network network{address->bits(), 128};
        if (slash != std::string::npos) {
            const std::size_t base = address->family() == AF_INET6 ? 0 : kMappedPrefix;
            std::size_t bits = 0;
            const char* end = text.data() + text.size();
            const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, bits);
            if (error != std::errc{} || stop != end || bits > 128 - base)
                return Error{"`" + text + "` is not a network", {}, "such as 192.168.1.0/24"};
            network.prefix = base + bits;
        }
        out.networks_.push_back(network);
    }
    return out;
}

bool AllowList::allows(const NetAddress& peer) const {
    if (networks_.empty()) return peer.is_loopback();
    const NetAddress::Bits address = peer.bits();
    const auto bit = [](const NetAddress::Bits& bits, std::size_t i) {
        return bits[i / 8] >> (7 - i % 8) & 1;
    };
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& network) {
        for (std::size_t i = 0; i < network.prefix; ++i)
            if (bit(address, i) != bit(network.bits, i)) return false;
        return true;
    });
}

}  // namespace mixrig::control
