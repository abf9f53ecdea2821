// MIDI messages: what a surface says, and the bytes of what it is told.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace mixrig::midi {

using Bytes = std::vector<std::uint8_t>;  // whole messages
using View = std::span<const std::uint8_t>;

enum class Kind : std::uint8_t { note, cc, bend, pressure, sysex, other };

struct Message {
    Kind kind = Kind::other;
    std::uint8_t channel = 0;  // from 0
    std::uint8_t number = 0;   // of the note or controller
    std::uint16_t value = 0;   // 14 bits of a bend, 7 of all else; a note off has 0
};

inline constexpr std::uint16_t kMost7 = 0x7f, kMost14 = 0x3fff;
// MIDI 1.0: controllers 0 to 31 have their lower seven bits in 32 to 63; 99 and 98 name a parameter
// (101 and 100 one of another kind) whose value follows in 6 and 38.
inline constexpr unsigned kLowerHalf = 32, kEntry = 6, kEntryLower = 38, kNrpnLow = 98,
                          kNrpnHigh = 99, kRpnLow = 100, kRpnHigh = 101;
inline constexpr std::uint8_t kSysex = 0xf0, kEndOfSysex = 0xf7;

// Of one whole message, with its status byte; anything else is `other`.
Message read(View bytes);
// Whole messages one by one; what begins without a status byte is left out.
void for_each_message(View bytes, const std::function<void(View)>& tell);

Bytes note(unsigned channel, unsigned number, unsigned velocity);
Bytes cc(unsigned channel, unsigned number, unsigned value);
Bytes bend(unsigned channel, unsigned value);
Bytes pressure(unsigned channel, unsigned value);

}  // namespace mixrig::midi
