// The mapping as a whole: each row, both ways.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/effect_tables.h"
#include "control/x32/mapping_tables.h"
#include "control/x32/surface.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <vector>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::x32;

namespace {

struct Fixture {
    explicit Fixture(const Dialect& dialect)
        : layout([] {
              param::DeskShape shape = param::DeskShape::of(40, 3, 5, 4, 6);
              shape.talkback = true;
              return shape;
          }()),
          desk(layout, {}),
          surface(dialect, desk),
          client(desk.admit(kEngineer)) {}

    param::Layout layout;
    Desk desk;
    Surface surface;
    Origin client;
};

// A few steps of a leaf: both ends, and some between them.
std::vector<Step> some_steps(const Encoding& is) {
    std::vector<Step> out;
    const std::int64_t least = is.least(), most = is.most();
    const std::int64_t stride = std::max<std::int64_t>(1, (most - least) / 7);
    for (std::int64_t step = least; step < most; step += stride)
        out.push_back(static_cast<Step>(step));
    out.push_back(is.most());
    return out;
}

bool is_reading(const Fixture& f, const Binding& binding) {
    return f.layout.row(binding.slot).keep == param::Keep::told;
}

std::set<const void*> conversions_of(const Fixture& f) {
    std::set<const void*> out;
    for (const Binding& binding : f.surface.mapping().all()) out.insert(binding.conversion);
    return out;
}

}  // namespace

TEST_CASE("x32 mapping: what a leaf is told, it says, whatever our parameter makes of it") {
    for (const Dialect* dialect : {&kX32Dialect, &kAirDialect}) {
        Fixture f(*dialect);
        const Store& store = f.surface.store();
        for (const Binding& binding : f.surface.mapping().all()) {
            if (is_reading(f, binding) || binding.conversion == &kText) continue;
            for (const Step step : some_steps(store.encoding(binding.leaf))) {
                f.surface.set(binding.leaf, step, f.client);
                CAPTURE(f.surface.tree().address(binding.leaf));
                CHECK(store.step(binding.leaf) == step);
            }
        }
    }
}

TEST_CASE("x32 mapping: each row is heard by the desk, and told when somebody else moves it") {
    for (const Dialect* dialect : {&kX32Dialect, &kAirDialect}) {
        Fixture f(*dialect);
        const Store& store = f.surface.store();
        std::set<param::Slot> heard;
        const std::size_t watch = f.desk.observe([&](const Change& c) { heard.insert(c.slot); });
        for (const Binding& binding : f.surface.mapping().all()) {
            if (is_reading(f, binding) || binding.conversion == &kText) continue;
            const Encoding& is = store.encoding(binding.leaf);
            CAPTURE(f.surface.tree().address(binding.leaf));
            CAPTURE(f.layout.address(binding.slot));
            if (binding.effect != Binding::kAnyEffect) continue;  // effects_test.cpp
            // Whatever decides with it is on, and it has been at every step.
            f.surface.set(binding.leaf, is.most(), f.client);
            f.surface.set(binding.leaf, is.least(), f.client);
            // Ours to some value, theirs follows to the nearest that it has.
            const param::Row& row = f.layout.row(binding.slot);
            const float high = f.layout.high(binding.slot);
            for (const float part : {0.43f, 0.0f, 0.31f, 0.77f, 1.0f}) {
                const float value = f.layout.clamp(binding.slot, row.low + part * (high - row.low));
                REQUIRE(f.desk.set(binding.slot, {value}, kDeskItself));
                if (binding.conversion != &kSame && binding.conversion != &kScaled) continue;
                const float factor = binding.conversion == &kScaled ? binding.argument : 1.0f;
                const double theirs = static_cast<double>(value / factor);
                const Step step = store.step(binding.leaf);
                if (!is.is_float()) {
                    CHECK(step == is.clamp(std::round(theirs)));
                    continue;
                }
                CHECK(std::abs(is.nearest(theirs) - step) == 0);
                const double edge = std::clamp(theirs, std::min(is.value(0), is.value(is.steps)),
                                               std::max(is.value(0), is.value(is.steps)));
                const double around = std::fabs(is.value(std::min(step + 1, is.steps)) -
                                                is.value(std::max(step - 1, Step{0})));
                CHECK(std::fabs(is.value(step) - edge) <= around + 1e-6);
            }
        }
        f.desk.unobserve(watch);
        CHECK(heard.size() > 1000);
    }
}

TEST_CASE("x32 mapping: every row of the tables is bound, every conversion is used") {
    Fixture x32(kX32Dialect), air(kAirDialect);
    std::set<std::size_t> rows;
    for (const Fixture* f : {&x32, &air})
        for (const Binding& binding : f->surface.mapping().all())
            rows.insert(f->layout.place(binding.slot).row);
    for (const LeafRow& leaf : kStripLeaves) CHECK_MESSAGE(rows.contains(leaf.row), leaf.leaf);
    for (const LeafRow& leaf : kDeskLeaves) CHECK_MESSAGE(rows.contains(leaf.row), leaf.leaf);
    for (const SendRow& send : kSendLeaves) {
        CHECK_MESSAGE(rows.contains(send.aux), send.leaf);
        CHECK_MESSAGE(rows.contains(send.fx), send.leaf);
        CHECK_MESSAGE(rows.contains(send.mtx), send.leaf);
    }
    std::set<const void*> used = conversions_of(x32);
    used.merge(conversions_of(air));
    for (const EffectLeafRow& leaf : kEffectLeaves)
        CHECK_MESSAGE(rows.contains(leaf.row), leaf.effects);
    CHECK(used.size() == 30);
}

