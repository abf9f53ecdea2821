// Moves and the time of the song: what is sent for which frame of the engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/automation_feed.h"

#include "src/session/lanes.h"

#include <doctest/doctest.h>

#include <string>

using namespace mixrig;
using app::AutomationFeed;
using app::Roll;

namespace automation_feed_test {

// A console that is never run: what was told says what was sent, and for which frame.
struct Rig {
    param::Layout layout{param::DeskShape::of(2, 2, 1, 1, 1)};
    app::Console console{layout, param::Values(layout), {.rate = {48000.0}}};
    AutomationFeed feed{layout};

    std::vector<session::Move> moves(const std::string& text) const {
        auto parsed = session::parse_automation(text, layout, {48000.0}, "x");
        REQUIRE(parsed);
        return session::moves_of(*parsed, layout, param::Values(layout));
    }
    // "FRAME:VALUE ..." of everything that takes effect before this frame.
    std::string sent(std::uint64_t until) {
        std::string out;
        for (std::uint64_t at = 0; at < until; at += 32) {
            REQUIRE(feed.send_until(console, at + 32));
            feed.tell_until(at, [&](const session::Setting& setting) {
                out += std::to_string(at) + ":" +
                       std::to_string(static_cast<int>(setting.value.number)) + " ";
            });
        }
        return out;
    }
};

TEST_CASE("automation feed: a song that begins in the middle begins with what holds there") {
    Rig rig;
    rig.feed.use(rig.moves("0f /ch/1/fader -1\n640f /ch/1/fader -2\n1280f /ch/1/fader -3\n"));
    rig.feed.roll({.from = 320, .song = 1000});
    CHECK(rig.feed.next_frame() == 320);
    CHECK(rig.sent(2000) == "320:-2 608:-3 ");  // 1280 - 1000 + 320 is 600, 608 the boundary
    CHECK(rig.feed.next_frame() == UINT64_MAX);
}

TEST_CASE("automation feed: where a loop begins again, so does what holds there") {
    Rig rig;
    rig.feed.use(rig.moves("0f /ch/1/fader -1\n640f /ch/1/fader -2\n1280f /ch/1/fader -3\n"));
    rig.feed.roll({.from = 0, .song = 0, .loop = {320, 960}});
    CHECK(rig.sent(2400) == "0:-1 640:-2 960:-1 1280:-2 1600:-1 1920:-2 2240:-1 ");
    // Begun behind the loop it is not taken back.
    rig.feed.roll({.from = 2400, .song = 960, .loop = {320, 960}});
    CHECK(rig.sent(4000) == "2400:-2 2720:-3 ");
}

TEST_CASE("automation feed: behind the end of a loop that is set now nothing is taken back") {
    Rig rig;
    rig.feed.use(rig.moves("0f /ch/1/fader -1\n640f /ch/1/fader -2\n1280f /ch/1/fader -3\n"));
    rig.feed.roll({});
    CHECK(rig.sent(960) == "0:-1 640:-2 ");
    rig.feed.change({.loop = {320, 640}});
    CHECK(rig.sent(2000) == "1280:-3 ");
    rig.feed.change({.loop = {320, 2240}});
    CHECK(rig.sent(3000) == "2240:-1 2560:-2 ");
}

TEST_CASE("automation feed: nothing is sent for when the song stands") {
    Rig rig;
    rig.feed.use(rig.moves("0f /ch/1/fader -1\n640f /ch/1/fader -2\n1280f /ch/1/fader -3\n"));
    rig.feed.roll({.from = 0, .song = 0});
    rig.feed.change({.from = 0, .song = 0, .until = 1000});
    CHECK(rig.sent(3000) == "0:-1 640:-2 ");
    rig.feed.stand();
    CHECK(rig.feed.next_frame() == UINT64_MAX);
}

TEST_CASE("automation feed: other moves are used from what was not sent yet on") {
    Rig rig;
    rig.feed.use(rig.moves("0f /ch/1/fader -1\n640f /ch/1/fader -2\n1280f /ch/1/fader -3\n"));
    rig.feed.roll({.from = 0, .song = 0});
    CHECK(rig.sent(704) == "0:-1 640:-2 ");
    rig.feed.use(rig.moves("0f /ch/1/fader -4\n1280f /ch/1/fader -6\n"));
    CHECK(rig.sent(1280).empty());
    // What is named goes to where the moves say it is, as soon as may be.
    rig.feed.use(rig.moves("0f /ch/1/fader -5\n1920f /ch/1/fader -7\n"),
                 {*rig.layout.find("/ch/1/fader")});
    CHECK(rig.sent(2000) == "1280:-5 1920:-7 ");
}

TEST_CASE("automation feed: a hand keeps a lane's moves back, or changes them") {
    Rig rig;
    const param::Slot fader = *rig.layout.find("/ch/1/fader");
    rig.feed.use(rig.moves("0f /ch/1/fader -1\n0f /ch/2/fader -9\n640f /ch/1/fader -2\n"));
    rig.feed.set_hold([&](param::Slot slot, std::uint64_t song, float value) {
        CHECK(song <= 640);
        return slot == fader ? std::nullopt : std::optional(value - 1.0f);
    });
    rig.feed.roll({});
    CHECK(rig.sent(1000) == "0:-10 ");
}

TEST_CASE("automation feed: a path that would close a loop is left out, and said once") {
    Rig rig;
    rig.feed.use(
        rig.moves("0f /sub/1/to sub/2\n32f /sub/2/to sub/1\n64f /ch/1/fader -2\n"
                  "96f /sub/2/to sub/1\n"));
    rig.feed.roll({});
    (void)rig.sent(640);
    const auto refused = rig.feed.take_refused();
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].where.find("2: ") == 0);
    CHECK(rig.feed.take_refused().empty());
}

}  // namespace automation_feed_test
