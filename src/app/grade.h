// What a check comes to: of a delivery, of a machine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace mixrig::app {

enum class Grade : std::uint8_t { pass, warn, fail };

}  // namespace mixrig::app