TEST_CASE("x32 mapping: mixes are monitor mixes, then subgroups, then effects") {
    const Fixture f(kX32Dialect);
    const Mapping& mapping = f.surface.mapping();
    const auto is = [&](std::size_t n, param::Kind kind, std::size_t strip) {
        const auto bus = mapping.bus(n);
        return bus && bus->kind == kind && bus->strip == strip;
    };
    CHECK(is(0, param::Kind::aux, 0));
    CHECK(is(4, param::Kind::aux, 4));
    CHECK_FALSE(mapping.bus(5));  // a pair has one tap
    CHECK(is(6, param::Kind::sub, 0));
    CHECK(is(8, param::Kind::sub, 2));
    CHECK_FALSE(mapping.bus(9));
    CHECK(is(12, param::Kind::fx, 0));
    CHECK(is(15, param::Kind::fx, 3));
}

TEST_CASE("x32 mapping: what ours cannot say is kept, and let go of when ours moves") {
    Fixture f(kX32Dialect);
    const auto leaf = [&](const char* address) { return *f.surface.tree().find_leaf(address); };
    const auto says = [&](const char* address) { return f.surface.store().format(leaf(address)); };
    const auto say = [&](const char* address, const char* text) {
        f.surface.set_text(leaf(address), text, f.client);
    };
    const auto ours = [&](const char* address) {
        const param::Slot slot = *f.layout.find(address);
        return f.layout.format(slot, f.desk.get(slot));
    };
    const auto make = [&](const char* address, const char* text) {
        REQUIRE(f.desk.set_text(*f.layout.find(address), text, kDeskItself));
    };
    say("/ch/01/gate/mode", "EXP3");
    CHECK(ours("/ch/1/gate/mode") == "expander");
    CHECK(ours("/ch/1/gate/ratio") == "3");
    say("/ch/01/gate/mode", "DUCK");
    CHECK(ours("/ch/1/gate/mode") == "expander");
    make("/ch/1/gate/ratio", "3.9");
    CHECK(says("/ch/01/gate/mode") == "EXP4");
    make("/ch/1/gate/mode", "gate");
    CHECK(says("/ch/01/gate/mode") == "GATE");

    say("/ch/01/gate/filter/type", "5.0");
    CHECK(ours("/ch/1/gate/keyfilter/type") == "bandpass");
    CHECK(ours("/ch/1/gate/keyfilter/q") == "5");
    say("/ch/01/gate/filter/type", "LC6");
    CHECK(ours("/ch/1/gate/keyfilter/type") == "hpf");
    CHECK(says("/ch/01/gate/filter/type") == "LC6");

    // A delay is on if it is any.
    say("/ch/01/delay/time", "20.0");
    CHECK(ours("/ch/1/delay") == "0 ms");
    say("/ch/01/delay/on", "ON");
    CHECK(ours("/ch/1/delay") == "20 ms");
    make("/ch/1/delay", "0");
    CHECK(says("/ch/01/delay/on") == "OFF");
    CHECK(says("/ch/01/delay/time") == "20.0");

    // One place to go to; a subgroup by its mix, once the tap of that says so.
    CHECK(says("/ch/01/mix/st") == "ON");
    say("/ch/01/mix/07/on", "ON");
    CHECK(ours("/ch/1/to") == "main");
    say("/ch/01/mix/07/type", "GRP");
    CHECK(ours("/ch/1/to") == "sub/1");
    CHECK(says("/ch/01/mix/st") == "OFF");
    say("/ch/01/mix/07/on", "OFF");
    CHECK(ours("/ch/1/to") == "none");
    say("/ch/01/mix/st", "ON");
    CHECK(ours("/ch/1/to") == "main");
    say("/ch/01/mix/08/on", "ON");
    CHECK(ours("/ch/1/to") == "sub/2");
    say("/ch/01/mix/07/type", "POST");
    CHECK(ours("/ch/1/to") == "none");
    make("/ch/1/to", "sub/1");
    CHECK(says("/ch/01/mix/07/type") == "GRP");
    CHECK(says("/ch/01/mix/07/on") == "ON");

    say("/ch/02/insert/sel", "FX2R");
    say("/ch/02/insert/on", "ON");
    CHECK(ours("/ch/2/insert") == "fx/2");
    make("/ch/2/insert", "none");
    CHECK(says("/ch/02/insert/on") == "OFF");

    say("/ch/01/config/color", "BLi");
    CHECK(ours("/ch/1/color") == "blue");
    CHECK(says("/ch/01/config/color") == "BLi");
    say("/ch/01/config/name", "A name that is too long");
    CHECK(ours("/ch/1/name") == "A name that ");
    make("/ch/1/name", "Another quite long one");
    CHECK(says("/ch/01/config/name") == "\"Another quit\"");

    say("/config/talk/A/destmap", "%010000000000000001");
    CHECK(ours("/aux/1/talkback") == "on");
    CHECK(ours("/main/talkback") == "on");
    make("/main/talkback", "off");
    CHECK(says("/config/talk/A/destmap") == "%000000000000000001");
    say("/config/osc/dest", "18");
    CHECK(ours("/main/oscillator") == "on");
    say("/config/osc/dest", "2");
    CHECK(ours("/main/oscillator") == "off");
    CHECK(ours("/aux/3/oscillator") == "on");
    say("/-stat/solosw/33", "ON");
    CHECK(ours("/ch/33/solo") == "on");
    CHECK(says("/-stat/solo") == "ON");
}
