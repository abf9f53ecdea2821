// Cyclic sums of 32 bits, the lowest bit first.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mixrig::control::rtc {

// Of STUN's fingerprint: ITU-T V.42, RFC 8489 section 14.7. And of SCTP: Castagnoli's, RFC 4960
// appendix B.
inline constexpr std::uint32_t kCrc32 = 0xEDB88320, kCrc32c = 0x82F63B78;

template <std::uint32_t kPolynomial>
class Crc {
public:
    constexpr Crc& add(std::span<const std::uint8_t> bytes) {
        for (const std::uint8_t byte : bytes)
            state_ = (state_ >> 8) ^ kTable[(state_ ^ byte) & 0xFF];
        return *this;
    }
    constexpr std::uint32_t sum() const { return ~state_; }

private:
    static constexpr auto kTable = [] {
        std::array<std::uint32_t, 256> out{};
        for (std::uint32_t i = 0; i < out.size(); ++i) {
            out[i] = i;
            for (int bit = 0; bit < 8; ++bit)
                out[i] = (out[i] >> 1) ^ ((out[i] & 1u) != 0 ? kPolynomial : 0u);
        }
        return out;
    }();

    std::uint32_t state_ = ~0u;
};

}  // namespace mixrig::control::rtc
