// Reading and writing of messages.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/message.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace mixrig::control::x32 {
namespace {

constexpr int kDeepest = 4;                  // bundles in bundles
constexpr std::size_t kMostArguments = 128;  // a node has 64 leaves at most, fits in any order
constexpr std::string_view kBundle = "#bundle";

// Takes a string and its padding off the packet. What lacks the padding at the end is forgiven.
std::optional<std::string_view> take_text(Bytes& rest) {
    const auto end = std::find(rest.begin(), rest.end(), std::uint8_t{0});
    if (end == rest.end()) return std::nullopt;
    const auto size = static_cast<std::size_t>(end - rest.begin());
    const std::string_view text(reinterpret_cast<const char*>(rest.data()), size);
    rest = rest.subspan(std::min(rest.size(), size / 4 * 4 + 4));
    return text;
}

std::optional<std::uint32_t> take_word(Bytes& rest) {
    if (rest.size() < 4) return std::nullopt;
    const std::uint32_t word = std::uint32_t{rest[0]} << 24 | std::uint32_t{rest[1]} << 16 |
                               std::uint32_t{rest[2]} << 8 | std::uint32_t{rest[3]};
    rest = rest.subspan(4);
    return word;
}

std::optional<Argument> take_argument(char tag, Bytes& rest) {
    Argument out{.tag = tag};
    if (tag == 'T' || tag == 'F') {
        out.whole = tag == 'T' ? 1 : 0;
        return out;
    }
    if (tag == 's') {
        const auto text = take_text(rest);
        if (!text) return std::nullopt;
        out.text = *text;
        return out;
    }
    if (tag != 'i' && tag != 'f') return std::nullopt;
    const auto word = take_word(rest);
    if (!word) return std::nullopt;
    out.whole = static_cast<std::int32_t>(*word);
    if (tag == 'f') out.real = std::bit_cast<float>(*word);
    return out;
}

std::optional<Message> read_one(Bytes packet) {
    const auto address = take_text(packet);
    if (!address || address->empty()) return std::nullopt;
    Message out{*address};
    if (packet.empty() || packet[0] != ',') return out;
    const auto tags = take_text(packet);
    if (!tags || tags->size() > kMostArguments + 1) return std::nullopt;
    for (const char tag : tags->substr(1)) {
        const auto argument = take_argument(tag, packet);
        if (!argument) return std::nullopt;
        out.arguments.push_back(*argument);
    }
    return out;
}

void read(Bytes packet, int depth, const std::function<void(const Message&, Bytes)>& each) {
    Bytes rest = packet;
    if (take_text(rest) != kBundle) {
        if (const auto message = read_one(packet)) each(*message, packet);
        return;
    }
    if (depth == kDeepest || rest.size() < 8) return;
    rest = rest.subspan(8);  // the time: at once
    while (const auto size = take_word(rest)) {
        if (*size > rest.size()) return;
        read(rest.first(*size), depth + 1, each);
        rest = rest.subspan(*size);
    }
}

}  // namespace

void read_messages(Bytes packet, const std::function<void(const Message&, Bytes)>& each) {
    read(packet, 0, each);
}

Writer::Writer(std::string_view address, std::string_view tags) {
    bytes_.reserve(64);
    add(address);
    bytes_.push_back(',');
    bytes_.insert(bytes_.end(), tags.begin(), tags.end());
    bytes_.push_back(0);
    pad();
}

void Writer::pad() {
    bytes_.resize((bytes_.size() + 3) / 4 * 4);
}

Writer& Writer::add(std::int32_t whole) {
    const auto word = static_cast<std::uint32_t>(whole);
    for (int shift = 24; shift >= 0; shift -= 8)
        bytes_.push_back(static_cast<std::uint8_t>(word >> shift));
    return *this;
}

Writer& Writer::add(float real) {
    return add(std::bit_cast<std::int32_t>(real));
}

Writer& Writer::add(std::string_view text) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    bytes_.push_back(0);
    pad();
    return *this;
}

Writer& Writer::add_blob(Bytes blob) {
    add(static_cast<std::int32_t>(blob.size()));
    bytes_.insert(bytes_.end(), blob.begin(), blob.end());
    pad();
    return *this;
}

Blob& Blob::word(std::int32_t value) {
    const auto bits = static_cast<std::uint32_t>(value);
    for (int shift = 0; shift < 32; shift += 8)
        bytes_.push_back(static_cast<std::uint8_t>(bits >> shift));
    return *this;
}

Blob& Blob::real(float value) {
    return word(std::bit_cast<std::int32_t>(value));
}

Blob& Blob::half(std::int16_t value) {
    const auto bits = static_cast<std::uint16_t>(value);
    bytes_.push_back(static_cast<std::uint8_t>(bits));
    bytes_.push_back(static_cast<std::uint8_t>(bits >> 8));
    return *this;
}

Blob& Blob::text(std::string_view text, std::size_t size) {
    const std::string_view part = text.substr(0, size - 1);
    bytes_.insert(bytes_.end(), part.begin(), part.end());
    bytes_.resize(bytes_.size() + size - part.size());
    return *this;
}

Blob& Blob::append(Bytes bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
}

Blob& Blob::pad() {
    bytes_.resize((bytes_.size() + 3) / 4 * 4);
    return *this;
}

}  // namespace mixrig::control::x32
