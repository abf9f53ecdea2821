// Mackie Control units, side by side in one bank: what their controls do and what they show.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/midi/desk_side.h"
#include "src/midi/mackie_layout.h"
#include "src/midi/wire.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::midi {

// [control] All of it. Positions of faders and pots are counted over all units from the left:
// columns.
class Mackie {
public:
    // `desk` must outlive it.
    Mackie(const param::Layout& layout, const DeskSide& desk, std::size_t units);

    // The unit at this place is there, on this wire, which knows nothing of what is shown; or gone.
    void connect(std::size_t unit, Wire& wire);
    void disconnect(std::size_t unit);
    void receive(std::size_t unit, View bytes, std::int64_t now);
    // Says what all units are to show.
    void show(std::int64_t now);
    // Likewise their meters, which fall by themselves: to be called ten times a second.
    void show_meters(std::int64_t now);
    // The desk goes: says that they are to show nothing any more.
    void part();

private:
    struct Strip {
        Group group;
        std::size_t number;
    };
    struct Unit {
        Wire* wire = nullptr;
        std::uint8_t model = kModelMain;
        bool has_colours = false;
        bool knows_touch = false;  // has said that a finger is on a fader
        bool was_heard = false;    // has said anything
        bool was_asked = false;    // by the name of another make, as it has not
        std::int64_t since = 0;    // when it was shown something first
        std::array<bool, kColumns + 1> touched = {};
        std::array<param::Slot, kColumns + 1> held = {};  // what the finger moves
        std::array<std::int64_t, kColumns> moved = {};    // when the fader was
        std::array<std::int64_t, kColumns> clipped = {};
    };

    // mackie.cpp: what is said.
    void hear_button(std::size_t unit, const Message& message, std::int64_t now);
    void hear_touch(std::size_t unit, std::size_t fader, bool down, std::int64_t now);
    void hear_fader(std::size_t unit, const Message& message, std::int64_t now);
    void hear_controller(std::size_t unit, const Message& message);
    void press(const Button& button, std::size_t column);
    void press_of_strip(const Button& button, std::size_t column);
    void press_of_surface(const Button& button);
    void press_of_desk(const Button& button);
    void assign(Assign to);
    void move(int strips);
    void jog(int detents);
    bool act(std::string_view address);

    // What stands where.
    std::optional<Strip> strip_at(std::size_t column) const;
    std::optional<param::Slot> slot_of(const Strip& strip, std::size_t row, std::size_t dca_row,
                                       std::size_t index = 0) const;
    std::optional<param::Slot> slot_of(const std::optional<Strip>& strip,
                                       const OfStrip& control) const;
    std::optional<param::Slot> send_at(const Strip& strip, std::size_t bus) const;
    std::vector<param::Slot> pots_of_selected() const;
    bool pots_are_of_strips() const { return assign_ == Assign::send || assign_ == Assign::pan; }
    std::optional<param::Slot> assigned_at(std::size_t column) const;
    std::optional<param::Slot> pot_at(std::size_t column) const;
    std::optional<param::Slot> fader_at(std::size_t unit, std::size_t fader) const;
    std::size_t columns() const { return units_.size() * kColumns; }
    std::size_t buses() const;
    float number(param::Slot slot) const { return desk_.get(slot).number; }

    // mackie_link.cpp: how they meet and part.
    void hear_sysex(Unit& unit, View bytes);
    void answer_query(Unit& unit, View data);
    void ask_version(Unit& unit);
    void ask_silent(Unit& unit, std::int64_t now);

    // mackie_face.cpp: what is shown.
    void darken(std::size_t unit);
    void show_text(const Unit& unit, std::size_t cell, std::string_view text);
    bool is_lit(const Button& button, std::size_t column) const;
    void show_buttons(std::size_t unit);
    void show_faders(std::size_t unit);
    void show_rings(std::size_t unit);
    void show_names(std::size_t unit, std::int64_t now);
    void show_colours(std::size_t unit);
    void show_digits(Wire& wire);
    void show_meter(Unit& unit, std::size_t i, std::size_t column, std::int64_t now);
    std::string upper_text(std::size_t column) const;
    std::string lower_text(std::size_t unit, std::size_t fader, std::int64_t now) const;
    std::string name_of(const Strip& strip) const;

    const param::Layout& layout_;
    const DeskSide& desk_;
    std::vector<Unit> units_;
    std::vector<Strip> strips_;
    std::vector<std::optional<float>> clips_;      // of each strip, when it was shown last
    std::array<std::size_t, kGroups> first_ = {};  // of each group among the strips
    std::size_t bank_ = 0;                         // the strip on the first column
    std::size_t selected_ = 0;
    Assign assign_ = Assign::pan;
    std::size_t send_bus_ = 0;
    std::size_t page_ = 0;
    bool flipped_ = false;
    bool shows_values_ = true;
    bool jogs_finely_ = false;
};

// Where messages go among the places of a wire: answers first, the farewell last.
inline constexpr Place kPlaceReply = 1, kPlaceVersion = 2, kPlaceQuery = 3, kPlaceOffline = 0x700;
inline constexpr Place kPlaceLamp = 0x100, kPlaceFader = 0x200, kPlaceRing = 0x300,
                       kPlaceText = 0x400, kPlaceColours = 0x480, kPlaceDigit = 0x500,
                       kPlaceMeter = 0x600;

// A fader's 14 bits. Those with ten say 3ff0 at the top.
param::Value fader_value(const param::Layout& layout, param::Slot slot, unsigned code);
unsigned fader_code(const param::Layout& layout, param::Slot slot, const param::Value& value);

}  // namespace mixrig::midi
