// What surfaces need of whatever carries MIDI: the ALSA sequencer, or a test.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/midi/message.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace mixrig::midi {

// Times are ns.
inline constexpr std::int64_t kMillisecond = 1'000'000, kSecond = 1000 * kMillisecond;

// Of a port from when it appears to when it goes; never used twice.
using PortId = std::uint32_t;

struct Incoming {
    enum class What : std::uint8_t { opened, closed, message };
    What what = What::message;
    PortId port = 0;
    int client = 0;         // of `opened`: ports of one device share it
    std::string name = {};  // of `opened`: "Client:Port"
    Bytes bytes = {};       // of `message`: one whole message
};

struct PortSide {
    // False if there is no room for it now. Never waits.
    std::function<bool(PortId, View)> send = {};
    // What came in since the last call.
    std::function<std::vector<Incoming>()> take = {};
};

}  // namespace mixrig::midi
