// Turns strip names into port names that every JACK server takes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/backend.h"

#include <cstddef>

namespace mixrig::backend {

// No colons (they end the client's name), no control characters, none empty, none twice (inputs and
// outputs share one space), and at most `longest` bytes, cut between characters.
Ports with_valid_names(Ports ports, std::size_t longest);

}  // namespace mixrig::backend
