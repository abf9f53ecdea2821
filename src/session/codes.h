// The codes by which the trade knows recordings and products: ISRC, UPC and EAN.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <string>
#include <string_view>

namespace mixrig::session {

// ISO 3901: two letters, three letters or digits, two digits of the year, five digits. Hyphens and
// small letters are accepted; what comes back has 12 letters and digits.
base::Result<std::string> checked_isrc(std::string_view text);

// 12 digits (UPC-A) or 13 (EAN-13), the last of them the check digit; spaces and hyphens are
// accepted. What comes back has 13 digits: a UPC is an EAN with a leading 0.
base::Result<std::string> checked_upc(std::string_view text);

}  // namespace mixrig::session
