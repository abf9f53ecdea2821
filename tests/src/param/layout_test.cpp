// The table and its addresses.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/param/layout.h"

#include "src/param/values.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>

using namespace mixrig::param;

namespace {
const Layout& desk() {
    static const Layout layout(DeskShape::of(16, 4, 4, 2, 2));
    return layout;
}
}  // namespace

TEST_CASE("layout: every slot's address finds the slot again, and no two are the same") {
    std::set<std::string> seen;
    for (Slot slot = 0; slot < desk().size(); ++slot) {
        const std::string address = desk().address(slot);
        CAPTURE(address);
        CHECK(seen.insert(address).second);
        REQUIRE(desk().find(address).has_value());
        CHECK(*desk().find(address) == slot);
    }
}

TEST_CASE("layout: what does not exist is not found") {
    for (const char* address : {"",
                                "/",
                                "/ch",
                                "/ch/1",
                                "/ch/1/",
                                "/ch/0/fader",
                                "/ch/17/fader",
                                "/ch/01/fader",
                                "/ch/1/fader/",
                                "/ch/1/eq/0/freq",
                                "/ch/1/eq/7/freq",
                                "/ch/1/eq/#/freq",
                                "/ch/#/fader",
                                "/main/to",
                                "/main/1/fader",
                                "/mtx/1/send/mtx/1/level",
                                "/ch/1/send/aux/5/level",
                                "/ch/1/eq/1/1/freq",
                                "ch/1/fader",
                                "/ch/99999999999999999999/fader",
                                "/solo/mode/1",
                                "/main/master/fader",
                                "/dca/9/fader",
                                "/dca/fader",
                                "/mutegroup/0/on",
                                "/ch/1/a/b/c/d/e/f/g/h"}) {
        CAPTURE(std::string(address));
        CHECK_FALSE(desk().find(address).has_value());
    }
}

TEST_CASE("table: every row is documented, its initial value in range, its choices whole") {
    for (const Row& row : kTable) {
        CAPTURE(row.address);
        CHECK_FALSE(row.doc.empty());
        CHECK_FALSE(row.label.empty());
        CHECK(row.kinds != 0);
        CHECK(row.low <= row.high);
        if (row.type == Type::number) {
            CHECK(row.initial >= row.low);
            CHECK(row.initial <= row.high);
        }
        if (row.taper == Taper::logarithmic) CHECK(row.low > 0.0f);
        if (row.type == Type::choice)
            CHECK(static_cast<float>(choices(row).size()) == row.high + 1.0f);
    }
}

TEST_CASE("text: low, initial, high and a middle value of every slot survive format and parse") {
    for (Slot slot = 0; slot < desk().size(); ++slot) {
        const Row& row = desk().row(slot);
        CAPTURE(desk().address(slot));
        if (row.type == Type::text) continue;
        for (const float share : {0.0f, 0.3f, 0.77f, 1.0f}) {
            const float value = desk().clamp(slot, row.low + share * (desk().high(slot) - row.low));
            const auto back = desk().parse(slot, desk().format(slot, {value}));
            REQUIRE(back);
            CHECK(back->number == value);
        }
    }
}

TEST_CASE("taper: knob and value are each other's inverse") {
    for (const Row& row : kTable) {
        if (row.type != Type::number) continue;
        CAPTURE(row.address);
        for (const float knob : {0.0f, 0.1f, 0.33f, 0.5f, 0.9f, 1.0f})
            CHECK(to_knob(row, from_knob(row, knob)) == doctest::Approx(knob).epsilon(1e-4));
    }
}

