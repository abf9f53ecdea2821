// Packets that wait for their turn, one behind the other in one piece of memory.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

namespace mixrig::control {

class PacketQueue {
public:
    bool empty() const { return head_ == bytes_.size(); }
    std::size_t bytes() const { return bytes_.size() - head_; }

    void push(Bytes packet) {
        const auto size = static_cast<std::uint32_t>(packet.size());
        const std::size_t at = bytes_.size();
        bytes_.resize(at + sizeof size + packet.size());
        std::memcpy(bytes_.data() + at, &size, sizeof size);
        if (!packet.empty())
            std::memcpy(bytes_.data() + at + sizeof size, packet.data(), packet.size());
    }
    // Precondition: not empty. Good until the next push() or pop().
    Bytes front() const {
        std::uint32_t size = 0;
        std::memcpy(&size, bytes_.data() + head_, sizeof size);
        return Bytes(bytes_).subspan(head_ + sizeof size, size);
    }
    void pop() {
        head_ += sizeof(std::uint32_t) + front().size();
        // Moves what is left to the front when more than half is used up: constant cost per byte.
        if (head_ < bytes_.size() - head_ && head_ != bytes_.size()) return;
        bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(head_));
        head_ = 0;
        if (bytes_.empty() && bytes_.capacity() > kKept) bytes_.shrink_to_fit();
    }

private:
    static constexpr std::size_t kKept = 64u << 10;

    std::vector<std::uint8_t> bytes_;
    std::size_t head_ = 0;
};

}  // namespace mixrig::control
