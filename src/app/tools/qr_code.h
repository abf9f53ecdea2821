// A text as a QR code for the terminal.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <cstddef>
#include <string>
#include <vector>

namespace mixrig::app {

// Rows of modules, true is dark; with the quiet zone of four light modules on every side that
// ISO/IEC 18004 asks for.
base::Result<std::vector<std::vector<bool>>> qr_code(const std::string& text);

// Two rows of modules a line, in half blocks: black on white, whatever the colours of the terminal.
std::string qr_text(const std::vector<std::vector<bool>>& modules);

}  // namespace mixrig::app
