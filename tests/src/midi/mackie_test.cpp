// Mackie Control units: every control both ways, banks, displays, meters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/turn.h"
#include "tests/src/midi/rig.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

namespace mixrig::tests {

using midi::bend;
using midi::cc;
using midi::note;

namespace {

struct Desk : Rig {
    VirtualSurface surface;
    midi::PortId port;

    Desk() : Rig({.units = {"X-Touch"}}), port(plug(surface, "X-Touch:X-Touch MIDI 1")) {
        run(600);
    }
    void press(unsigned button) {
        play(port, note(0, button, 127));
        play(port, note(0, button, 0));
        run(100);
    }
    void touch(unsigned fader, bool down) {
        surface.fingers[fader] = down;
        play(port, note(0, 104 + fader, down ? 127 : 0));
        run(30);
    }
    void drag(unsigned fader, unsigned to) {
        touch(fader, true);
        play(port, bend(fader, to));
        run(30);
        touch(fader, false);
        run(30);
    }
    std::string upper(std::size_t i) const { return surface.display.substr(7 * i, 7); }
    std::string lower(std::size_t i) const { return surface.display.substr(56 + 7 * i, 7); }
    unsigned code(const std::string& address) const {
        return midi::fader_code(layout, slot(address), values.get(slot(address)));
    }
};

}  // namespace

TEST_CASE("mackie: each fader moves its strip, and its strip each fader") {
    Desk desk;
    for (unsigned fader = 0; fader < 9; ++fader) {
        const std::string address =
            fader == 8 ? "/main/fader" : "/ch/" + std::to_string(fader + 1) + "/fader";
        CAPTURE(address);
        for (const unsigned code : {0u, 1u, 5000u, 12288u, 16382u, 16383u}) {
            desk.drag(fader, code);
            const float dB = desk.number(address);
            CHECK(dB == midi::fader_value(desk.layout, desk.slot(address), code).number);
            // A fader of ten bits is at the top there.
            CHECK(desk.surface.motors[fader] == (code >= 0x3ff0 ? 16383u : code));
        }
        desk.drag(fader, 0);
        CHECK(desk.number(address) == -90.0f);
        desk.set(address, "-6 dB");
        desk.run(50);
        CHECK(desk.surface.motors[fader] == desk.code(address));
        CHECK(desk.number(address) == -6.0f);
    }
    CHECK(desk.surface.moved_under_finger == 0);
}

TEST_CASE("mackie: a motor waits for the finger, and says what was refused") {
    Desk desk;
    desk.touch(2, true);
    desk.play(desk.port, bend(2, 9000));
    desk.run(100);
    desk.set("/ch/3/fader", "3 dB");  // somebody else
    desk.run(100);
    CHECK(desk.surface.moved_under_finger == 0);
    desk.touch(2, false);
    desk.run(50);
    CHECK(desk.surface.motors[2] == desk.code("/ch/3/fader"));
    using Touches = std::vector<std::pair<std::string, bool>>;
    CHECK(desk.touches == Touches{{"/ch/3/fader", true}, {"/ch/3/fader", false}});

    desk.refuses = true;
    desk.drag(2, 1000);
    CHECK(desk.number("/ch/3/fader") == 3.0f);
    CHECK(desk.surface.motors[2] == desk.code("/ch/3/fader"));
}

TEST_CASE("mackie: a finger keeps its fader when the bank changes under it") {
    Desk desk;
    desk.touch(0, true);
    desk.press(47);
    desk.play(desk.port, bend(0, 4000));
    desk.run(50);
    CHECK(desk.code("/ch/1/fader") == 4000);
    CHECK(desk.number("/ch/9/fader") == 0.0f);
    desk.touch(0, false);
    CHECK(desk.surface.motors[0] == desk.code("/ch/9/fader"));
}

TEST_CASE("mackie: buttons of strips, and their lamps") {
    Desk desk;
    for (unsigned i = 0; i < 8; ++i) {
        const std::string strip = "/ch/" + std::to_string(i + 1);
        const std::vector<std::pair<unsigned, std::string>> buttons = {
            {0 + i, "/record"}, {8 + i, "/solo"}, {16 + i, "/mute"}};
        for (const auto& one : buttons) {
            const unsigned button = one.first;
            const std::string& row = one.second;
            CAPTURE(strip + row);
            CHECK(desk.surface.lamps.at(button) == 0);
            desk.press(button);
            CHECK(desk.number(strip + row) == 1.0f);
            CHECK(desk.surface.lamps.at(button) == 127);
            desk.press(button);
            CHECK(desk.number(strip + row) == 0.0f);
            CHECK(desk.surface.lamps.at(button) == 0);
            desk.set(strip + row, "1");
            desk.run(50);
            CHECK(desk.surface.lamps.at(button) == 127);
        }
        desk.press(24 + i);
        for (unsigned k = 0; k < 8; ++k)
            CHECK(desk.surface.lamps.at(24 + k) == (k == i ? 127u : 0u));
    }
}

TEST_CASE("mackie: pots turn pans, their rings and texts follow, a push centres") {
    Desk desk;
    for (unsigned i = 0; i < 8; ++i) {
        const std::string address = "/ch/" + std::to_string(i + 1) + "/pan";
        CAPTURE(address);
        CHECK(desk.surface.controllers.at({0, 48 + i}) == (0x40u | 0x10u | 6u));
        CHECK(desk.lower(i) == "C      ");
        desk.play(desk.port, cc(0, 16 + i, 20));
        desk.run(100);
        CHECK(desk.number(address) == doctest::Approx(0.2));
        CHECK(desk.surface.controllers.at({0, 48 + i}) == (0x10u | 7u));
        CHECK(desk.lower(i) == "R20    ");
        desk.play(desk.port, cc(0, 16 + i, 0x40 | 63));
        desk.play(desk.port, cc(0, 16 + i, 0x40 | 63));
        desk.run(100);
        CHECK(desk.number(address) == -1.0f);
        CHECK(desk.surface.controllers.at({0, 48 + i}) == (0x10u | 1u));
        desk.press(32 + i);
        CHECK(desk.number(address) == 0.0f);
    }
}

TEST_CASE("mackie: names, also those that are not plain ASCII, and values while a fader moves") {
    Desk desk;
    CHECK(desk.upper(0) == "Ch 1   ");
    desk.values.set(desk.slot("/ch/2/name"), {.text = "Flügelhorn"});
    desk.values.set(desk.slot("/ch/3/name"), {.text = "歌 1"});
    desk.surfaces->changed();
    desk.run(200);
    CHECK(desk.upper(1) == "Flugel ");
    CHECK(desk.upper(2) == "? 1    ");
    desk.drag(0, desk.code("/ch/1/fader"));  // stands there
    desk.touch(0, true);
    desk.set("/ch/1/fader", "-6.04 dB");
    desk.run(100);
    CHECK(desk.lower(0) == "-6.0dB ");
    desk.touch(0, false);
    desk.run(1500);
    CHECK(desk.lower(0) == "C      ");
}

TEST_CASE("mackie: banks, single steps, groups") {
    Desk desk;
    desk.press(47);
    CHECK(desk.upper(0) == "Ch 9   ");
    desk.press(49);
    CHECK(desk.upper(0) == "Ch 10  ");
    desk.press(48);
    desk.press(46);
    desk.press(46);  // not before the first
    CHECK(desk.upper(0) == "Ch 1   ");
    const std::vector<std::pair<unsigned, std::string>> groups = {{55, "Sub 1  "}, {56, "Fx 1   "},
                                                                  {57, "Aux 1  "}, {58, "Mtx 1  "},
                                                                  {59, "DCA 1  "}, {54, "Ch 1   "}};
    for (const auto& [button, name] : groups) {
        desk.press(button);
        CHECK(desk.upper(0) == name);
    }
    desk.press(59);
    desk.drag(1, 8000);
    CHECK(desk.code("/dca/2/fader") == 8000);
    desk.press(16 + 1);
    CHECK(desk.number("/dca/2/mute") == 1.0f);
    desk.press(0);  // a DCA cannot be recorded
    for (int i = 0; i < 4; ++i) desk.press(47);
    CHECK(desk.upper(0) == "DCA 1  ");  // not beyond the last
    desk.press(49);
    CHECK(desk.upper(7) == "       ");
    desk.drag(7, 8000);  // nothing there
    desk.press(16 + 7);
    desk.press(51);
    CHECK(desk.upper(0) == "Ch 1   ");
}

TEST_CASE("mackie: sends on pots, and on faders") {
    Desk desk;
    desk.press(41);
    CHECK(desk.surface.lamps.at(41) == 127);
    desk.play(desk.port, cc(0, 18, 63));
    desk.run(50);
    CHECK(desk.number("/ch/3/send/aux/1/level") > -60.0f);
    desk.press(41);  // the next bus
    desk.press(50);
    CHECK(desk.surface.lamps.at(50) == 127);
    desk.drag(2, 10000);
    CHECK(desk.code("/ch/3/send/aux/2/level") == 10000);
    CHECK(desk.number("/ch/3/fader") == 0.0f);
    desk.play(desk.port, cc(0, 18, 0x40 | 10));
    desk.run(50);
    CHECK(desk.number("/ch/3/fader") < 0.0f);  // the faders are on the pots
    for (int i = 0; i < 3; ++i) desk.press(41);
    desk.drag(2, 9000);
    CHECK(desk.code("/ch/3/send/fx/1/level") == 9000);
    desk.press(50);
    desk.drag(2, 7000);
    CHECK(desk.code("/ch/3/fader") == 7000);
}

TEST_CASE("mackie: the equaliser and dynamics of the selected strip, page by page") {
    Desk desk;
    desk.press(24 + 4);
    desk.press(44);
    CHECK(desk.upper(1) == "freq1  ");
    CHECK(desk.lower(1) == "80.0   ");
    desk.play(desk.port, cc(0, 16 + 2, 3));
    desk.press(32);  // band 1 off
    CHECK(desk.number("/ch/5/eq/1/gain") == doctest::Approx(0.72));
    CHECK(desk.number("/ch/5/eq/1/on") == 0.0f);
    desk.press(97);
    desk.play(desk.port, cc(0, 16 + 6, 0x41));
    desk.run(50);
    CHECK(desk.number("/ch/5/eq/4/gain") == doctest::Approx(-0.24));
    desk.press(97);
    desk.press(97);  // there are three
    CHECK(desk.upper(7) == "q6     ");
    desk.press(96);
    CHECK(desk.upper(7) == "q4     ");
    desk.press(43);
    CHECK(desk.upper(1) == "thresh ");
    desk.press(32);
    CHECK(desk.number("/ch/5/gate/on") == 1.0f);
    desk.press(43);
    desk.play(desk.port, cc(0, 16 + 1, 0x40 | 10));
    desk.run(50);
    CHECK(desk.number("/ch/5/comp/1/threshold") == doctest::Approx(-22.8));
    desk.press(40);
    desk.press(32 + 1);
    CHECK(desk.number("/ch/5/polarity") == 1.0f);
    desk.press(45);
    CHECK(desk.upper(4) == "fx1    ");
    desk.press(52);
    CHECK(desk.lower(0) == "aux1   ");
}

TEST_CASE("mackie: transport, cues and automation, and their lamps") {
    Desk desk;
    const std::vector<std::pair<unsigned, std::string>> acts = {
        {81, "/undo"},           {82, "/redo"},           {83, "/cue/next"},
        {90, "/solo/clear"},     {91, "/marker/back"},    {92, "/marker/next"},
        {93, "/transport/stop"}, {94, "/transport/play"}, {95, "/record/start"}};
    for (const auto& [button, address] : acts) {
        desk.acts.clear();
        desk.press(button);
        REQUIRE(desk.acts.size() == 1);
        CHECK(desk.acts[0].first == address);
    }
    CHECK(desk.surface.lamps.at(93) == 127);
    desk.set("/transport/state", "rolling");
    desk.set("/record/state", "recording");
    desk.run(100);
    CHECK(desk.surface.lamps.at(93) == 0);
    CHECK(desk.surface.lamps.at(94) == 127);
    CHECK(desk.surface.lamps.at(95) == 127);
    desk.acts.clear();
    desk.press(95);
    CHECK(desk.acts[0].first == "/record/stop");
    desk.press(86);
    CHECK(desk.number("/transport/loop") == 1.0f);
    desk.press(24);
    for (const auto& [button, mode] :
         std::vector<std::pair<unsigned, float>>{{75, 4}, {77, 2}, {78, 3}}) {
        desk.press(button);
        CHECK(desk.number("/ch/1/automation/mode") == mode);
        CHECK(desk.surface.lamps.at(button) == 127);
    }
    desk.press(78);
    CHECK(desk.number("/ch/1/automation/mode") == 1.0f);
    desk.set("/transport/position", "100");
    desk.acts.clear();
    desk.play(desk.port, cc(0, 60, 2));
    desk.press(101);
    desk.play(desk.port, cc(0, 60, 0x43));
    desk.run(50);
    REQUIRE(desk.acts.size() == 2);
    CHECK(std::get<float>(desk.acts[0].second[0]) == 102.0f);
    CHECK(std::get<float>(desk.acts[1].second[0]) == doctest::Approx(99.7));
}

TEST_CASE("mackie: every button of the layout is tried above") {
    // What a press can do without a parameter, and what the tests above do not name.
    std::set<unsigned> notes;
    for (const midi::Button& button : midi::kButtons)
        for (unsigned i = 0; i < button.count; ++i)
            CHECK_MESSAGE(notes.insert(button.note + i).second, "two buttons of note ",
                          button.note + i);
    Desk desk;
    for (const unsigned each : notes) {
        if (each >= 32 && each < 40) continue;  // pots have no lamps
        CHECK_MESSAGE(desk.surface.lamps.contains(each), "no lamp ", each);
    }
    for (const auto& [button, name] : {std::pair{99u, "Ch 9   "}, std::pair{98u, "Ch 1   "}}) {
        desk.press(button);
        CHECK(desk.upper(0) == name);
    }
}

TEST_CASE("mackie: time and assignment digits") {
    Desk desk;
    desk.set("/transport/position", "3725.6");
    desk.run(300);
    // "  1 02 05 6": from the right, with points behind hours, minutes and seconds.
    const std::vector<unsigned> digits = {0x20,        0x20, 0x36,        0x35 | 0x40, 0x30,
                                          0x32 | 0x40, 0x30, 0x31 | 0x40, 0x20,        0x20};
    for (unsigned i = 0; i < digits.size(); ++i) {
        CAPTURE(i);
        CHECK(desk.surface.controllers.at({0, 64 + i}) == digits[i]);
    }
    CHECK(desk.surface.controllers.at({0, 75}) == ('P' & 0x3f));
    CHECK(desk.surface.controllers.at({0, 74}) == ('N' & 0x3f));
}

TEST_CASE("mackie: meters, overloads, colours") {
    Desk desk;
    desk.levels[{param::Kind::ch, 0}] = {-20.0f, 0.0f};
    desk.levels[{param::Kind::ch, 1}] = {-100.0f, 5.0f};
    desk.set("/ch/2/color", "green");
    desk.run(300);
    CHECK(desk.surface.meters.at(0) == 7);
    CHECK_FALSE(desk.surface.meters.contains(1));
    CHECK(desk.surface.colours.at(1) == 2);
    desk.levels[{param::Kind::ch, 1}].clips = 6.0f;
    desk.run(150);
    CHECK(desk.surface.meters.at(1) == 14);
    desk.run(2200);
    CHECK(desk.surface.meters.at(1) == 15);
}

TEST_CASE("mackie: units stand side by side in one bank, wherever they are plugged in first") {
    Rig rig({.units = {"X-Touch-Ext", "X-Touch"}});
    VirtualSurface main, left;
    const auto right_port = rig.plug(main, "X-Touch:X-Touch MIDI 1");
    const auto left_port = rig.plug(left, "X-Touch-Ext:X-Touch-Ext MIDI 1");
    rig.run(600);
    CHECK(left.display.substr(0, 7) == "Ch 1   ");
    CHECK(main.display.substr(0, 7) == "Ch 9   ");
    rig.play(right_port, note(0, 16, 127));
    rig.play(left_port, note(0, 17, 127));
    rig.run(50);
    CHECK(rig.number("/ch/9/mute") == 1.0f);
    CHECK(rig.number("/ch/2/mute") == 1.0f);
    CHECK_FALSE(left.lamps.contains(94));  // an extender has no transport
    rig.play(left_port, note(0, 47, 127));
    rig.run(300);
    CHECK(left.display.substr(0, 7) == "Sub 1  ");
    rig.unplug(left_port);
    rig.run(10);
    (void)rig.plug(left, "X-Touch-Ext:X-Touch-Ext MIDI 1");
    left.display.assign(112, '?');
    rig.run(600);
    CHECK(left.display.substr(0, 7) == "Sub 1  ");
}

TEST_CASE("mackie: a unit that goes with fingers on it lets go") {
    Desk desk;
    desk.touch(0, true);
    desk.unplug(desk.port);
    desk.run(10);
    REQUIRE(desk.touches.size() == 2);
    CHECK_FALSE(desk.touches[1].second);
    desk.port = desk.plug(desk.surface, "X-Touch:X-Touch MIDI 1");
    desk.surface.motors.clear();
    desk.set("/ch/1/fader", "-20 dB");
    desk.run(600);
    CHECK(desk.surface.motors.at(0) == desk.code("/ch/1/fader"));
}

}  // namespace mixrig::tests
