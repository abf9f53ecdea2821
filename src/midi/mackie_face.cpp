// What Mackie Control units show: lamps, motors, rings, displays, meters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/mackie.h"
#include "src/midi/short_text.h"
#include "src/midi/turn.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace mixrig::midi {
namespace {

using param::Slot;

constexpr std::int64_t kShowsMoved = kSecond;  // the value of a fader behind its last move
constexpr std::int64_t kShowsOverload = 2 * kSecond;
constexpr unsigned kLampOn = 127;
// The ring's modes, and the lamp in its middle.
constexpr unsigned kDot = 0x00, kBoostCut = 0x10, kWrap = 0x20, kSpread = 0x30, kCentre = 0x40;
constexpr float kRingLamps = 10.0f;  // between the first and the last
constexpr unsigned kPoint = 0x40;    // of a digit

constexpr std::array<std::string_view, kGroups> kGroupText = {"Ch",  "Sub", "Fx",
                                                              "Aux", "Mtx", "DCA"};

constexpr Place place_of(Place place, std::size_t i) {
    return place + static_cast<Place>(i);
}

unsigned ring_mode(const param::Row& row) {
    if (row.type == param::Type::toggle) return kSpread;
    if (row.low < 0.0f && row.high == -row.low) return kBoostCut;
    return row.taper == param::Taper::fader ? kWrap : kDot;
}

unsigned ring_code(const param::Layout& layout, Slot slot, const param::Value& value) {
    const param::Row& row = layout.row(slot);
    const float position = midi::position(layout, slot, value).value_or(0.0f);
    if (row.type == param::Type::toggle && value.number == 0.0f) return 0;
    const auto lamp = static_cast<unsigned>(1 + std::lround(position * kRingLamps));
    const unsigned mode = ring_mode(row);
    const bool in_middle = mode == kBoostCut && value.number == 0.0f;
    return mode | (in_middle ? kCentre : 0u) | lamp;
}

// Seven segments have the characters from blank to underline, by their lower six bits.
unsigned digit(char c) {
    return static_cast<unsigned char>(c) & 0x3fu;
}

// "  0.04.12.3  ": hours, minutes, seconds, tenths, at their places of the display. A point belongs
// to the digit before it.
std::string time_text(float position) {
    const auto tenths = static_cast<long>(position * 10.0f);
    std::array<char, 24> out{};
    std::snprintf(out.data(), out.size(), "%3ld%02ld%02ld%ld  ", tenths / 36000 % 1000,
                  tenths / 600 % 60, tenths / 10 % 60, tenths % 10);
    return out.data();
}
constexpr std::array<std::size_t, 3> kPointsBehind = {2, 4, 6};

}  // namespace

void Mackie::show(std::int64_t now) {
    for (std::size_t unit = 0; unit < units_.size(); ++unit) {
        if (units_[unit].wire == nullptr) continue;
        ask_silent(units_[unit], now);
        show_buttons(unit);
        show_faders(unit);
        show_rings(unit);
        show_names(unit, now);
        if (units_[unit].has_colours) show_colours(unit);
        if (!is_extender(units_[unit].model)) show_digits(*units_[unit].wire);
    }
}

bool Mackie::is_lit(const Button& button, std::size_t column) const {
    switch (button.does) {
        case Does::toggle:
        case Does::arm: {
            const auto strip = strip_at(column);
            const auto slot = strip ? slot_of(*strip, button.row, button.dca_row) : std::nullopt;
            return slot && number(*slot) != 0.0f;
        }
        case Does::select:
            return strip_at(column).has_value() && bank_ + column == selected_;
        case Does::assign:
            return static_cast<int>(assign_) == button.number;
        case Does::flip:
            return flipped_;
        case Does::values:
            return shows_values_;
        case Does::fine:
            return jogs_finely_;
        case Does::automate: {
            const auto slot = slot_of(strips_[selected_], button.row, kNoRow);
            return slot && number(*slot) == static_cast<float>(button.number);
        }
        case Does::act:
        case Does::record:
        case Does::desk:
            return button.row != kNoRow &&
                   number(layout_.slot(param::Kind::desk, 0, button.row)) == button.lit;
        default:
            return false;
    }
}

