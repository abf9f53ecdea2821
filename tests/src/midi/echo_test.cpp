// Surfaces that send back what they are told, floods, and the pace of a 5-pin cable.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/midi/rig.h"

#include <doctest/doctest.h>

#include <random>

namespace mixrig::tests {

namespace {

const std::string kName = "X-Touch:X-Touch MIDI 1";

std::vector<midi::Mapping> knobs() {
    std::vector<midi::Mapping> out;
    for (unsigned i = 0; i < 8; ++i)
        out.push_back({.device = "Knobs",
                       .control = {.number = static_cast<std::uint16_t>(i)},
                       .mode = midi::Mode::absolute,
                       .address = "/ch/" + std::to_string(i + 1) + "/fader"});
    for (unsigned i = 0; i < 8; ++i)
        out.push_back({.device = "Knobs",
                       .control = {.kind = midi::Control::Kind::note,
                                   .number = static_cast<std::uint16_t>(i)},
                       .mode = midi::Mode::toggle,
                       .address = "/ch/" + std::to_string(i + 1) + "/mute"});
    return out;
}

// Somebody at another surface moves everything for two seconds.
void stir(Rig& rig) {
    std::mt19937 random(3);
    std::uniform_real_distribution<float> level(-90.0f, 10.0f);
    for (int step = 0; step < 200; ++step) {
        const std::string strip = "/ch/" + std::to_string(1 + random() % 8);
        if (random() % 3 == 0)
            rig.set(strip + "/mute", random() % 2 == 0 ? "on" : "off");
        else
            rig.set(strip + "/fader", std::to_string(level(random)));
        rig.run(10);
    }
}

}  // namespace

TEST_CASE("echo: a surface that sends everything back changes nothing, and it settles") {
    for (const Rig::Echo echo :
         {Rig::Echo{1, 3, true}, Rig::Echo{1, 40, false}, Rig::Echo{0, 400, true}}) {
        CAPTURE(echo.most_ms);
        for (const std::string& name : {kName, std::string("Knobs:Knobs MIDI 1")}) {
            CAPTURE(name);
            Rig rig({.units = {"X-Touch"}, .mappings = knobs()});
            VirtualSurface surface;
            const auto port = rig.plug(surface, name);
            rig.echoes[port] = echo;
            rig.run(1000);
            stir(rig);
            CHECK(rig.sets == 0);
            rig.run(1000);
            const std::size_t messages = surface.messages;
            rig.run(1000);
            CHECK(surface.messages == messages);
            CHECK(rig.acts.empty());
        }
    }
}

TEST_CASE("echo: hands on an echoing surface still play it") {
    Rig rig({.units = {"X-Touch"}});
    VirtualSurface surface;
    const auto port = rig.plug(surface, kName);
    rig.echoes[port] = {1, 30, true};
    rig.run(1000);
    for (int i = 0; i < 10; ++i) {
        rig.play(port, midi::note(0, 16, 127));
        rig.play(port, midi::note(0, 16, 0));
        rig.run(200);
        CHECK(rig.number("/ch/1/mute") == (i % 2 == 0 ? 1.0f : 0.0f));
    }
    rig.play(port, midi::note(0, 104, 127));
    rig.play(port, midi::bend(0, 5000));
    rig.run(50);
    rig.play(port, midi::note(0, 104, 0));
    rig.run(3000);
    CHECK(surface.motors.at(0) == 5000);
    const std::size_t messages = surface.messages;
    rig.run(500);
    CHECK(surface.messages == messages);
}

TEST_CASE("echo: a quick second press counts where nothing echoes") {
    Rig rig({.units = {"X-Touch"}});
    VirtualSurface surface;
    const auto port = rig.plug(surface, kName);
    rig.run(1000);
    for (int i = 0; i < 6; ++i) {
        rig.play(port, midi::note(0, 16, 127));
        rig.run(50);
        rig.play(port, midi::note(0, 16, 0));
        rig.run(50);
    }
    CHECK(rig.number("/ch/1/mute") == 0.0f);
    CHECK(rig.sets == 6);
}

TEST_CASE("wire: never more than 3125 bytes in a second, whatever moves, and nothing is lost") {
    Rig rig({.units = {"X-Touch"}});
    VirtualSurface surface;
    (void)rig.plug(surface, kName);
    std::mt19937 random(5);
    std::uniform_real_distribution<float> level(-60.0f, 10.0f);
    for (unsigned s = 0; s < 16; ++s) rig.levels[{param::Kind::ch, s}] = {-6.0f, 0.0f};
    for (int step = 0; step < 1000; ++step) {  // automation on everything, and banks
        for (unsigned s = 1; s <= 16; ++s) {
            const std::string strip = "/ch/" + std::to_string(s);
            rig.set(strip + "/fader", std::to_string(level(random)));
            rig.set(strip + "/pan", std::to_string(level(random) / 60.0f));
            rig.set(strip + "/mute", random() % 2 == 0 ? "on" : "off");
        }
        if (step % 50 == 0) rig.play(1, midi::note(0, step % 100 == 0 ? 47 : 46, 127));
        rig.run(5);
    }
    MESSAGE("most in one second: ", surface.most_in_a_second(), " bytes");
    CHECK(surface.most_in_a_second() <= 3125);
    CHECK(surface.most_in_a_second() > 2000);
    rig.levels.clear();
    rig.run(1000);
    for (unsigned i = 0; i < 8; ++i) {
        const std::string strip = "/ch/" + std::to_string(i + 1);
        const auto slot = rig.slot(strip + "/fader");
        CHECK(surface.motors.at(i) == midi::fader_code(rig.layout, slot, rig.values.get(slot)));
        CHECK(surface.lamps.at(16 + i) == (rig.number(strip + "/mute") != 0.0f ? 127u : 0u));
    }
}

TEST_CASE("wire: what has no room now is sent later") {
    Rig rig({.units = {"X-Touch"}});
    VirtualSurface surface;
    (void)rig.plug(surface, kName);
    rig.has_room = false;
    rig.run(500);
    CHECK(surface.messages == 0);
    rig.has_room = true;
    rig.run(500);
    CHECK(surface.display.substr(49, 7) == "Ch 8   ");
}

TEST_CASE("surfaces: nonsense from a port changes nothing that it should not, and breaks nothing") {
    Rig rig({.units = {"X-Touch"}, .mappings = knobs()});
    VirtualSurface mackie, plain;
    const auto first = rig.plug(mackie, kName);
    const auto second = rig.plug(plain, "Knobs:1");
    rig.run(10);
    std::mt19937 random(11);
    for (int i = 0; i < 100000; ++i) {
        midi::Bytes bytes(random() % 12);
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
        if (!bytes.empty() && random() % 2 == 0) bytes[0] |= 0x80u;
        if (bytes.size() > 3 && random() % 2 == 0) bytes.resize(3);
        rig.play(random() % 2 == 0 ? first : second, bytes);
        if (i % 100 == 0) rig.run(1);
    }
    rig.run(100);
    for (param::Slot slot = 0; slot < rig.layout.size(); ++slot) {
        const float value = rig.values.number(slot);
        CHECK(rig.layout.clamp(slot, value) == value);
    }
}

}  // namespace mixrig::tests
