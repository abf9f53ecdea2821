// What clients have told a desk that has no such thing, as text: what a restart would forget.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/x32/library.h"
#include "control/x32/surface.h"

#include <string>
#include <string_view>

namespace mixrig::control::x32 {

// Leaves as lines of their own, "/ch/01/config/icon 12", types of effects before their parameters;
// then presets.
std::string kept_text(const Surface& surface, const Library& library);
// What this tree has no place for, or what contradicts the desk, is left out.
void restore_kept(std::string_view text, Surface& surface, Library& library);

}  // namespace mixrig::control::x32