void Mackie::show_buttons(std::size_t unit) {
    for (const Button& button : kButtons) {
        if (button.does == Does::push) continue;  // has no lamp
        if (button.count == 1 && is_extender(units_[unit].model)) continue;
        for (std::size_t i = 0; i < button.count; ++i) {
            const unsigned lamp = button.note + static_cast<unsigned>(i);
            const bool lit = is_lit(button, unit * kColumns + i);
            units_[unit].wire->want(place_of(kPlaceLamp, lamp), note(0, lamp, lit ? kLampOn : 0));
        }
    }
}

void Mackie::show_faders(std::size_t unit) {
    const Unit& at_unit = units_[unit];
    const std::size_t faders = is_extender(at_unit.model) ? kColumns : kColumns + 1;
    for (std::size_t fader = 0; fader < faders; ++fader) {
        if (at_unit.touched[fader]) continue;
        const auto slot = fader_at(unit, fader);
        const unsigned code = slot ? fader_code(layout_, *slot, desk_.get(*slot)) : 0;
        at_unit.wire->want(place_of(kPlaceFader, fader), bend(static_cast<unsigned>(fader), code));
    }
}

void Mackie::show_rings(std::size_t unit) {
    for (std::size_t i = 0; i < kColumns; ++i) {
        const auto slot = pot_at(unit * kColumns + i);
        const unsigned code = slot ? ring_code(layout_, *slot, desk_.get(*slot)) : 0;
        units_[unit].wire->want(place_of(kPlaceRing, i),
                                cc(0, kRing + static_cast<unsigned>(i), code));
    }
}

std::string Mackie::name_of(const Strip& strip) const {
    const auto slot = slot_of(strip, kName.row, kName.dca_row);
    std::string name = slot ? desk_.get(*slot).text : std::string{};
    if (name.empty())
        name = std::string(kGroupText[static_cast<std::size_t>(strip.group)]) + " " +
               std::to_string(strip.number + 1);
    return name;
}

// Of the strip; while the pots are those of one strip, what they turn.
std::string Mackie::upper_text(std::size_t column) const {
    if (pots_are_of_strips()) {
        const auto strip = strip_at(column);
        return strip ? name_of(*strip) : std::string{};
    }
    const auto slot = assigned_at(column);
    return slot ? short_name(layout_, *slot) : std::string{};
}

std::string Mackie::lower_text(std::size_t unit, std::size_t fader, std::int64_t now) const {
    const Unit& at_unit = units_[unit];
    const std::size_t column = unit * kColumns + fader;
    const bool was_moved = at_unit.moved[fader] != 0 && now - at_unit.moved[fader] < kShowsMoved;
    const auto slot = at_unit.touched[fader] || was_moved ? fader_at(unit, fader) : pot_at(column);
    if (!slot) return {};
    if (!shows_values_ && !was_moved) return short_name(layout_, *slot);
    return short_value(layout_, *slot, desk_.get(*slot));
}

void Mackie::show_names(std::size_t unit, std::int64_t now) {
    const Unit& at_unit = units_[unit];
    for (std::size_t i = 0; i < kColumns; ++i)
        for (std::size_t line = 0; line < 2; ++line) {
            const std::string text =
                line == 0 ? upper_text(unit * kColumns + i) : lower_text(unit, i, now);
            show_text(at_unit, 2 * i + line, text);
        }
}

// Cells go from column to column, the upper one of each first.
void Mackie::show_text(const Unit& unit, std::size_t cell, std::string_view text) {
    const auto offset = static_cast<std::uint8_t>(cell % 2 * kLowerLine + cell / 2 * kDisplayWidth);
    Bytes message = {kSysex, 0, 0, 0x66, unit.model, kDisplay, offset};
    // The last column of the seven keeps neighbours apart.
    const std::string shown = fitted(text, kDisplayWidth - 1) + " ";
    message.insert(message.end(), shown.begin(), shown.end());
    message.push_back(kEndOfSysex);
    unit.wire->want(place_of(kPlaceText, cell), std::move(message));
}

