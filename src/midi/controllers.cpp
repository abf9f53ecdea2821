// Modes of plain controllers: pick-up, relative knobs, buttons; and what they are told.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/controllers.h"

#include "src/midi/turn.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>

namespace mixrig::midi {
namespace {

constexpr unsigned kMiddle = 64;
constexpr Place kPlaceTie = 1;
// A control within so much of the value has met it: a 7 bit knob misses no step of a quick turn.
constexpr int kMeets = 32;  // parts of its range

int detents(Mode mode, std::uint16_t value) {
    const int v = value;
    const int middle = kMiddle;
    if (mode == Mode::relative64) return v - middle;
    if (v <= middle) return v == middle ? 0 : v;
    return mode == Mode::relative ? v - 2 * middle : middle - v;
}

bool is_relative(Mode mode) {
    return mode == Mode::relative || mode == Mode::relative64 || mode == Mode::relative_sign;
}

bool is_button(Mode mode) {
    return mode == Mode::toggle || mode == Mode::momentary;
}

}  // namespace

bool holds(std::string_view name, std::string_view part) {
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) ==
               std::tolower(static_cast<unsigned char>(b));
    };
    return part == "*" ||
           std::search(name.begin(), name.end(), part.begin(), part.end(), same) != name.end() ||
           part.empty();
}

std::vector<Moved> Assembler::add(const Message& message) {
    const std::uint8_t at = message.channel;
    switch (message.kind) {
        case Kind::note:
            return {{{Control::Kind::note, at, message.number, false}, message.value}};
        case Kind::bend:
            return {{{Control::Kind::bend, at, 0, false}, message.value}};
        case Kind::cc:
            break;
        default:
            return {};
    }
    Channel& channel = channels_[at];
    const unsigned number = message.number;
    const auto value = static_cast<std::uint8_t>(message.value);
    channel.last[number] = value;
    std::vector<Moved> out = {
        {{Control::Kind::cc, at, static_cast<std::uint16_t>(number), false}, value}};
    const auto pair = [&](unsigned upper, unsigned lower) {
        return static_cast<std::uint16_t>(channel.last[upper] << 7 | channel.last[lower]);
    };
    if (number == kNrpnLow || number == kNrpnHigh) channel.nrpn = pair(kNrpnHigh, kNrpnLow);
    if (number == kRpnLow || number == kRpnHigh) channel.nrpn.reset();
    if (number >= kLowerHalf && number < 2 * kLowerHalf) {
        const unsigned upper = number - kLowerHalf;
        out.push_back({{Control::Kind::cc, at, static_cast<std::uint16_t>(upper), true},
                       pair(upper, number)});
    }
    if (channel.nrpn && number == kEntry)
        out.push_back({{Control::Kind::nrpn, at, *channel.nrpn, false}, value});
    if (channel.nrpn && number == kEntryLower)
        out.push_back({{Control::Kind::nrpn, at, *channel.nrpn, true}, pair(kEntry, kEntryLower)});
    return out;
}

bool Controllers::fits(const Mapping& mapping, const Wire& wire) {
    return holds(wire.name(), mapping.device);
}

void Controllers::tie(Device& device) {
    for (std::size_t t = 0; t < device.ties.size(); ++t)
        device.wire->forget(kPlaceTie + static_cast<Place>(t));
    device.ties.clear();
    for (std::size_t m = 0; m < mappings_.size(); ++m)
        if (const auto target = target_of(layout_, mappings_[m]);
            target && fits(mappings_[m], *device.wire))
            device.ties.push_back({.mapping = m, .slot = *target});
}

void Controllers::use(std::vector<Mapping> mappings) {
    mappings_ = std::move(mappings);
    for (Device& device : devices_) tie(device);
}

void Controllers::connect(Wire& wire) {
    Device& device = devices_.emplace_back(Device{.wire = &wire});
    tie(device);
    // Universal identity request: only who echoes everything sends it back. Not to those whose
    // output nobody asked for.
    const auto is_told = [&](const Tie& tie) { return mappings_[tie.mapping].feedback; };
    if (std::any_of(device.ties.begin(), device.ties.end(), is_told))
        wire.probe(kPlaceProbe, {kSysex, 0x7e, 0x7f, 0x06, 0x01, kEndOfSysex});
}

void Controllers::disconnect(const Wire& wire) {
    std::erase_if(devices_, [&](const Device& device) { return device.wire == &wire; });
}

