// Packets of SCTP, written and taken apart (RFC 4960 section 3).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"
#include "control/rtc/big_endian.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mixrig::control::rtc {

inline constexpr std::size_t kSctpHeader = 12, kChunkHeader = 4;

namespace chunk {
inline constexpr std::uint8_t kData = 0, kInit = 1, kInitAck = 2, kSack = 3, kHeartbeat = 4,
                              kHeartbeatAck = 5, kAbort = 6, kShutdown = 7, kShutdownAck = 8,
                              kCookieEcho = 10, kCookieAck = 11, kShutdownComplete = 14,
                              kForward = 192;  // RFC 3758
}

class SctpWriter {
public:
    SctpWriter(std::uint16_t from, std::uint16_t to, std::uint32_t tag);

    // Begins one, whose body is what is put until the next.
    SctpWriter& chunk(std::uint8_t type, std::uint8_t flags = 0);
    SctpWriter& put_16(std::uint16_t value);
    SctpWriter& put_32(std::uint32_t value);
    SctpWriter& put(Bytes bytes);
    // With its checksum.
    std::vector<std::uint8_t> take();

private:
    void end_chunk();

    std::vector<std::uint8_t> bytes_;
    std::size_t chunk_ = 0;  // where the last one begins; 0 for none
};

// Of a packet whose own field for it is taken as zero.
std::uint32_t sctp_checksum(Bytes packet);
// Whether its checksum is right.
bool is_sctp(Bytes packet);

// Calls take(type, body) for each chunk that is whole, until that says false or one is not.
template <typename Take>
void for_chunks(Bytes packet, Take take) {
    for (Bytes rest = packet.subspan(kSctpHeader); rest.size() >= kChunkHeader;) {
        const std::size_t length = read_16(rest.subspan(2));
        if (length < kChunkHeader || length > rest.size()) return;
        if (!take(rest[0], rest.subspan(kChunkHeader, length - kChunkHeader))) return;
        const std::size_t padded = (length + 3) / 4 * 4;
        rest = rest.subspan(padded < rest.size() ? padded : rest.size());
    }
}

}  // namespace mixrig::control::rtc
