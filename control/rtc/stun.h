// STUN as ICE uses it: the desk answers checks, it makes none (ICE lite, RFC 8445 section 2.5).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/net_address.h"
#include "control/osc_message.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control::rtc {

// What two peers have told one another by another way: RFC 8839 section 5.4.
struct Credentials {
    std::string fragment;  // the user name of whoever has it
    std::string password;
};

// A Binding request, RFC 8489 section 5 and 14, as far as it concerns us.
struct BindingRequest {
    std::array<std::uint8_t, 12> transaction = {};
    std::string to, from;        // fragments: of whom it is for, and of who sends it
    std::size_t integrity = 0;   // where MESSAGE-INTEGRITY begins
    bool use_candidate = false;  // the sender has chosen this path
};

// Nothing if it is no such request, or one that carries no MESSAGE-INTEGRITY.
std::optional<BindingRequest> parse_request(Bytes datagram);
// Whether the sender knows the password of whom it is for.
bool is_authentic(Bytes datagram, const BindingRequest& request, std::string_view password);
// "You come from this address", for who knows the password.
std::vector<std::uint8_t> success(const BindingRequest& request, const NetAddress& seen,
                                  std::string_view password);
// A request, as the other side makes it.
std::vector<std::uint8_t> request(const BindingRequest& request, std::string_view password);
// Whether it is an authentic answer to this transaction.
bool is_success(Bytes datagram, const BindingRequest& request, std::string_view password);

}  // namespace mixrig::control::rtc
