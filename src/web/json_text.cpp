// JSON written straight into a string.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/json_text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace mixrig::web {
namespace {

bool needs_no_care(char c) {
    return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

}  // namespace

void JsonText::separate() {
    if (needs_comma_) out_ += ',';
    needs_comma_ = true;
}

JsonText& JsonText::begin(char bracket) {
    separate();
    out_ += bracket;
    needs_comma_ = false;
    return *this;
}

JsonText& JsonText::end(char bracket) {
    out_ += bracket;
    needs_comma_ = true;
    return *this;
}

void JsonText::quote(std::string_view text) {
    if (std::all_of(text.begin(), text.end(), needs_no_care)) {
        out_ += '"';
        out_ += text;
        out_ += '"';
        return;
    }
    using nlohmann::json;
    out_ += json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

JsonText& JsonText::key(std::string_view name) {
    separate();
    quote(name);
    out_ += ':';
    needs_comma_ = false;
    return *this;
}

JsonText& JsonText::text(std::string_view value) {
    separate();
    quote(value);
    return *this;
}

JsonText& JsonText::number(float value) {
    if (!std::isfinite(value)) return null();
    separate();
    std::array<char, 32> digits{};
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    out_.append(digits.data(), end);
    return *this;
}

JsonText& JsonText::whole(std::int64_t value) {
    separate();
    out_ += std::to_string(value);
    return *this;
}

JsonText& JsonText::flag(bool value) {
    separate();
    out_ += value ? "true" : "false";
    return *this;
}

JsonText& JsonText::null() {
    separate();
    out_ += "null";
    return *this;
}

}  // namespace mixrig::web
