// One OSC message as a value: what the wire carries, without the wire's layout.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mixrig::control {

using Bytes = std::span<const std::uint8_t>;

// `type` is the OSC tag. Value: i h t c r m T F are integers, f d doubles, s S b strings, N I [ ]
// nothing.
struct OscArg {
    char type = 'N';
    std::variant<std::monostate, std::int64_t, double, std::string> value = {};

    static OscArg integer(std::int32_t v) { return {'i', std::int64_t{v}}; }
    static OscArg number(float v) { return {'f', double{v}}; }
    static OscArg text(std::string v) { return {'s', std::move(v)}; }
    static OscArg toggle(bool v) { return {v ? 'T' : 'F', std::int64_t{v}}; }

    bool is_text() const { return type == 's' || type == 'S'; }
    bool is_whole() const { return type == 'i' || type == 'h' || type == 'T' || type == 'F'; }
    bool is_real() const { return type == 'f' || type == 'd'; }
    bool is_number() const { return is_whole() || is_real(); }
    // Precondition: is_number().
    double as_number() const {
        return is_real() ? std::get<double>(value)
                         : static_cast<double>(std::get<std::int64_t>(value));
    }
    // Precondition: is_text(), or a blob's bytes.
    const std::string& as_text() const { return std::get<std::string>(value); }
    bool operator==(const OscArg&) const = default;
};

struct OscMessage {
    std::string address;
    std::vector<OscArg> args = {};

    std::string types() const {
        std::string out;
        for (const OscArg& arg : args) out += arg.type;
        return out;
    }
    bool operator==(const OscMessage&) const = default;
};

}  // namespace mixrig::control