// A motor under a finger is left alone here as well.
void Mackie::darken(std::size_t unit) {
    const Unit& at = units_[unit];
    const bool extends = is_extender(at.model);
    for (const Button& button : kButtons)
        for (std::size_t i = 0; i < button.count; ++i)
            if (button.does != Does::push && !(extends && button.count == 1)) {
                const unsigned lamp = button.note + static_cast<unsigned>(i);
                at.wire->want(place_of(kPlaceLamp, lamp), note(0, lamp, 0));
            }
    for (std::size_t i = 0; i < (extends ? kColumns : kColumns + 1); ++i)
        if (!at.touched[i])
            at.wire->want(place_of(kPlaceFader, i), bend(static_cast<unsigned>(i), 0));
    for (std::size_t i = 0; i < kColumns; ++i) {
        at.wire->want(place_of(kPlaceRing, i), cc(0, kRing + static_cast<unsigned>(i), 0));
        show_text(at, 2 * i, {});
        show_text(at, 2 * i + 1, {});
    }
    for (unsigned i = 0; !extends && i < kTimeDigits + 2; ++i)
        at.wire->want(place_of(kPlaceDigit, i), cc(0, kDigits + i, digit(' ')));
}

void Mackie::show_colours(std::size_t unit) {
    constexpr std::uint8_t kWhite = 7;  // the display's numbers are those of the row
    Bytes message = {kSysex, 0, 0, 0x66, units_[unit].model, kColours};
    for (std::size_t i = 0; i < kColumns; ++i) {
        const auto slot = slot_of(strip_at(unit * kColumns + i), kColor);
        message.push_back(slot ? static_cast<std::uint8_t>(number(*slot)) : kWhite);
    }
    message.push_back(kEndOfSysex);
    units_[unit].wire->want(kPlaceColours, std::move(message));
}

void Mackie::show_digits(Wire& wire) {
    const Slot position = layout_.slot(param::Kind::desk, 0, param::row("/transport/position"));
    const std::string time = time_text(number(position));
    for (std::size_t i = 0; i < kTimeDigits; ++i) {
        const bool point =
            std::find(kPointsBehind.begin(), kPointsBehind.end(), i) != kPointsBehind.end();
        const std::size_t from_right = kTimeDigits - 1 - i;
        wire.want(place_of(kPlaceDigit, from_right),
                  cc(0, kDigits + static_cast<unsigned>(from_right),
                     digit(time[i]) | (point ? kPoint : 0u)));
    }
    std::string text(kAssignText[static_cast<std::size_t>(assign_)]);
    if (assign_ == Assign::send) text[1] = static_cast<char>('1' + send_bus_ % 9);
    for (std::size_t i = 0; i < text.size(); ++i)
        wire.want(place_of(kPlaceDigit, kTimeDigits + 1 - i),
                  cc(0, kDigits + static_cast<unsigned>(kTimeDigits + 1 - i), digit(text[i])));
}

void Mackie::show_meters(std::int64_t now) {
    for (std::size_t unit = 0; unit < units_.size(); ++unit)
        for (std::size_t i = 0; units_[unit].wire != nullptr && i < kColumns; ++i)
            show_meter(units_[unit], i, unit * kColumns + i, now);
}

void Mackie::show_meter(Unit& unit, std::size_t i, std::size_t column, std::int64_t now) {
    const auto tell = [&](unsigned value) {
        unit.wire->want_again(place_of(kPlaceMeter, i),
                              pressure(0, static_cast<unsigned>(i) << 4 | value));
    };
    const auto strip = strip_at(column);
    const auto level = strip && strip->group != Group::dca
                           ? desk_.level(kind_of(strip->group), strip->number)
                           : std::nullopt;
    if (!level) return;
    std::optional<float>& clips = clips_[bank_ + column];
    const bool overloads = clips && level->clips > *clips;
    clips = level->clips;
    if (overloads) {
        unit.clipped[i] = now;
        return tell(kOverload);
    }
    if (unit.clipped[i] != 0 && now - unit.clipped[i] > kShowsOverload) {
        unit.clipped[i] = 0;
        return tell(kNoOverload);
    }
    const auto lit = std::upper_bound(kSegments.begin(), kSegments.end(), level->peak_dB);
    if (lit != kSegments.begin()) tell(static_cast<unsigned>(lit - kSegments.begin()));
}

}  // namespace mixrig::midi
