// Packets in a byte stream.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/framing.h"

#include "control/osc_validate.h"

#include <algorithm>

namespace mixrig::control {
namespace {

// RFC 1055.
constexpr std::uint8_t kEnd = 0xC0, kEscape = 0xDB, kEscapedEnd = 0xDC, kEscapedEscape = 0xDD;
constexpr std::size_t kSizeBytes = 4;

const base::Error kTooLong{"a packet above 64 KiB in a stream"};

std::size_t size_at(const std::vector<std::uint8_t>& bytes) {
    return std::size_t{bytes[0]} << 24 | std::size_t{bytes[1]} << 16 | std::size_t{bytes[2]} << 8 |
           std::size_t{bytes[3]};
}

}  // namespace

base::Status FrameReader::read(Bytes bytes, const std::function<void(Bytes)>& take) {
    if (bytes.empty()) return base::Done{};
    if (framing_ == Framing::unknown) {
        const bool is_slip = bytes[0] == kEnd || bytes[0] == '/' || bytes[0] == '#';
        framing_ = is_slip ? Framing::slip : Framing::size;
    }
    return framing_ == Framing::slip ? read_slip(bytes, take) : read_sized(bytes, take);
}

base::Status FrameReader::read_sized(Bytes bytes, const std::function<void(Bytes)>& take) {
    while (!bytes.empty()) {
        // First the size, then as much as it says.
        const bool has_size = partial_.size() >= kSizeBytes;
        const std::size_t whole = kSizeBytes + (has_size ? size_at(partial_) : 0);
        const std::size_t count = std::min(whole - partial_.size(), bytes.size());
        partial_.insert(partial_.end(), bytes.begin(),
                        bytes.begin() + static_cast<std::ptrdiff_t>(count));
        bytes = bytes.subspan(count);
        if (partial_.size() < kSizeBytes) break;
        const std::size_t size = size_at(partial_);
        if (size > kMaxPacket) return kTooLong;
        if (partial_.size() < kSizeBytes + size) continue;
        if (size > 0) take(Bytes(partial_).subspan(kSizeBytes));
        partial_.clear();
    }
    return base::Done{};
}

base::Status FrameReader::read_slip(Bytes bytes, const std::function<void(Bytes)>& take) {
    for (const std::uint8_t byte : bytes) {
        if (byte == kEnd) {
            if (!partial_.empty()) take(partial_);
            partial_.clear();
            escaped_ = false;
        } else if (byte == kEscape && !escaped_) {
            escaped_ = true;
        } else if (const auto status = add_slip(byte); !status) {
            return status;
        }
    }
    return base::Done{};
}

base::Status FrameReader::add_slip(std::uint8_t byte) {
    if (partial_.size() >= kMaxPacket) return kTooLong;
    if (!escaped_) {
        partial_.push_back(byte);
        return base::Done{};
    }
    if (byte != kEscapedEnd && byte != kEscapedEscape)
        return base::Error{"an unknown escape in a SLIP stream"};
    partial_.push_back(byte == kEscapedEnd ? kEnd : kEscape);
    escaped_ = false;
    return base::Done{};
}

void append_frame(std::vector<std::uint8_t>& stream, Bytes packet, Framing framing) {
    if (framing != Framing::slip) {
        for (const unsigned shift : {24u, 16u, 8u, 0u})
            stream.push_back(static_cast<std::uint8_t>(packet.size() >> shift));
        stream.insert(stream.end(), packet.begin(), packet.end());
        return;
    }
    stream.push_back(kEnd);
    for (const std::uint8_t byte : packet) {
        if (byte == kEnd || byte == kEscape) {
            stream.push_back(kEscape);
            stream.push_back(byte == kEnd ? kEscapedEnd : kEscapedEscape);
        } else {
            stream.push_back(byte);
        }
    }
    stream.push_back(kEnd);
}

}  // namespace mixrig::control
