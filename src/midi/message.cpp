// MIDI messages to and from bytes. MIDI 1.0 Detailed Specification, section 2.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/message.h"

#include <algorithm>

namespace mixrig::midi {
namespace {

constexpr unsigned kNoteOff = 0x80, kNoteOn = 0x90, kControl = 0xb0, kProgram = 0xc0,
                   kPressure = 0xd0, kBend = 0xe0;

std::uint8_t status(unsigned what, unsigned channel) {
    return static_cast<std::uint8_t>(what | (channel & 0x0f));
}

std::uint8_t data(unsigned value) {
    return static_cast<std::uint8_t>(std::min<unsigned>(value, kMost7));
}

// How many bytes a message has that begins with this one; 0 if none does.
std::size_t length_of(View bytes) {
    const unsigned first = bytes.front();
    if (first == kSysex) {
        const auto end = std::find(bytes.begin(), bytes.end(), kEndOfSysex);
        return end == bytes.end() ? bytes.size()
                                  : static_cast<std::size_t>(end - bytes.begin()) + 1;
    }
    if (first < kNoteOff || first > kSysex) return first > kSysex ? 1 : 0;
    const unsigned what = first & 0xf0u;
    return what == kProgram || what == kPressure ? 2 : 3;
}

}  // namespace

Message read(View bytes) {
    if (bytes.empty()) return {};
    if (bytes[0] == kSysex) return {.kind = Kind::sysex};
    if (bytes.size() != length_of(bytes) || bytes.size() < 2) return {};
    const auto is_data = [](std::uint8_t byte) { return byte <= kMost7; };
    if (!std::all_of(bytes.begin() + 1, bytes.end(), is_data)) return {};
    const auto channel = static_cast<std::uint8_t>(bytes[0] & 0x0fu);
    switch (bytes[0] & 0xf0u) {
        case kNoteOff:
            return {Kind::note, channel, bytes[1], 0};
        case kNoteOn:
            return {Kind::note, channel, bytes[1], bytes[2]};
        case kControl:
            return {Kind::cc, channel, bytes[1], bytes[2]};
        case kPressure:
            return {Kind::pressure, channel, 0, bytes[1]};
        case kBend:
            return {Kind::bend, channel, 0, static_cast<std::uint16_t>(bytes[1] | bytes[2] << 7)};
        default:
            return {};
    }
}

void for_each_message(View bytes, const std::function<void(View)>& tell) {
    while (!bytes.empty()) {
        const std::size_t length = std::min(length_of(bytes), bytes.size());
        if (length != 0) tell(bytes.first(length));
        bytes = bytes.subspan(std::max<std::size_t>(length, 1));
    }
}

Bytes note(unsigned channel, unsigned number, unsigned velocity) {
    return {status(kNoteOn, channel), data(number), data(velocity)};
}

Bytes cc(unsigned channel, unsigned number, unsigned value) {
    return {status(kControl, channel), data(number), data(value)};
}

Bytes bend(unsigned channel, unsigned value) {
    return {status(kBend, channel), data(value & kMost7), data(value >> 7)};
}

Bytes pressure(unsigned channel, unsigned value) {
    return {status(kPressure, channel), data(value)};
}

}  // namespace mixrig::midi
