// Packets of SCTP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/sctp_wire.h"

#include "control/rtc/crc.h"

#include <array>
#include <utility>

namespace mixrig::control::rtc {
namespace {

constexpr std::size_t kChecksumAt = 8;

}  // namespace

SctpWriter::SctpWriter(std::uint16_t from, std::uint16_t to, std::uint32_t tag) {
    put_16(from).put_16(to).put_32(tag).put_32(0);
}

SctpWriter& SctpWriter::chunk(std::uint8_t type, std::uint8_t flags) {
    end_chunk();
    chunk_ = bytes_.size();
    bytes_.push_back(type);
    bytes_.push_back(flags);
    return put_16(0);
}

// Its length is without the padding.
void SctpWriter::end_chunk() {
    if (chunk_ == 0) return;
    const std::size_t length = bytes_.size() - chunk_;
    bytes_[chunk_ + 2] = static_cast<std::uint8_t>(length >> 8);
    bytes_[chunk_ + 3] = static_cast<std::uint8_t>(length);
    bytes_.resize((bytes_.size() + 3) / 4 * 4);
}

SctpWriter& SctpWriter::put_16(std::uint16_t value) {
    bytes_.push_back(static_cast<std::uint8_t>(value >> 8));
    bytes_.push_back(static_cast<std::uint8_t>(value));
    return *this;
}

SctpWriter& SctpWriter::put_32(std::uint32_t value) {
    return put_16(static_cast<std::uint16_t>(value >> 16))
        .put_16(static_cast<std::uint16_t>(value));
}

SctpWriter& SctpWriter::put(Bytes bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
}

std::vector<std::uint8_t> SctpWriter::take() {
    end_chunk();
    const std::uint32_t sum = sctp_checksum(bytes_);
    for (std::size_t i = 0; i < 4; ++i)
        bytes_[kChecksumAt + i] = static_cast<std::uint8_t>(sum >> (8 * i));
    return std::move(bytes_);
}

std::uint32_t sctp_checksum(Bytes packet) {
    constexpr std::array<std::uint8_t, 4> kNothing = {};
    return Crc<kCrc32c>()
        .add(packet.first(kChecksumAt))
        .add(kNothing)
        .add(packet.subspan(kChecksumAt + kNothing.size()))
        .sum();
}

bool is_sctp(Bytes packet) {
    if (packet.size() < kSctpHeader + kChunkHeader || packet.size() % 4 != 0) return false;
    const Bytes at = packet.subspan(kChecksumAt);
    const auto said = static_cast<std::uint32_t>(at[0]) | static_cast<std::uint32_t>(at[1]) << 8 |
                      static_cast<std::uint32_t>(at[2]) << 16 |
                      static_cast<std::uint32_t>(at[3]) << 24;
    return said == sctp_checksum(packet);
}

}  // namespace mixrig::control::rtc
