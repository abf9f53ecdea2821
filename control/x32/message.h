// Messages as this dialect's clients send them, and as they want them back.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace mixrig::control::x32 {

struct Argument {
    char tag = 'i';  // i, f, s, or T and F
    std::int32_t whole = 0;
    float real = 0.0f;
    std::string_view text = {};
};

// Points into the packet.
struct Message {
    std::string_view address;
    std::vector<Argument> arguments = {};
};

// Calls each(message, packet) for the message, or for each of a bundle's; what is malformed is left
// out. A message may be without type tags; then it has no arguments.
void read_messages(Bytes packet, const std::function<void(const Message&, Bytes)>& each);

// Writes one message, argument by argument, as the tags have announced them.
class Writer {
public:
    // The address need not begin with a slash.
    Writer(std::string_view address, std::string_view tags);
    Writer& add(std::int32_t whole);
    Writer& add(float real);
    Writer& add(std::string_view text);
    Writer& add_blob(Bytes blob);
    Bytes packet() const { return bytes_; }

private:
    void pad();
    std::vector<std::uint8_t> bytes_;
};

// The little-endian words of this dialect's blobs.
class Blob {
public:
    Blob& word(std::int32_t value);
    Blob& real(float value);
    Blob& half(std::int16_t value);
    Blob& text(std::string_view text, std::size_t size);
    Blob& append(Bytes bytes);
    Blob& pad();
    std::size_t size() const { return bytes_.size(); }
    Bytes bytes() const { return bytes_; }

private:
    std::vector<std::uint8_t> bytes_;
};

}  // namespace mixrig::control::x32
