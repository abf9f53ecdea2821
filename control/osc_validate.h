// The strict, total check that every packet passes before anything else looks at it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace mixrig::control {

inline constexpr std::size_t kMaxPacket = 65536;
inline constexpr std::size_t kMaxBundleDepth = 8;
inline constexpr std::size_t kMaxArgs = 1024;

// Immediately, as OSC writes it.
inline constexpr std::uint64_t kImmediately = 1;

// What is wrong with the packet, or nothing: then every string in it is terminated and padded with
// zeros, every tag is known, every argument lies within it, and its bundles are at most
// kMaxBundleDepth deep. Takes time in proportion to the packet.
std::optional<std::string_view> fault_of(Bytes packet);

bool is_bundle(Bytes packet);

// Precondition for all below: fault_of() found nothing.
std::uint64_t time_tag(Bytes bundle);
// Takes the next element off `rest`, which begins as elements(bundle) and is empty at the end.
Bytes elements(Bytes bundle);
Bytes take_element(Bytes& rest);
// The address, and the tags without the comma; both point into the message.
std::string_view address_of(Bytes message);
std::string_view tags_of(Bytes message);

}  // namespace mixrig::control
