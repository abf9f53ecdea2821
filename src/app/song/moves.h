// Several values that an action changes together, worked out before any of them is set.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/layout.h"

#include <vector>

namespace mixrig::app {

struct Move {
    param::Slot slot = 0;
    float value = 0.0f;
};
using Moves = std::vector<Move>;

}  // namespace mixrig::app
