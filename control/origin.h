// Who asks for something: which peer, and by what rights.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace mixrig::control {

// A number per remote peer, never used twice; the upper 16 bits are the number of its rights, so
// that whatever is done in its name later is still done by them. 0 is the desk itself (scenes,
// automation, start-up).
using Origin = std::uint64_t;
inline constexpr Origin kDeskItself = 0;

// What an Access knows; 0 is the engineer, who may do everything, 1 is who may do nothing.
using RightsNumber = std::uint16_t;
inline constexpr RightsNumber kEngineer = 0, kNobody = 1;

constexpr Origin origin_of(std::uint64_t number, RightsNumber rights) {
    return static_cast<Origin>(rights) << 48 | number;
}
constexpr RightsNumber rights_of(Origin origin) {
    return static_cast<RightsNumber>(origin >> 48);
}

}  // namespace mixrig::control
