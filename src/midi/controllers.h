// Plain controllers: knobs, faders and buttons that maps tie to parameters.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/midi/desk_side.h"
#include "src/midi/mapping.h"
#include "src/midi/wire.h"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace mixrig::midi {

// A control that was moved, put together from its messages.
struct Moved {
    Control control = {};
    std::uint16_t value = 0;
};

// Pairs of controllers and NRPNs, of one wire.
class Assembler {
public:
    // A message may be understood in several ways: controller 39 by itself, and as the lower half
    // of 7.
    std::vector<Moved> add(const Message& message);

private:
    struct Channel {
        std::array<std::uint8_t, 128> last = {};  // of each controller
        std::optional<std::uint16_t> nrpn = {};
    };
    std::array<Channel, 16> channels_ = {};
};

// [control] All of it.
class Controllers {
public:
    // `desk` must outlive it.
    Controllers(const param::Layout& layout, const DeskSide& desk) : layout_(layout), desk_(desk) {}

    // Precondition: target_of() knows each.
    void use(std::vector<Mapping> mappings);
    const std::vector<Mapping>& mappings() const { return mappings_; }

    void connect(Wire& wire);
    void disconnect(const Wire& wire);
    // What was moved, also what no map has.
    std::vector<Moved> receive(Wire& wire, View bytes, std::int64_t now);
    // Says what all controllers are to show.
    void show();

private:
    // One map on one controller.
    struct Tie {
        std::size_t mapping;
        std::optional<param::Slot> slot;
        std::optional<std::uint16_t> last = {};  // where the control stood
        std::optional<std::uint16_t> set = {};   // what it has set the value to
        bool pressed = false;
    };
    struct Device {
        Wire* wire;
        Assembler assembler = {};
        std::vector<Tie> ties = {};
    };
    void tie(Device& device);
    void moved(Device& device, std::size_t tie, std::uint16_t value);
    void pressed(Tie& tie, bool down);
    void turned_to(Device& device, Tie& tie, Place place, std::uint16_t value);
    bool may_take_over(Tie& tie, std::uint16_t value) const;
    std::uint16_t code(const Tie& tie) const;
    static bool fits(const Mapping& mapping, const Wire& wire);

    const param::Layout& layout_;
    const DeskSide& desk_;
    std::vector<Mapping> mappings_;
    std::vector<Device> devices_;
};

// Whether a port's name holds this part, whatever the case; "*" is in all of them.
bool holds(std::string_view name, std::string_view part);

}  // namespace mixrig::midi