std::vector<Moved> Controllers::receive(Wire& wire, View bytes, std::int64_t now) {
    const auto device = std::find_if(devices_.begin(), devices_.end(),
                                     [&](const Device& d) { return d.wire == &wire; });
    if (device == devices_.end() || wire.is_probe(bytes)) return {};
    std::vector<Moved> all = device->assembler.add(read(bytes));
    for (const Moved& one : all)
        for (std::size_t t = 0; t < device->ties.size(); ++t) {
            const Mapping& mapping = mappings_[device->ties[t].mapping];
            if (mapping.control != one.control) continue;
            // Known as a whole: the halves of a wide control say something each time.
            const auto sense =
                is_button(mapping.mode) ? Wire::Sense::button : Wire::Sense::position;
            if (wire.is_echo(messages_of(one.control, one.value), sense, now)) continue;
            moved(*device, t, one.value);
        }
    return all;
}

void Controllers::moved(Device& device, std::size_t t, std::uint16_t value) {
    Tie& tie = device.ties[t];
    const Mapping& mapping = mappings_[tie.mapping];
    if (!tie.slot || is_button(mapping.mode))
        return pressed(
            tie,
            value > (mapping.control.kind == Control::Kind::note ? 0 : mapping.control.most() / 2));
    if (!is_relative(mapping.mode))
        return turned_to(device, tie, kPlaceTie + static_cast<Place>(t), value);
    const int steps = detents(mapping.mode, value);
    if (steps != 0)
        (void)desk_.set(*tie.slot, turned(layout_, *tie.slot, desk_.get(*tie.slot), steps));
}

void Controllers::pressed(Tie& tie, bool down) {
    const Mapping& mapping = mappings_[tie.mapping];
    if (tie.pressed == down && mapping.control.kind != Control::Kind::note) return;
    tie.pressed = down;
    if (tie.slot && mapping.mode == Mode::momentary) {
        (void)desk_.set(*tie.slot, at_position(layout_, *tie.slot, down ? 1.0f : 0.0f));
        return;
    }
    if (!down) return;
    if (tie.slot)
        (void)desk_.set(*tie.slot, pushed(layout_, *tie.slot, desk_.get(*tie.slot)));
    else
        (void)desk_.act(mapping.address, {});
}

std::uint16_t Controllers::code(const Tie& tie) const {
    const float at = position(layout_, *tie.slot, desk_.get(*tie.slot)).value_or(0.0f);
    const auto most = static_cast<float>(mappings_[tie.mapping].control.most());
    return static_cast<std::uint16_t>(std::lround(at * most));
}

// It has the value if it was the last to set it, or now meets it, or just went past it.
bool Controllers::may_take_over(Tie& tie, std::uint16_t value) const {
    const int here = value, there = code(tie);
    const int meets = mappings_[tie.mapping].control.most() / kMeets;
    if (tie.set && std::abs(*tie.set - there) <= meets) return true;
    tie.set.reset();
    if (std::abs(here - there) <= meets) return true;
    return tie.last && (*tie.last < there) != (here < there);
}

void Controllers::turned_to(Device& device, Tie& tie, Place place, std::uint16_t value) {
    const Mapping& mapping = mappings_[tie.mapping];
    const bool takes = mapping.mode == Mode::absolute || may_take_over(tie, value);
    tie.last = value;
    device.wire->shows(place, messages_of(mapping.control, value));
    if (!takes) return;
    tie.set = value;
    // What stands there already is left as exact as it is.
    if (code(tie) == value) return;
    const float at = static_cast<float>(value) / static_cast<float>(mapping.control.most());
    (void)desk_.set(*tie.slot, at_position(layout_, *tie.slot, at));
}

void Controllers::show() {
    for (Device& device : devices_)
        for (std::size_t t = 0; t < device.ties.size(); ++t) {
            const Tie& tie = device.ties[t];
            const Mapping& mapping = mappings_[tie.mapping];
            if (!tie.slot || !mapping.feedback) continue;
            const bool is_note = mapping.control.kind == Control::Kind::note;
            const bool is_on = desk_.get(*tie.slot).number != 0.0f;
            const unsigned value = is_note ? (is_on ? kMost7 : 0u) : code(tie);
            device.wire->want(kPlaceTie + static_cast<Place>(t),
                              messages_of(mapping.control, value));
        }
}

}  // namespace mixrig::midi
