// Cleans text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/utf8.h"

#include <cstdint>

namespace mixrig::control {
namespace {

std::uint8_t byte(std::string_view text, std::size_t at) {
    return static_cast<std::uint8_t>(text[at]);
}

bool continues(std::string_view text, std::size_t at) {
    return at < text.size() && (byte(text, at) & 0xC0) == 0x80;
}

// The length of the well-formed character at the front (Unicode 15, table 3-7); 0 if there is none.
std::size_t character(std::string_view text) {
    const std::uint8_t lead = byte(text, 0);
    if (lead < 0x80) return lead >= 0x20 && lead != 0x7F ? 1 : 0;
    if (lead < 0xC2 || lead > 0xF4 || !continues(text, 1)) return 0;
    if (lead < 0xE0) return lead == 0xC2 && byte(text, 1) < 0xA0 ? 0 : 2;  // not U+0080 to U+009F
    const std::uint8_t second = byte(text, 1);
    if (lead < 0xF0) {
        const bool overlong = lead == 0xE0 && second < 0xA0;
        const bool surrogate = lead == 0xED && second > 0x9F;
        return !overlong && !surrogate && continues(text, 2) ? 3 : 0;
    }
    const bool overlong = lead == 0xF0 && second < 0x90;
    const bool beyond = lead == 0xF4 && second > 0x8F;
    return !overlong && !beyond && continues(text, 2) && continues(text, 3) ? 4 : 0;
}

}  // namespace

std::string clean_text(std::string_view text, std::size_t limit) {
    std::string out;
    while (!text.empty()) {
        const std::size_t size = character(text);
        if (out.size() + size > limit) break;
        out += text.substr(0, size);
        text.remove_prefix(size == 0 ? 1 : size);
    }
    return out;
}

}  // namespace mixrig::control
