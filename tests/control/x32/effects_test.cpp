// Effects of the dialect and units of ours: each type, each parameter, both ways.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/effect_tables.h"
#include "control/x32/surface.h"

#include <doctest/doctest.h>

#include <cmath>
#include <set>
#include <string>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::x32;

namespace {

struct Fixture {
    explicit Fixture(const Dialect& dialect)
        : layout(param::DeskShape::of(8, 1, 2, 8, 1)),
          desk(layout, {}),
          surface(dialect, desk),
          client(desk.admit(kEngineer)) {}

    LeafId leaf(std::string_view address) const { return *surface.tree().find_leaf(address); }
    std::string says(std::string_view address) const {
        return surface.store().format(leaf(address));
    }
    void say(std::string_view address, std::string_view text) {
        REQUIRE(surface.set_text(leaf(address), text, client));
    }
    std::string ours(std::string_view address) const {
        const param::Slot slot = *layout.find(address);
        return layout.format(slot, desk.get(slot));
    }
    void make(std::string_view address, std::string_view text) {
        REQUIRE(desk.set_text(*layout.find(address), text, kDeskItself));
    }
    // On both kinds of desks types have a place in the list.
    void choose(std::string_view effect) {
        const LeafId type = leaf("/fx/1/type");
        surface.set(type, *surface.tree().step_of(type, effect), client);
    }

    param::Layout layout;
    Desk desk;
    Surface surface;
    Origin client;
};

}  // namespace

TEST_CASE("x32 effects: a type that ours has is ours, any other leaves ours as it is") {
    for (const Dialect* dialect : {&kX32Dialect, &kAirDialect}) {
        Fixture f(*dialect);
        for (const UnitRow& unit : kUnits) {
            f.choose(unit.theirs);
            CHECK(f.ours("/fx/1/type") == unit.ours);
        }
        f.choose("PIT2");
        CHECK(f.ours("/fx/1/type") == kUnits[std::size(kUnits) - 1].ours);
    }
    Fixture f(kX32Dialect);
    CHECK(f.says("/fx/2/type") == "PLAT");  // as switched on; ours has none yet
    f.make("/fx/1/type", "echo");
    CHECK(f.says("/fx/1/type") == "DLY");
    f.make("/fx/1/type", "room");
    CHECK(f.says("/fx/1/type") == "ROOM");
    f.say("/fx/1/type", "AMBI");
    f.make("/fx/1/type", "hall");
    f.make("/fx/1/type", "room");
    CHECK(f.says("/fx/1/type") == "ROOM");
    f.say("/fx/1/type", "AMBI");
    f.make("/fx/1/reverb/size", "0.3");
    CHECK(f.says("/fx/1/type") == "AMBI");
    // Theirs has no word for these.
    f.make("/fx/1/type", "convolution");
    CHECK(f.says("/fx/1/type") == "AMBI");
    f.say("/fx/1/type", "GEQ2");
    CHECK(f.ours("/fx/1/type") == "convolution");
    f.say("/fx/1/par/07", "4.5");
    CHECK(f.says("/fx/1/par/07") == "4.5");
    // The last four have fewer.
    f.make("/fx/5/type", "hall");
    CHECK(f.says("/fx/5/type") == "GEQ");
    f.make("/fx/5/type", "phaser");
    CHECK(f.says("/fx/5/type") == "PHAS");
}

TEST_CASE("x32 effects: every parameter of the tables is heard by its unit, and told of it") {
    for (const Dialect* dialect : {&kX32Dialect, &kAirDialect}) {
        Fixture f(*dialect);
        const LeafId first = f.leaf("/fx/1/par/01") - 1;
        std::set<param::Slot> heard;
        const std::size_t watch = f.desk.observe([&](const Change& c) { heard.insert(c.slot); });
        std::size_t looked = 0;
        for (const EffectRow& effect : kEffects) {
            f.choose(effect.name);
            for (const EffectLeafRow& row : kEffectLeaves) {
                if ((" " + std::string(row.effects) + " ")
                        .find(" " + std::string(effect.name) + " ") == std::string::npos)
                    continue;
                const LeafId leaf = first + static_cast<LeafId>(row.parameter);
                const Store& store = f.surface.store();
                const Encoding& is = store.encoding(leaf);
                CAPTURE(effect.name);
                CAPTURE(f.surface.tree().address(leaf));
                REQUIRE(is.most() > 0);  // there is such a parameter
                const param::Slot slot = f.layout.slot(param::Kind::fx, 0, row.row);
                heard.clear();
                for (const Step step : {is.least(), is.most(), (is.least() + is.most()) / 2}) {
                    f.surface.set(leaf, step, f.client);
                    CHECK(store.step(leaf) == step);
                }
                CHECK(heard.contains(slot));
                ++looked;
                if (row.conversion != &kSame && row.conversion != &kScaled) continue;
                const float high = f.layout.high(slot), low = param::kTable[row.row].low;
                for (const float part : {0.6f, 0.0f, 1.0f, 0.3f}) {
                    const float value = f.layout.clamp(slot, low + part * (high - low));
                    REQUIRE(f.desk.set(slot, {value}, kDeskItself));
                    const auto theirs = static_cast<double>(
                        row.conversion == &kScaled ? value / row.argument : value);
                    CHECK(store.step(leaf) ==
                          (is.is_float() ? is.nearest(theirs) : is.clamp(std::round(theirs))));
                }
            }
        }
        f.desk.unobserve(watch);
        CHECK(looked > 120);
    }
}

