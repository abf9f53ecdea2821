// Packets in a byte stream: a size before each (OSC 1.0), or SLIP (OSC 1.1).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"
#include "src/base/result.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace mixrig::control {

enum class Framing : std::uint8_t { unknown, size, slip };

// Takes a stream apart. The first byte tells the framing: END, a / or a # begin SLIP; a size below
// 16 MB begins with 0.
class FrameReader {
public:
    // Calls take(packet) for each whole packet. An error is the end of the stream: nothing behind
    // it can be trusted.
    base::Status read(Bytes bytes, const std::function<void(Bytes)>& take);
    Framing framing() const { return framing_; }

private:
    base::Status read_sized(Bytes bytes, const std::function<void(Bytes)>& take);
    base::Status read_slip(Bytes bytes, const std::function<void(Bytes)>& take);
    base::Status add_slip(std::uint8_t byte);

    Framing framing_ = Framing::unknown;
    std::vector<std::uint8_t> partial_;
    bool escaped_ = false;
};

// The packet as it goes onto a stream.
void append_frame(std::vector<std::uint8_t>& stream, Bytes packet, Framing framing);

}  // namespace mixrig::control
