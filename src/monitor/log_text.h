// Lines of the log as text: for a console, and as entries for the journal.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/monitor/log_line.h"

#include <string>
#include <vector>

namespace mixrig::monitor {

// "key: text (name=value, ...)". Control characters become '?': names of strips come from anyone on
// the network, and must not steer a terminal or begin a line of their own.
std::string console_text(const LogLine& line);

// "MESSAGE=...", "PRIORITY=4", "MIXRIG_KEY=...", "MIXRIG_<NAME>=...".
std::vector<std::string> journal_entry(const LogLine& line);

// The text without control characters.
std::string printable(std::string_view text);

}  // namespace mixrig::monitor