TEST_CASE("text: units, words and silence are understood, nonsense is refused with a reason") {
    const auto number = [](const char* address, const char* text) {
        const auto value = desk().parse(*desk().find(address), text);
        return value ? value->number : std::nanf("");
    };
    CHECK(number("/ch/1/fader", "-6 dB") == -6.0f);
    CHECK(number("/ch/1/fader", "-6dB") == -6.0f);
    CHECK(number("/ch/1/fader", "+3") == 3.0f);
    CHECK(number("/ch/1/fader", "-inf dB") == kSilence);
    CHECK(number("/ch/1/hpf/freq", "1.2 kHz") == 1200.0f);
    CHECK(number("/ch/1/delay", "0.25 s") == 250.0f);
    CHECK(number("/ch/1/mute", "on") == 1.0f);
    CHECK(number("/ch/1/eq/1/type", "high_shelf") == 2.0f);
    CHECK(number("/ch/1/eq/1/type", "3") == 3.0f);
    CHECK(number("/ch/1/hpf/slope", "24") == 2.0f);
    CHECK(desk().from_number(*desk().find("/ch/1/hpf/slope"), 24.0f) == 2.0f);
    CHECK(desk().from_number(*desk().find("/ch/1/hpf/slope"), 1.0f) == 1.0f);
    CHECK(number("/ch/1/to", "sub/2") == kRouteFirstSub + 1.0f);
    CHECK(number("/ch/1/comp/1/key", "ch/3") == 3.0f);
    CHECK(number("/ch/1/dca", "none") == 0.0f);
    CHECK(number("/ch/1/dca", "3") == 4.0f);  // as files say it that know of one DCA a strip
    CHECK(number("/ch/1/dca", "1,3") == 5.0f);
    CHECK(number("/ch/1/dca", "3 1, 8") == 133.0f);
    CHECK(desk().from_number(*desk().find("/ch/1/dca"), 3.0f) == 4.0f);
    CHECK(desk().from_number(*desk().find("/ch/1/dca"), 0.0f) == 0.0f);
    CHECK(desk().from_number(*desk().find("/ch/1/dca"), 99.0f) == 128.0f);
    CHECK(desk().format(*desk().find("/ch/1/mutegroup"), {38.0f}) == "2,3,6");
    CHECK(number("/monitor/source", "main") == 0.0f);
    CHECK(desk().format(*desk().find("/monitor/source"), {number("/monitor/source", "aux/2")}) ==
          "aux/2");
    CHECK(number("/monitor/speakers", "1") == 0.0f);
    for (const auto& [address, text] : {std::pair{"/ch/1/fader", "loud"},
                                        {"/ch/1/fader", "nan"},
                                        {"/ch/1/fader", "inf"},
                                        {"/ch/1/trim", "-inf"},
                                        {"/ch/1/fader", "3 Hz"},
                                        {"/ch/1/mute", "maybe"},
                                        {"/ch/1/eq/1/type", "bells"},
                                        {"/ch/1/eq/1/type", "7"},
                                        {"/ch/1/to", "sub/5"},
                                        {"/ch/1/gate/key", "ch/17"},
                                        {"/ch/1/dca", "9"},
                                        {"/ch/1/dca", "1;2"},
                                        {"/ch/1/dca", ","},
                                        {"/ch/1/mutegroup", "7"},
                                        {"/monitor/source", "fx/1"},
                                        {"/monitor/speakers", "2"},
                                        {"/ch/1/fader", ""}}) {
        const std::string wrong = text;  // clang cannot capture a structured binding
        CAPTURE(wrong);
        CHECK_FALSE(desk().parse(*desk().find(address), wrong));
    }
}

TEST_CASE("layout: a mistyped address is answered with the nearest one") {
    CHECK(desk().nearest("/ch/3/fadr") == "/ch/3/fader");
    CHECK(desk().nearest("/ch/3/eq/1/frequ") == "/ch/3/eq/1/freq");
    CHECK(desk().nearest("/mian/fader") == "/main/fader");
}

TEST_CASE("values: start at the table's initial values and keep texts") {
    Values values(desk());
    CHECK(values.number(*desk().find("/ch/2/eq/6/freq")) == 10000.0f);
    const Slot name = *desk().find("/ch/2/name");
    values.set(name, {0.0f, "Kick"});
    CHECK(values.text(name) == "Kick");
}
