// A scale: the keys that a tune may have.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <bitset>
#include <string_view>

namespace mixrig::tune {

// By pitch class: 0 is C. Never empty.
using Scale = std::bitset<12>;

// "A minor", "Bb major", "F# dorian", "chromatic", or notes: "C E G". Minor is natural minor.
base::Result<Scale> parse_scale(std::string_view text);

// The key of the scale that lies nearest.
double nearest(const Scale& scale, double key);

}  // namespace mixrig::tune
