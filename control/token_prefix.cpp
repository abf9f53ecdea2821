// Finds tokens in packets and takes them out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/token_prefix.h"

#include "control/osc_validate.h"

#include <algorithm>

namespace mixrig::control {
namespace {

constexpr std::string_view kBundle("#bundle\0", 8);
constexpr std::size_t kHead = 16;  // of a bundle: its mark and its time tag
constexpr std::size_t kSize = 4;   // before each element

std::string_view text_of(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// A size as OSC writes it; returns where it stands, to be set later.
std::size_t begin_size(std::vector<std::uint8_t>& out) {
    out.insert(out.end(), kSize, 0);
    return out.size();
}

void end_size(std::vector<std::uint8_t>& out, std::size_t begin) {
    const std::size_t size = out.size() - begin;
    for (std::size_t i = 0; i < kSize; ++i)
        out[begin - kSize + i] = static_cast<std::uint8_t>(size >> (8 * (kSize - 1 - i)));
}

void add_address(std::string_view address, std::vector<std::uint8_t>& out) {
    out.insert(out.end(), address.begin(), address.end());
    // A terminating zero, and more up to a multiple of four.
    out.insert(out.end(), 4 - address.size() % 4, 0);
}

bool add(Bytes packet, std::string_view token, std::vector<std::uint8_t>& out) {
    if (!is_bundle(packet)) {
        const std::string_view address = address_of(packet);
        if (token_in(address) != token) return false;
        add_address(without_token(address), out);
        const std::size_t rest = address.size() + 4 - address.size() % 4;
        out.insert(out.end(), packet.begin() + static_cast<std::ptrdiff_t>(rest), packet.end());
        return true;
    }
    const auto head = packet.first(kHead);
    out.insert(out.end(), head.begin(), head.end());
    for (Bytes left = elements(packet); !left.empty();) {
        const std::size_t begin = begin_size(out);
        if (!add(take_element(left), token, out)) return false;
        end_size(out, begin);
    }
    return true;
}

}  // namespace

bool is_token(std::string_view text) {
    return text.size() == kTokenDigits && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

std::optional<std::string_view> token_in(std::string_view address) {
    if (address.size() < kTokenDigits + 2 || address[0] != '/' || address[kTokenDigits + 1] != '/')
        return std::nullopt;
    const std::string_view token = address.substr(1, kTokenDigits);
    return is_token(token) ? std::optional(token) : std::nullopt;
}

std::string_view without_token(std::string_view address) {
    return token_in(address) ? address.substr(kTokenDigits + 1) : address;
}

std::optional<std::string_view> token_of(Bytes packet) {
    std::string_view text = text_of(packet);
    while (text.starts_with(kBundle) && text.size() > kHead + kSize)
        text.remove_prefix(kHead + kSize);
    return token_in(text);
}

bool take_token(Bytes packet, std::string_view token, std::vector<std::uint8_t>& out) {
    out.clear();
    return add(packet, token, out);
}

}  // namespace mixrig::control