TEST_CASE("x32 effects: in their units") {
    Fixture f(kX32Dialect);
    f.say("/fx/1/type", "HALL");
    f.say("/fx/1/par/01", "40");
    f.say("/fx/1/par/02", "2.0");
    f.say("/fx/1/par/03", "60");
    f.say("/fx/1/par/07", "100");
    CHECK(f.ours("/fx/1/reverb/predelay") == "40 ms");
    CHECK(f.desk.values().number(*f.layout.find("/fx/1/reverb/decay")) ==
          doctest::Approx(2000).epsilon(0.04));
    CHECK(f.ours("/fx/1/reverb/size") == "0.6");
    // Another type of the same unit shows the same unit.
    f.say("/fx/1/type", "PLAT");
    CHECK(f.says("/fx/1/par/01") == "40");
    CHECK(f.ours("/fx/1/type") == "plate");
    f.make("/fx/1/reverb/predelay", "100");
    CHECK(f.says("/fx/1/par/01") == "100");
    // Its own are as a desk has them that has changed its type.
    f.say("/fx/1/par/06", "3.0");
    f.say("/fx/1/type", "HALL");
    CHECK(f.says("/fx/1/par/06") == "0.0");

    f.say("/fx/2/type", "DLY");
    f.say("/fx/2/par/02", "400");
    CHECK(f.ours("/fx/2/echo/time") == "400 ms");
    f.say("/fx/2/par/04", "1/2");
    CHECK(f.ours("/fx/2/echo/time") == "200 ms");
    CHECK(f.says("/fx/2/par/02") == "400");
    f.say("/fx/2/par/05", "3/4");  // none of theirs: nothing
    f.say("/fx/2/par/05", "3/8");
    CHECK(f.ours("/fx/2/echo/ratio") == "0.75");
    f.make("/fx/2/echo/time", "300");
    CHECK(f.says("/fx/2/par/02") == "600");
    CHECK(f.says("/fx/2/par/04") == "1/2");
    f.say("/fx/2/par/03", "X");
    CHECK(f.ours("/fx/2/echo/pingpong") == "on");
    f.make("/fx/2/echo/pingpong", "off");
    CHECK(f.says("/fx/2/par/03") == "ST");
    f.say("/fx/2/par/03", "M");
    CHECK(f.says("/fx/2/par/03") == "M");
    f.say("/fx/2/par/01", "40");
    CHECK(f.ours("/fx/2/mix") == "0.4");

    f.say("/fx/3/type", "PHAS");
    f.say("/fx/3/par/05", "10");
    CHECK(f.ours("/fx/3/phaser/stages") == "10");
    f.say("/fx/3/par/05", "2");
    CHECK(f.ours("/fx/3/phaser/stages") == "4");
    CHECK(f.says("/fx/3/par/05") == "2");
    f.make("/fx/3/phaser/stages", "12");
    CHECK(f.says("/fx/3/par/05") == "12");
}

TEST_CASE("x32 effects: who may not set the unit does not change what the effect says") {
    Fixture f(kX32Dialect);
    const Origin viewer = f.desk.admit(*f.desk.access().named("viewer"));
    f.say("/fx/1/type", "DLY");
    for (const char* type : {"HALL", "GEQ2"})
        CHECK_FALSE(f.surface.set_text(f.leaf("/fx/1/type"), type, viewer));
    CHECK(f.says("/fx/1/type") == "DLY");
    CHECK_FALSE(f.surface.set_text(f.leaf("/fx/1/par/02"), "77", viewer));
    CHECK_FALSE(f.surface.set_text(f.leaf("/fx/1/par/06"), "77", viewer));  // ours has no such
    CHECK(f.says("/fx/1/par/06") == "0");
    CHECK_FALSE(f.surface.set_text(f.leaf("/ch/01/gate/mode"), "DUCK", viewer));
    CHECK(f.says("/ch/01/gate/mode") == "GATE");
}
