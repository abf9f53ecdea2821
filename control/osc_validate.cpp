// Checks packets against OSC 1.0.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_validate.h"

#include <algorithm>

namespace mixrig::control {
namespace {

using Fault = std::optional<std::string_view>;

constexpr std::string_view kBundleMark{"#bundle\0", 8};
constexpr std::size_t kBundleHead = 16;  // mark and time tag

std::uint32_t read_u32(Bytes bytes) {
    return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 |
           std::uint32_t{bytes[2]} << 8 | std::uint32_t{bytes[3]};
}

std::size_t padded(std::size_t size) {
    return (size + 3) & ~std::size_t{3};
}

bool all_zero(Bytes bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

// How many bytes the string at the start takes with its padding; 0 if it is not one.
std::size_t string_size(Bytes bytes) {
    const auto end = std::find(bytes.begin(), bytes.end(), std::uint8_t{0});
    if (end == bytes.end()) return 0;
    const auto length = static_cast<std::size_t>(end - bytes.begin());
    const std::size_t size = padded(length + 1);
    if (size > bytes.size() || !all_zero(bytes.subspan(length, size - length))) return 0;
    return size;
}

// The same for a blob, which begins with its size.
std::size_t blob_size(Bytes bytes) {
    if (bytes.size() < 4) return 0;
    const std::size_t length = read_u32(bytes);
    if (length > bytes.size() - 4) return 0;
    const std::size_t size = 4 + padded(length);
    if (size > bytes.size() || !all_zero(bytes.subspan(4 + length, size - 4 - length))) return 0;
    return size;
}

// Takes one argument off the front of `rest`.
Fault take_argument(char tag, Bytes& rest) {
    std::size_t size = 0;
    switch (tag) {
        case 'T':
        case 'F':
        case 'N':
        case 'I':
        case '[':
        case ']':
            return std::nullopt;
        case 'i':
        case 'f':
        case 'c':
        case 'r':
        case 'm':
            size = 4;
            break;
        case 'h':
        case 'd':
        case 't':
            size = 8;
            break;
        case 's':
        case 'S':
            size = string_size(rest);
            if (size == 0) return "a string is not terminated and padded with zeros";
            break;
        case 'b':
            size = blob_size(rest);
            if (size == 0) return "a blob is longer than the message, or not padded with zeros";
            break;
        default:
            return "unknown type tag";
    }
    if (size > rest.size()) return "an argument is missing";
    rest = rest.subspan(size);
    return std::nullopt;
}

Fault message_fault(Bytes message) {
    if (message.empty() || message[0] != '/') return "an address begins with /";
    const std::size_t address = string_size(message);
    if (address == 0) return "the address is not terminated and padded with zeros";
    Bytes rest = message.subspan(address);
    if (rest.empty()) return std::nullopt;  // no tags: an old sender's message without arguments
    if (rest[0] != ',') return "type tags begin with a comma";
    const std::size_t tags = string_size(rest);
    if (tags == 0) return "the type tags are not terminated and padded with zeros";
    rest = rest.subspan(tags);
    const std::string_view list = tags_of(message);
    if (list.size() > kMaxArgs) return "too many arguments";
    for (const char tag : list)
        if (const Fault fault = take_argument(tag, rest)) return fault;
    if (!rest.empty()) return "bytes behind the last argument";
    return std::nullopt;
}

Fault packet_fault(Bytes packet, std::size_t depth);

Fault bundle_fault(Bytes bundle, std::size_t depth) {
    if (depth > kMaxBundleDepth) return "bundles are nested too deeply";
    if (bundle.size() < kBundleHead) return "a bundle without time tag";
    Bytes rest = bundle.subspan(kBundleHead);
    while (!rest.empty()) {
        if (rest.size() < 4) return "a bundle ends inside an element";
        const std::size_t size = read_u32(rest);
        if (size < 8 || size % 4 != 0) return "a bundle element of an impossible size";
        if (size > rest.size() - 4) return "a bundle ends inside an element";
        if (const Fault fault = packet_fault(rest.subspan(4, size), depth)) return fault;
        rest = rest.subspan(4 + size);
    }
    return std::nullopt;
}

Fault packet_fault(Bytes packet, std::size_t depth) {
    return is_bundle(packet) ? bundle_fault(packet, depth + 1) : message_fault(packet);
}

std::string_view text_at(Bytes bytes) {
    const auto* begin = reinterpret_cast<const char*>(bytes.data());
    const auto end = std::find(bytes.begin(), bytes.end(), std::uint8_t{0});
    return {begin, static_cast<std::size_t>(end - bytes.begin())};
}

}  // namespace

std::optional<std::string_view> fault_of(Bytes packet) {
    if (packet.empty()) return "an empty packet";
    if (packet.size() > kMaxPacket) return "a packet above 64 KiB";
    if (packet.size() % 4 != 0) return "a packet's size is a multiple of 4";
    return packet_fault(packet, 0);
}

bool is_bundle(Bytes packet) {
    return packet.size() >= kBundleMark.size() &&
           std::equal(kBundleMark.begin(), kBundleMark.end(), packet.begin(),
                      [](char a, std::uint8_t b) { return static_cast<std::uint8_t>(a) == b; });
}

std::uint64_t time_tag(Bytes bundle) {
    return std::uint64_t{read_u32(bundle.subspan(8))} << 32 | read_u32(bundle.subspan(12));
}

Bytes elements(Bytes bundle) {
    return bundle.subspan(kBundleHead);
}

Bytes take_element(Bytes& rest) {
    const std::size_t size = read_u32(rest);
    const Bytes element = rest.subspan(4, size);
    rest = rest.subspan(4 + size);
    return element;
}

std::string_view address_of(Bytes message) {
    return text_at(message);
}

std::string_view tags_of(Bytes message) {
    const std::size_t address = padded(address_of(message).size() + 1);
    if (address >= message.size()) return {};
    return text_at(message.subspan(address)).substr(1);
}

}  // namespace mixrig::control
