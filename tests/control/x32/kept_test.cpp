// What ours cannot say, over a restart.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/control/x32/tablet.h"

#include <doctest/doctest.h>

#include <string>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::x32;
using namespace mixrig::control::x32::test;

namespace {

void say(Tablet& client, const char* line) {
    client.send("/", std::string_view(line));
}

std::string node(Tablet& client, const char* path) {
    return client.ask("/node", std::string_view(path));
}

}  // namespace

TEST_CASE("x32 kept: what ours cannot say is as it was, and what ours says is ours") {
    Rig before;
    Tablet client(before);
    before.server->restore({});
    before.turn();
    CHECK_FALSE(before.server->take_kept());
    say(client, "ch/01/config \"Kick\" 3 BLi 7");
    say(client, "ch/02/gate ON DUCK");
    say(client, "ch/03/gate ON EXP3");
    say(client, "fx/1 GEQ2");
    say(client, "fx/1/par 1.0 2.0 3.0");
    say(client, "fx/2 AMBI");
    say(client, "fx/2/par 40 1.97 50 4k5 12 6.0");
    say(client, "headamp/005 +12.5 ON");
    say(client, "config/userctrl/A/btn \"with blanks\"");
    say(client, "-show/showfile/scene/003 \"gone\" \"a note\"");
    say(client, "-stat/screen/screen 4");
    client.send(Writer("/save", "sisi")
                    .add("libchan")
                    .add(std::int32_t{4})
                    .add("Voice")
                    .add(std::int32_t{0})
                    .packet());
    before.turn();
    const auto kept = before.server->take_kept();
    REQUIRE(kept);
    CHECK_FALSE(before.server->take_kept());
    // A fader is ours: nothing new for the disk.
    client.send("/ch/01/mix/fader", 0.3f);
    before.turn();
    CHECK_FALSE(before.server->take_kept());

    Rig after;
    for (param::Slot slot = 0; slot < before.layout.size(); ++slot)
        if (after.layout.row(slot).keep != param::Keep::told)
            (void)after.desk.set(slot, before.desk.get(slot), kDeskItself);
    (void)after.desk.set_text(after.slot("/ch/3/gate/mode"), "gate", kDeskItself);
    after.server->restore(*kept);
    Tablet later(after);
    CHECK(node(later, "ch/01/config") == "node s /ch/01/config \"Kick\" 3 BLi 7\n");
    CHECK(node(later, "ch/02/gate").find("ON DUCK") != std::string::npos);
    CHECK(node(later, "ch/03/gate").find("ON GATE") != std::string::npos);  // ours has moved
    CHECK(node(later, "fx/1") == "node s /fx/1 GEQ2\n");
    CHECK(node(later, "fx/1/par").find("/par 1.0 2.0 3.0 0.0") != std::string::npos);
    CHECK(node(later, "fx/2") == "node s /fx/2 AMBI\n");
    client.take();
    CHECK(node(later, "fx/2/par") == node(client, "fx/2/par"));
    CHECK(node(later, "headamp/005") == "node s /headamp/005 +12.5 ON\n");
    CHECK(node(later, "config/userctrl/A/btn/5").find("\"with blanks\"") != std::string::npos);
    CHECK(node(later, "-show/showfile/scene/003").find("003 \"\" \"a note\" %000000000 0") !=
          std::string::npos);
    CHECK(node(later, "-stat/screen/screen").find(" 0\n") != std::string::npos);
    CHECK(node(later, "-prefs/name").find("\"mixrig\"") != std::string::npos);
    later.send(Writer("/load", "siii")
                   .add("libchan")
                   .add(std::int32_t{4})
                   .add(std::int32_t{4})
                   .add(std::int32_t{63})
                   .packet());
    CHECK(later.answer() == "/load s libchan i 1");
    CHECK(node(later, "ch/05/config") == "node s /ch/05/config \"Kick\" 3 BLi 7\n");
    // Nothing is new but what was loaded.
    Rig again;
    again.server->restore(*kept);
    again.turn();
    CHECK_FALSE(again.server->take_kept());
}

TEST_CASE("x32 kept: text that is none is left out") {
    Rig rig;
    rig.server->restore(
        "/ch/01/mix/fader +10.0\n/ch/01/config/icon\n/ch/01/config/icon x\n/no/such 3\n/\n\n"
        "libchan\nlibchan 4\nlibchan 4 eq\nlibchan 4 /no values\nlibfx 1 /\n"
        "/ch/02/config/icon 9\n/fx/1/par/01 40");
    Tablet client(rig);
    CHECK(rig.number("/ch/1/fader") == 0.0f);
    CHECK(client.ask("/ch/01/config/icon") == "/ch/01/config/icon i 1");
    CHECK(client.ask("/ch/02/config/icon") == "/ch/02/config/icon i 9");
    client.send(Writer("/load", "siii")
                    .add("libchan")
                    .add(std::int32_t{4})
                    .add(std::int32_t{4})
                    .add(std::int32_t{63})
                    .packet());
    CHECK(client.answer() == "/load s libchan i 0");
}
