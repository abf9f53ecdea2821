// How lines of the log are spelled.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/log_text.h"

#include <algorithm>

namespace mixrig::monitor {
namespace {

// The levels of syslog(3), which the journal's PRIORITY takes.
char priority(Severity severity) {
    switch (severity) {
        case Severity::debug:
            return '7';
        case Severity::info:
            return '6';
        case Severity::warning:
            return '4';
        case Severity::error:
            break;
    }
    return '3';
}

// The journal allows A-Z, 0-9 and _ in names.
std::string field_name(std::string_view name) {
    std::string out = "MIXRIG_";
    for (const char c : name) {
        const bool letter = c >= 'a' && c <= 'z';
        const bool digit = c >= '0' && c <= '9';
        out += letter ? static_cast<char>(c - 'a' + 'A') : digit ? c : '_';
    }
    return out;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out(text);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, '?');
    // In UTF-8 the control characters U+0080 to U+009F are C2 80 to C2 9F.
    for (std::size_t i = 0; i + 1 < out.size(); ++i) {
        const auto second = static_cast<unsigned char>(out[i + 1]);
        if (out[i] == '\xc2' && second >= 0x80 && second <= 0x9f) out.replace(i, 2, "?");
    }
    return out;
}

std::string console_text(const LogLine& line) {
    std::string out(line.key);
    out += ": ";
    out += line.text;
    const char* before = " (";
    for (const LogField& field : line.fields) {
        out += before;
        out += field.name;
        out += '=' + field.value;
        before = ", ";
    }
    if (line.fields.size() > 0) out += ')';
    return printable(out);
}

std::vector<std::string> journal_entry(const LogLine& line) {
    std::vector<std::string> out = {
        "MESSAGE=" + std::string(line.text), std::string("PRIORITY=") + priority(line.severity),
        "SYSLOG_IDENTIFIER=mixrig", "MIXRIG_KEY=" + std::string(line.key)};
    for (const LogField& field : line.fields)
        out.push_back(field_name(field.name) + '=' + field.value);
    return out;
}

}  // namespace mixrig::monitor
