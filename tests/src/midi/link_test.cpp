// How Mackie Control units and the desk meet and part.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/midi/rig.h"

#include <doctest/doctest.h>

#include <algorithm>

namespace mixrig::tests {

using midi::Bytes;

namespace {

// What a unit of this model says or is told, behind F0 00 00 66.
Bytes message(std::uint8_t model, Bytes data) {
    Bytes out = {midi::kSysex, 0, 0, 0x66, model};
    out.insert(out.end(), data.begin(), data.end());
    out.push_back(midi::kEndOfSysex);
    return out;
}

Bytes with_serial(std::uint8_t what, Bytes rest = {}) {
    Bytes out = {what, 'Z', 'T', '1', '0', '4', '7', '3'};
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

struct Desk : Rig {
    VirtualSurface unit;
    midi::PortId port;

    explicit Desk(const std::string& name)
        : Rig({.units = {"Control", "X-Touch"}}), port(plug(unit, name)) {}

    bool was_told(const Bytes& what) const {
        return std::find(unit.sysex.begin(), unit.sysex.end(), what) != unit.sysex.end();
    }
    bool has_logged(const std::string& part) const {
        return std::any_of(log.begin(), log.end(), [&](const std::string& line) {
            return line.find(part) != std::string::npos;
        });
    }
    std::size_t lit() const {
        return static_cast<std::size_t>(
            std::count_if(unit.lamps.begin(), unit.lamps.end(),
                          [](const auto& lamp) { return lamp.second != 0; }));
    }
};

}  // namespace

TEST_CASE(
    "mackie link: a Logic Control gets the response to its challenge, and then all it shows") {
    for (const std::uint8_t model : {midi::kLogicControl, midi::kLogicControlXT}) {
        Desk desk("Logic Control:Port 1");
        desk.run(5);
        desk.play(desk.port, message(model, with_serial(0x01, {0x12, 0x34, 0x56, 0x78})));
        desk.run(100);
        // Worked out by hand from the manual's four lines: 12+3e-78, 5^(12+78), (78-158)^36, and
        // 34-56+(f0^780), seven bits of each.
        CHECK(desk.was_told(message(model, with_serial(0x02, {0x58, 0x0f, 0x16, 0x4e}))));
        CHECK_FALSE(desk.was_told(message(model, {0x13, 0x00})));
        desk.run(500);
        // Offline it has shown nothing of that.
        desk.unit.display.assign(112, '?');
        desk.unit.motors.clear();
        desk.unit.lamps.clear();
        desk.play(desk.port, message(model, with_serial(0x03)));
        desk.run(600);
        CHECK(desk.unit.display.starts_with("Ch 1   Ch 2   "));
        CHECK(desk.unit.display.find('?') == std::string::npos);
        CHECK(desk.unit.motors.size() == (midi::is_extender(model) ? 8 : 9));
        CHECK(desk.was_told(message(model, {0x13, 0x00})));
        desk.play(desk.port, message(model, {0x14, 'V', '1', '.', '0', '2'}));
        desk.run(5);
        CHECK(desk.has_logged("has firmware V1.02"));
        // Switched off and on again it may ask with the same challenge.
        desk.unit.sysex.clear();
        desk.play(desk.port, message(model, with_serial(0x01, {0x12, 0x34, 0x56, 0x78})));
        desk.run(100);
        CHECK(desk.was_told(message(model, with_serial(0x02, {0x58, 0x0f, 0x16, 0x4e}))));
        desk.play(desk.port, message(model, with_serial(0x04)));
        desk.run(5);
        CHECK(desk.has_logged("denies the connection"));
    }
}

TEST_CASE("mackie link: who is silent is asked as a Logic Control, who has spoken is not") {
    Desk silent("Logic Control:Port 1");
    silent.run(900);
    CHECK(silent.was_told(message(midi::kModelMain, {0x00})));
    CHECK_FALSE(silent.was_told(message(midi::kLogicControl, {0x00})));
    silent.run(600);
    CHECK(silent.was_told(message(midi::kLogicControl, {0x00})));

    Desk other("X-Touch:X-Touch INT");
    other.run(100);
    other.play(other.port, message(midi::kModelMain, {0x01, 0x58, 0x59}));
    other.run(2000);
    CHECK_FALSE(other.was_told(message(midi::kLogicControl, {0x00})));
    CHECK(other.was_told(message(midi::kModelMain, {0x13, 0x00})));
    CHECK_FALSE(std::any_of(other.unit.sysex.begin(), other.unit.sysex.end(),
                            [](const Bytes& one) { return one[5] == 0x02; }));
}

TEST_CASE("mackie link: messages that are none change nothing") {
    Desk desk("Logic Control:Port 1");
    desk.run(600);
    desk.unit.sysex.clear();
    const std::size_t lines = desk.log.size();
    for (const Bytes& bad :
         {Bytes{0xf0, 0xf7}, Bytes{0xf0, 0, 0, 0x66, 0xf7}, Bytes{0xf0, 0, 0, 0x66, 0x10, 0xf7},
          Bytes{0xf0, 0, 0, 0x67, 0x10, 0x03, 0xf7}, message(0x10, with_serial(0x01, {1, 2, 3})),
          message(0x10, {0x7f}), message(0x10, {0x12, 0})}) {
        desk.play(desk.port, bad);
        desk.run(50);
    }
    CHECK(desk.unit.sysex.empty());
    CHECK(desk.log.size() == lines);
}

TEST_CASE("mackie link: at the end lights are off, displays empty, faders down") {
    for (const bool is_logic : {false, true}) {
        Desk desk(is_logic ? "Logic Control:Port 1" : "X-Touch:X-Touch INT");
        desk.run(5);
        if (is_logic) {
            desk.play(desk.port, message(0x10, with_serial(0x01, {1, 2, 3, 4})));
            desk.run(10);
            desk.play(desk.port, message(0x10, with_serial(0x03)));
        }
        desk.set("/ch/1/mute", "on");
        desk.set("/ch/3/pan", "0.5");
        desk.run(700);
        REQUIRE(desk.lit() > 1);
        REQUIRE(desk.unit.motors[0] > 0);
        desk.surfaces->part();
        CHECK_FALSE(desk.surfaces->has_parted());
        desk.set("/ch/2/mute", "on");  // nobody sees that any more
        desk.play(desk.port, midi::note(0, 16, 127));
        int milliseconds = 0;
        for (; !desk.surfaces->has_parted() && milliseconds < 1000; ++milliseconds) desk.run(1);
        CHECK(milliseconds < 450);
        CHECK(desk.lit() == 0);
        for (const auto& [fader, at] : desk.unit.motors) CHECK(at == 0);
        CHECK(desk.unit.motors.size() == 9);
        CHECK(desk.unit.display == std::string(112, ' '));
        for (const auto& [controller, value] : desk.unit.controllers)
            CHECK(value == (controller.second >= midi::kDigits ? 0x20u : 0u));
        CHECK(desk.number("/ch/1/mute") == 1.0f);
        CHECK(desk.was_told(message(0x10, {0x0f, 0x7f})) == is_logic);
        CHECK(desk.unit.most_in_a_second() <= 3125);
    }
}

}  // namespace mixrig::tests
