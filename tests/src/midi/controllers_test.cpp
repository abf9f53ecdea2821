// Plain controllers: modes, wide controls, pick-up, what is told, learning.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/turn.h"
#include "tests/src/midi/rig.h"

#include <doctest/doctest.h>

namespace mixrig::tests {

using midi::cc;
using midi::Mode;

namespace {

struct Desk : Rig {
    VirtualSurface surface;
    midi::PortId port;

    explicit Desk(std::vector<std::vector<std::string>> maps)
        : Rig({.mappings = mappings(maps)}), port(plug(surface, "nano:nano MIDI 1")) {
        run(300);
    }
    static std::vector<midi::Mapping> mappings(const std::vector<std::vector<std::string>>& maps) {
        std::vector<midi::Mapping> out;
        for (const auto& words : maps)
            out.push_back({.device = "NANO",
                           .control = midi::parse_control(words[0]).value(),
                           .mode = midi::parse_mode(words[1]).value(),
                           .address = words[2]});
        return out;
    }
    void say(const midi::Bytes& bytes) {
        midi::for_each_message(bytes, [&](midi::View message) {
            play(port, {message.begin(), message.end()});
        });
        run(30);
    }
};

}  // namespace

TEST_CASE("controllers: text of controls and modes round trips, nonsense is refused") {
    for (const std::string text : {"cc 7", "cc 127 ch 16", "cc14 31", "note 60 ch 2", "bend",
                                   "bend ch 9", "nrpn 300", "nrpn14 16383 ch 3"}) {
        const auto control = midi::parse_control(text);
        REQUIRE_MESSAGE(control, text);
        CHECK(midi::control_text(*control) == text);
    }
    for (const std::string text : {"", "cc", "cc 128", "cc14 32", "cc x", "note 60 ch 17", "bend 3",
                                   "cc 7 ch", "knob 3", "cc 7 8"})
        CHECK_MESSAGE(!midi::parse_control(text), text);
    for (const std::string word :
         {"pickup", "absolute", "relative", "relative64", "relative_sign", "toggle", "momentary"})
        CHECK(midi::mode_word(midi::parse_mode(word).value()) == word);
    CHECK_FALSE(midi::parse_mode("loud"));
}

TEST_CASE("controllers: every kind of control sets, and is told") {
    for (const std::string text :
         {"cc 7", "cc14 7", "bend", "nrpn 300", "nrpn14 300", "cc 7 ch 3"}) {
        CAPTURE(text);
        Desk desk({{text, "absolute", "/ch/1/fader"}});
        const midi::Control control = midi::parse_control(text).value();
        const auto slot = desk.slot("/ch/1/fader");
        for (const unsigned code : {0u, control.most() / 3u, unsigned{control.most()}}) {
            desk.say(midi::messages_of(control, code));
            const float at = static_cast<float>(code) / static_cast<float>(control.most());
            CHECK(desk.values.get(slot) == midi::at_position(desk.layout, slot, at));
        }
        desk.surface.traffic.clear();
        desk.run(100);
        CHECK(desk.surface.traffic.empty());  // it knows what it has just said
        desk.set("/ch/1/fader", "-10 dB");    // half of the way
        desk.run(50);
        midi::Bytes told;
        VirtualSurface expected;
        expected.told(midi::messages_of(control, (control.most() + 1u) / 2u), 0);
        CHECK(desk.surface.motors == expected.motors);
        for (const auto& [key, value] : expected.controllers)
            CHECK(desk.surface.controllers.at(key) == value);
    }
}

TEST_CASE("controllers: pick-up does not jump, and takes over where it meets or passes") {
    Desk desk({{"cc 1", "pickup", "/ch/1/fader"}});  // stands at 0 dB: 95 of 127
    const auto knob = [&](unsigned value) { desk.say(cc(0, 1, value)); };
    knob(10);
    knob(80);
    CHECK(desk.number("/ch/1/fader") == 0.0f);
    knob(110);  // past it
    CHECK(desk.number("/ch/1/fader") > 4.0f);
    knob(20);  // it has it now, however quick
    CHECK(desk.number("/ch/1/fader") < -30.0f);
    desk.set("/ch/1/fader", "10 dB");
    knob(21);
    CHECK(desk.number("/ch/1/fader") == 10.0f);
    knob(126);
    CHECK(desk.number("/ch/1/fader") < 10.0f);
    CHECK(desk.number("/ch/1/fader") > 9.0f);
}

TEST_CASE("controllers: relative knobs in the three ways of counting") {
    Desk desk({{"cc 1", "relative", "/ch/1/pan"},
               {"cc 2", "relative64", "/ch/2/pan"},
               {"cc 3", "relative_sign", "/ch/3/pan"}});
    const std::vector<std::vector<unsigned>> up_down = {{3, 125}, {67, 61}, {3, 67}};
    for (unsigned i = 0; i < 3; ++i) {
        const std::string address = "/ch/" + std::to_string(i + 1) + "/pan";
        CAPTURE(address);
        desk.say(cc(0, i + 1, up_down[i][0]));
        CHECK(desk.number(address) == doctest::Approx(0.03));
        desk.say(cc(0, i + 1, up_down[i][1]));
        desk.say(cc(0, i + 1, up_down[i][1]));
        CHECK(desk.number(address) == doctest::Approx(-0.03));
        desk.say(cc(0, i + 1, up_down[i][0]));
        CHECK(desk.number(address) == 0.0f);  // the middle is found again
        // A ring is told all positions: the knob knows none.
        CHECK(desk.surface.controllers.at({0, i + 1}) == 64);
    }
}

TEST_CASE("controllers: buttons toggle or hold, choices step, actions run") {
    Desk desk({{"note 1", "toggle", "/ch/1/mute"},
               {"note 2", "momentary", "/talkback/on"},
               {"cc 3", "toggle", "/ch/2/mute"},
               {"note 4", "toggle", "/cue/next"},
               {"cc 5", "relative", "/ch/1/eq/1/type"}});
    for (const float expected : {1.0f, 0.0f}) {
        desk.say(midi::note(0, 1, 100));
        desk.say(midi::note(0, 1, 0));
        CHECK(desk.number("/ch/1/mute") == expected);
        CHECK(desk.surface.lamps.at(1) == (expected != 0.0f ? 127u : 0u));
        desk.say(cc(0, 3, 127));
        desk.say(cc(0, 3, 0));
        CHECK(desk.number("/ch/2/mute") == expected);
    }
    desk.say(midi::note(0, 2, 1));
    CHECK(desk.number("/talkback/on") == 1.0f);
    desk.say(midi::note(0, 2, 0));
    CHECK(desk.number("/talkback/on") == 0.0f);
    desk.say(midi::note(0, 4, 90));
    desk.say(midi::note(0, 4, 0));
    REQUIRE(desk.acts.size() == 1);
    CHECK(desk.acts[0].first == "/cue/next");
    desk.say(cc(0, 5, 2));
    CHECK(desk.number("/ch/1/eq/1/type") == 2.0f);
    desk.say(cc(0, 5, 120));
    CHECK(desk.number("/ch/1/eq/1/type") == 0.0f);
}

TEST_CASE("controllers: every row of the table that has a range can be turned from end to end") {
    const param::Layout layout(param::DeskShape::of(2, 1, 1, 1, 1));
    std::size_t turned = 0;
    for (param::Slot slot = 0; slot < layout.size(); ++slot) {
        const param::Row& row = layout.row(slot);
        if (row.type == param::Type::text) continue;
        CAPTURE(layout.address(slot));
        const param::Value low = midi::at_position(layout, slot, 0.0f);
        const param::Value high = midi::at_position(layout, slot, 1.0f);
        CHECK(low.number == doctest::Approx(row.low));
        CHECK(high.number == doctest::Approx(layout.high(slot)));
        CHECK(midi::turned(layout, slot, low, -1) == low);
        CHECK(midi::turned(layout, slot, high, 1) == high);
        if (layout.high(slot) == 0.0f && row.type != param::Type::number) continue;
        CHECK(midi::turned(layout, slot, low, 1).number > low.number);
        CHECK(midi::turned(layout, slot, high, -1).number < high.number);
        ++turned;
    }
    CHECK(turned > 500);
}

TEST_CASE("learn: the control that moves is learnt, with its kind, and can be forgotten") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"cc 20", "pickup"},   {"cc14 7", "pickup"},   {"bend ch 4", "pickup"},
        {"note 33", "toggle"}, {"nrpn 300", "pickup"}, {"nrpn14 300", "pickup"}};
    for (const auto& one : cases) {
        const std::string &text = one.first, &mode = one.second;
        CAPTURE(text);
        Desk desk(std::vector<std::vector<std::string>>{});
        const midi::Control control = midi::parse_control(text).value();
        std::vector<midi::Learnt> learnt;
        const bool is_button = text == "note 33";
        const std::string address = is_button ? "/ch/2/mute" : "/ch/2/fader";
        desk.surfaces->learn(address, std::nullopt, desk.now,
                             [&](const midi::Learnt& what) { learnt.push_back(what); });
        desk.run(2000);
        CHECK(learnt.empty());
        desk.say(midi::messages_of(control, control.most() / 2u));
        desk.say(midi::messages_of(control, control.most() / 2u + 3));
        desk.run(300);
        REQUIRE(learnt.size() == 1);
        REQUIRE(learnt[0]);
        CHECK(midi::control_text(learnt[0]->control) == text);
        CHECK(midi::mode_word(learnt[0]->mode) == mode);
        CHECK(learnt[0]->device == "nano");
        desk.say(midi::messages_of(control, 0));
        desk.say(midi::messages_of(control, control.most()));
        desk.run(50);
        CHECK(desk.number(address) == (is_button ? 1.0f : 10.0f));
        CHECK(desk.surfaces->forget(address) == 1);
        CHECK(desk.surfaces->forget(address) == 0);
        desk.say(midi::messages_of(control, 0));
        CHECK(desk.number(address) == (is_button ? 1.0f : 10.0f));
    }
}

TEST_CASE("learn: a lesson that nobody answers ends, as do wrong ones") {
    Desk desk(std::vector<std::vector<std::string>>{});
    std::string error;
    const auto done = [&](const midi::Learnt& what) {
        error = what ? std::string("learnt") : what.error().text();
    };
    desk.surfaces->learn("/ch/1/fader", std::nullopt, desk.now, done);
    desk.run(31000);
    CHECK(error.find("nothing was moved") != std::string::npos);
    for (const std::string address :
         {"/ch/99/fader", "/ch/1/name", "/record/seconds", "/scene/recall"}) {
        error.clear();
        desk.surfaces->learn(address, std::nullopt, desk.now, done);
        CHECK_MESSAGE(!error.empty(), address);
    }
}

}  // namespace mixrig::tests
