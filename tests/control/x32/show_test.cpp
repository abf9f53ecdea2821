// Scenes by number: what clients are told of them is what the disk has done.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/control/x32/tablet.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace mixrig::control::x32;
using namespace mixrig::control::x32::test;

namespace {

using Names = std::vector<std::string>;

std::string name_of(Tablet& client, const char* number) {
    const std::string leaf = std::string("/-show/showfile/scene/") + number + "/name";
    const std::string said = client.ask(leaf);
    return said.substr(std::min(said.size(), leaf.size() + 3));
}

Packet copy(std::int32_t from, std::int32_t to) {
    const Writer out = Writer("/copy", "sii").add("scene").add(from).add(to);
    return {out.packet().begin(), out.packet().end()};
}

Packet named(const char* command, std::int32_t number, const char* title) {
    const Writer out = Writer(command, "sis").add("scene").add(number).add(title);
    return {out.packet().begin(), out.packet().end()};
}

Packet removal(std::int32_t number) {
    const Writer out = Writer("/delete", "si").add("scene").add(number);
    return {out.packet().begin(), out.packet().end()};
}

}  // namespace

TEST_CASE("x32 show: what cannot be copied or saved leaves what is there, and says so") {
    Rig rig;
    rig.scenes = {"x32-030 Target", "x32-031 Source"};
    Tablet client(rig);
    client.send("/xremote");
    rig.turn();
    client.take();
    // Somebody takes its file away: only the disk knows.
    rig.scenes = {"x32-030 Target"};
    client.send(copy(31, 30));
    CHECK(client.answer() == "/copy s scene i 0");
    CHECK(rig.scenes == Names{"x32-030 Target"});
    CHECK(name_of(client, "030").starts_with("Target"));
    CHECK(name_of(client, "031").empty());
    rig.disk_refuses = true;
    client.send(named("/save", 30, "New"));
    CHECK(client.answer() == "/save s scene i 0");
    client.send(named("/rename", 30, "Z"));
    CHECK(client.answer() == "/rename s scene i 0");
    client.send(removal(30));
    CHECK(client.answer() == "/delete s scene i 0");
    rig.turn(3);
    CHECK(rig.scenes == Names{"x32-030 Target"});
    CHECK(name_of(client, "030") == "Target");
}

TEST_CASE("x32 show: the former scene of a number goes once the new one is there") {
    Rig rig;
    rig.scenes = {"verse", "x32-030 Target", "x32-031 Source"};
    Tablet client(rig);
    client.send("/xremote");
    rig.turn();
    client.take();
    rig.disk_waits = true;
    client.send(copy(31, 30));
    rig.turn(100);
    CHECK(client.answer().empty());
    CHECK(rig.actions == Names{"/scene/copy x32-031 Source x32-030 Source"});
    CHECK(name_of(client, "030") == "Target");
    rig.disk_waits = false;
    CHECK(client.answer() == "/copy s scene i 1");
    rig.turn(2);
    CHECK(rig.actions.back() == "/scene/delete x32-030 Target");
    CHECK(rig.scenes == Names{"verse", "x32-030 Source", "x32-031 Source"});
    CHECK(name_of(client, "030").ends_with("Source"));
    // There and back again without waiting: nothing goes that was asked for last.
    rig.disk_waits = true;
    client.send(named("/save", 30, "Other"));
    client.send(named("/save", 30, "Source"));
    client.send("/-action/goscene", std::int32_t{30});
    rig.turn();
    CHECK(rig.actions.back() == "/scene/recall x32-030 Source");
    rig.disk_waits = false;
    rig.turn(3);
    CHECK(rig.scenes == Names{"verse", "x32-030 Source", "x32-031 Source"});
    CHECK(name_of(client, "030").ends_with("Source"));
}

TEST_CASE("x32 show: what others do to scenes is known at once, and told") {
    Rig rig;
    rig.scenes = {"x32-003 Hidden"};
    Tablet client(rig);
    client.send("/xremote");
    rig.turn();
    client.take();
    const auto others_do = [&](Names scenes) {
        rig.scenes = std::move(scenes);
        ++rig.scene_changes;
    };
    others_do({"x32-003 Chorus", "x32-008 Eight"});
    const std::string told = client.answer();
    for (const char* leaf : {"003/name s Chorus", "008/name s Eight", "008/hasdata i 1"})
        CHECK(told.find(std::string("/-show/showfile/scene/") + leaf) != std::string::npos);
    others_do({"x32-003 Verse"});
    CHECK(client.ask("/-action/goscene", std::int32_t{3}).find("prepos/current i 3") !=
          std::string::npos);
    CHECK(rig.actions == Names{"/scene/recall x32-003 Verse"});
    others_do({"x32-003 Last"});
    CHECK(name_of(client, "003").starts_with("Last"));
    others_do({});
    client.send(named("/rename", 3, "Z"));
    CHECK(client.answer().find("/rename s scene i 0") != std::string::npos);
    CHECK(name_of(client, "003").empty());
}

TEST_CASE("x32 show: a rename that the disk has not done yet does not keep a recall from it") {
    Rig rig;
    rig.scenes = {"x32-003 Hidden"};
    Tablet client(rig);
    client.send("/xremote");
    rig.turn();
    // As the desk does, which waits for its disk before it says that there is no such scene.
    rig.before_recall = [&] {
        rig.scenes = {"x32-003 Chorus"};
        ++rig.scene_changes;
    };
    client.send("/-action/goscene", std::int32_t{3});
    rig.turn();
    CHECK(rig.actions == Names{"/scene/recall x32-003 Hidden", "/scene/recall x32-003 Chorus"});
}
