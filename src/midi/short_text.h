// Text for displays of seven characters.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/layout.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace mixrig::midi {

// Printable ASCII, cut or filled with blanks to this width. Accents are left out.
std::string fitted(std::string_view utf8, std::size_t width);
// "1.2kHz", "-inf", "L50", "on", "sub/2": not longer than six characters where it can be.
std::string short_value(const param::Layout& layout, param::Slot slot, const param::Value& value);
// What a parameter is called below its strip: "1 freq", "thresh".
std::string short_name(const param::Layout& layout, param::Slot slot);

}  // namespace mixrig::midi
