// A desk without sound, and virtual surfaces on wires to it, in virtual time.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/midi/surfaces.h"
#include "src/param/values.h"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace mixrig::tests {

using midi::kMillisecond;

// A surface with a memory of its own: what it was told, and where its controls stand.
class VirtualSurface {
public:
    void told(midi::View bytes, std::int64_t now);

    std::map<unsigned, unsigned> lamps;                             // notes
    std::map<unsigned, unsigned> motors;                            // by channel, 14 bit
    std::map<std::pair<unsigned, unsigned>, unsigned> controllers;  // channel, number
    std::map<unsigned, unsigned> meters;
    std::string display = std::string(112, '?');
    std::vector<unsigned> colours;
    std::vector<midi::Bytes> sysex;      // all but displays and colours
    std::size_t moved_under_finger = 0;  // motors that were driven while touched
    std::vector<bool> fingers = std::vector<bool>(9, false);

    // Of everything that it was told: when, how many bytes.
    std::vector<std::pair<std::int64_t, std::size_t>> traffic;
    std::size_t messages = 0;
    // More than this many bytes never came within one second.
    std::size_t most_in_a_second() const;

private:
    void told_sysex(midi::View bytes);
};

struct Rig {
    explicit Rig(midi::SurfacesConfig config,
                 param::DeskShape shape = param::DeskShape::of(16, 4, 4, 2, 2));

    midi::PortId plug(VirtualSurface& surface, const std::string& name);
    void unplug(midi::PortId port);
    // From the surface to the desk.
    void play(midi::PortId port, midi::Bytes bytes);
    // Turns of a millisecond.
    void run(int milliseconds);

    param::Slot slot(const std::string& address) const;
    float number(const std::string& address) const;
    // Somebody else at the desk.
    void set(const std::string& address, const std::string& text);

    struct Echo {
        int least_ms, most_ms;
        bool sysex;
    };
    std::map<midi::PortId, Echo> echoes;  // ports that send everything back

    std::int64_t now = 1000 * kMillisecond;
    param::Layout layout;
    param::Values values;
    std::size_t sets = 0;  // that surfaces asked for
    bool refuses = false;
    std::vector<std::pair<std::string, std::vector<midi::Argument>>> acts;
    std::vector<std::pair<std::string, bool>> touches;
    std::vector<std::string> log;
    std::map<std::pair<param::Kind, std::size_t>, midi::Level> levels;
    bool has_room = true;
    std::optional<midi::Surfaces> surfaces;

private:
    struct OnTheWay {
        std::int64_t at;
        midi::Incoming what;
    };
    bool send(midi::PortId port, midi::View bytes);
    std::vector<midi::Incoming> take();

    std::map<midi::PortId, VirtualSurface*> plugged_;
    std::vector<OnTheWay> on_the_way_;
    midi::PortId last_ = 0;
    std::mt19937 random_{7};
};

}  // namespace mixrig::tests
