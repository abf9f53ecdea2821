// A line of the log before it has become text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace mixrig::monitor {

enum class Severity : std::uint8_t { debug, info, warning, error };

// What a program may want to know of a line besides its text; the name is lower_case.
struct LogField {
    std::string_view name;
    std::string value;
};
using LogFields = std::initializer_list<LogField>;

struct LogLine {
    Severity severity = Severity::info;
    std::string_view key = {};   // what kind of message it is: "xrun", "fault"
    std::string_view text = {};  // for people, without a full stop
    LogFields fields = {};
};

}  // namespace mixrig::monitor
