// Addresses and networks, as text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/networks.h"

#include <arpa/inet.h>
#include <array>
#include <charconv>

namespace mixrig::session {
namespace {

// An address, of either family, and how many bits it has; 0 if it is none.
unsigned address_bits(const std::string& text) {
    std::array<unsigned char, 16> out{};
    if (::inet_pton(AF_INET, text.c_str(), out.data()) == 1) return 32;
    if (::inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return 128;
    return 0;
}

}  // namespace

bool is_address(const std::string& text) {
    return address_bits(text) != 0;
}

bool is_this_machine(const std::string& address) {
    return address.starts_with("127.") || address == "::1";
}

bool is_network(const std::string& text) {
    const std::size_t slash = text.find('/');
    const unsigned bits = address_bits(text.substr(0, slash));
    if (bits == 0 || slash == std::string::npos) return bits != 0;
    unsigned length = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + slash + 1, end, length);
    return error == std::errc{} && stop == end && length <= bits;
}

}  // namespace mixrig::session
