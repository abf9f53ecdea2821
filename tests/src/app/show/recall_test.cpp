// What a recall sets: scope, safes, differences.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/show/recall.h"

#include "src/param/scope.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace mixrig;
using namespace mixrig::app;

namespace recall_test {

struct Stage {
    param::Layout layout{param::DeskShape::of(4, 2, 2, 1, 1)};
    param::Values now{layout};

    param::Slot slot(const std::string& address) const { return *layout.find(address); }
    void set(const std::string& address, const std::string& text) {
        now.set(slot(address), *layout.parse(slot(address), text));
    }
    session::Scene scene(const std::string& text) const {
        return *session::parse_scene(text, layout, "x");
    }
    std::vector<std::string> lines(const std::string& text) const {
        std::vector<std::string> out;
        for (const Difference& one : differences(layout, now, scene(text)))
            out.push_back(layout.address(one.slot) + " " + layout.format(one.slot, one.now) +
                          " -> " + layout.format(one.slot, one.then) + " " + jump_text(one));
        return out;
    }
};

TEST_CASE("recall: every row has a kind, and each kind its own switch") {
    Stage stage;
    for (param::Slot slot = 0; slot < stage.layout.size(); ++slot) {
        const auto scope = param::kScopes[stage.layout.place(slot).row];
        CAPTURE(stage.layout.address(slot));
        if (scope == param::Scope::never) {
            CHECK_FALSE(is_recalled(stage.layout, stage.now, slot));
            continue;
        }
        CHECK(is_recalled(stage.layout, stage.now, slot));
        const std::size_t row = param::kScopeRows[static_cast<std::size_t>(scope)];
        const param::Slot by = stage.layout.slot(param::Kind::desk, 0, row);
        stage.now.set(by, {0.0f});
        CHECK_FALSE(is_recalled(stage.layout, stage.now, slot));
        stage.now.set(by, {1.0f});
    }
}

TEST_CASE("recall: a safe strip is left alone, main's safe stands for the master chain") {
    Stage stage;
    stage.set("/ch/2/safe", "on");
    stage.set("/main/safe", "on");
    const session::Scene scene = stage.scene(
        "/ch/1/fader -6\n/ch/2/fader -6\n/ch/2/name \"Kick\"\n/main/fader -3\n"
        "/main/master/eq/on on\n/dca/1/fader -2\n/ch/1/solo on\n/monitor/level -9\n");
    std::vector<std::string> set;
    for (const auto& setting : recalled(scene, stage.layout, stage.now))
        set.push_back(stage.layout.address(setting.slot));
    CHECK(set == std::vector<std::string>{"/ch/1/fader", "/dca/1/fader"});
}

TEST_CASE("recall: differences come by the jump in level, then in the order of the table") {
    Stage stage;
    stage.set("/ch/3/mute", "on");
    stage.set("/ch/3/fader", "-10 dB");
    const auto lines = stage.lines(
        "/ch/1/name \"Kick\"\n/ch/1/fader -6 dB\n/ch/1/hpf/freq 120 Hz\n/ch/2/fader 4 dB\n"
        "/ch/3/mute off\n/ch/4/send/aux/1/level -20 dB\n/ch/4/fader 0 dB\n/ch/1/trim -2.5 dB\n");
    CHECK(lines == std::vector<std::string>{
                       "/ch/3/mute on -> off +80 dB",
                       "/ch/4/send/aux/1/level -inf dB -> -20 dB +70 dB",
                       "/ch/1/fader 0 dB -> -6 dB -6 dB", "/ch/2/fader 0 dB -> 4 dB +4 dB",
                       "/ch/1/trim 0 dB -> -2.5 dB -2.5 dB", "/ch/1/name  -> Kick ",
                       "/ch/1/hpf/freq 80 Hz -> 120 Hz "});
}

TEST_CASE("recall: a whole scene holds what recalls set, and reads back") {
    Stage stage;
    stage.set("/ch/1/fader", "-6 dB");
    stage.set("/ch/1/safe", "on");
    const session::Scene whole = whole_scene(stage.layout, stage.now);
    const std::string text = session::write_scene(stage.layout, whole);
    CHECK(text.find("safe") == std::string::npos);
    CHECK(text.find("/scene/") == std::string::npos);
    const auto back = session::parse_scene(text, stage.layout, "x");
    REQUIRE(back);
    CHECK(back->size() == whole.size());
    CHECK(differences(stage.layout, stage.now, *back).empty());
}

}  // namespace recall_test
