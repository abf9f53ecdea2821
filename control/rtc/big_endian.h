// Numbers as networks write them, the highest byte first.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"

#include <cstdint>

namespace mixrig::control::rtc {

inline std::uint16_t read_16(Bytes at) {
    return static_cast<std::uint16_t>(at[0] << 8 | at[1]);
}
inline std::uint32_t read_32(Bytes at) {
    return static_cast<std::uint32_t>(read_16(at)) << 16 | read_16(at.subspan(2));
}

}  // namespace mixrig::control::rtc
