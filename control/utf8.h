// Makes text from anywhere fit to be shown and stored.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mixrig::control {

// Valid UTF-8 of at most `limit` bytes: control characters and malformed sequences are left out,
// and what is too long is cut between two characters.
std::string clean_text(std::string_view text, std::size_t limit);

}  // namespace mixrig::control
