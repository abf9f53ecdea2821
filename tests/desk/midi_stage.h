// Where virtual MIDI surfaces stand: behind a stand-in for the ALSA sequencer, at a real one, or on
// a USB.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mixrig::tests {

// To and from the stand-in: a letter, a client's number, and what follows. P: plugged in, its name;
// U: unplugged; M: a message; G: these are all who are there; S: subscribed to.
using Packet = std::vector<unsigned char>;
inline constexpr const char* kStageVariable = "MIXRIG_MIDI_STAGE";

struct Stage {
    // Before the daemon starts, and after. Surfaces that are plugged in before `up` are there from
    // its start.
    std::function<void()> prepare = {}, up = {};
    std::function<int(const std::string& name)> plug = {};
    std::function<void(int)> unplug = {};
    std::function<void(int, const std::vector<std::uint8_t>&)> say = {};
    // The next message to a surface; nothing within so many ms.
    std::function<std::optional<std::pair<int, std::vector<std::uint8_t>>>(int ms)> hear = {};
    // What the sequencer calls the port of a surface.
    std::function<std::string(const std::string& name)> port = [](const std::string& name) {
        return name + ":MIDI 1";
    };
};

Stage stand_in(const std::string& socket_path, const std::string& module);
// Null functions where there is no /dev/snd/seq.
Stage real_sequencer();
// Null functions where there are no dummy_udc.0 and 1, nor configfs (tests/machine has them).
Stage usb_devices();

}  // namespace mixrig::tests
