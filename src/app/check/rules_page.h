// The rules as a page to read.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace mixrig::app::check {

std::string rules_markdown();  // docs/check.md
std::string rules_text();      // a rule a line

}  // namespace mixrig::app::check
