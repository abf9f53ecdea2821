// OSC messages to bytes and back, by liblo; the only file that knows it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace mixrig::control {

// Precondition: fault_of() found nothing, and the packet is no bundle. Nothing if memory ran out.
std::optional<OscMessage> decode(Bytes message);

std::vector<std::uint8_t> encode(const OscMessage& message);

// Collects encoded messages into one immediate bundle of bounded size.
class BundleWriter {
public:
    explicit BundleWriter(std::size_t limit) : limit_(limit) {}

    bool fits(Bytes message) const;
    void add(Bytes message);
    bool empty() const { return count_ == 0; }
    // The packet: a bundle, or the bare message if it is the only one. Begins anew afterwards.
    std::vector<std::uint8_t> take();

private:
    std::size_t limit_;
    std::size_t count_ = 0;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace mixrig::control
