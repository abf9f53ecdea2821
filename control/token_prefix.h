// The token in front of an address: "/TOKEN/ch/1/fader", how a datagram says by whose leave it
// comes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace mixrig::control {

// 128 random bits as small hexadecimal digits. No address of the desk has a part like that.
inline constexpr std::size_t kTokenDigits = 32;
bool is_token(std::string_view text);

// The token in front of an address, if there is one.
std::optional<std::string_view> token_in(std::string_view address);
// What may be shown: the address without its token.
std::string_view without_token(std::string_view address);

// The token of a packet: of its only message, or the first of a bundle. Any bytes will do.
std::optional<std::string_view> token_of(Bytes packet);
// Writes the packet without its token to `out`. False if a message of a bundle does not carry it.
// Precondition: fault_of() found nothing in the packet.
[[nodiscard]] bool take_token(Bytes packet, std::string_view token, std::vector<std::uint8_t>& out);

}  // namespace mixrig::control
