// Passes of hands: what they leave in the lanes, and how they end.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/lane_writer.h"

#include "src/app/song/roll.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mixrig;
using app::LaneWriter;

namespace lane_writer_test {

struct Rig {
    param::Layout layout{param::DeskShape::of(2, 1, 1, 1, 1)};
    session::Lanes lanes = {};
    LaneWriter writer{layout, lanes};
    param::Slot fader = *layout.find("/ch/1/fader");

    LaneWriter::Touch at(std::uint64_t song, float value) const {
        return {.slot = fader, .song = song, .before = -6.0f, .value = value};
    }
    float value(std::uint64_t song) const {
        return session::value_at(layout, fader, lanes.at(fader), song).value_or(NAN);
    }
};

TEST_CASE("lanes by hand: a new lane begins with what was there, and goes back to it") {
    Rig rig;
    rig.writer.touch(rig.at(48000, -10.0f));
    rig.writer.touch(rig.at(50000, -12.0f));
    CHECK(rig.writer.is_held(rig.fader));
    CHECK_FALSE(rig.writer.value(rig.fader, 49000, -6.0f));
    const auto before = rig.writer.finish({rig.fader}, 60000, 9600);
    CHECK(before.at(rig.fader).is_empty());
    CHECK(rig.writer.is_idle());
    CHECK(rig.value(0) == -6.0f);
    CHECK(rig.value(48000) == -10.0f);
    CHECK(rig.value(59999) == -12.0f);
    // Half of the way back, within one step of it.
    CHECK(rig.value(64800) == doctest::Approx(-9.0).epsilon(0.02));
    CHECK(rig.value(69600) == -6.0f);
    for (std::uint64_t song = 60000; song < 70000; song += 256)
        CHECK(rig.value(song + 256) - rig.value(song) < 0.35f);  // 6 dB in 37 steps
}

TEST_CASE("lanes by hand: what latches ends at once, and what follows is as it was") {
    Rig rig;
    rig.lanes[rig.fader].moves = {{0, 0.0f}, {1000, -3.0f}, {2000, -5.0f}};
    auto touch = rig.at(500, 4.0f);
    touch.lets_go = false;
    rig.writer.touch(touch);
    CHECK(rig.writer.left_since(INT64_MAX).empty());
    rig.writer.finish({rig.fader}, 1500, 9600);
    CHECK(rig.value(499) == 0.0f);
    CHECK(rig.value(1499) == 4.0f);
    CHECK(rig.value(1500) == -3.0f);
    CHECK(rig.value(2000) == -5.0f);
}

TEST_CASE("lanes by hand: a trim is what is missing to the level that a hand asks for") {
    Rig rig;
    rig.lanes[rig.fader].moves = {{0, -10.0f}, {1000, -20.0f}};
    auto touch = rig.at(500, -7.0f);
    touch.layer = LaneWriter::Layer::trims;
    rig.writer.touch(touch);
    // While it is held, the lane's moves go on below it.
    CHECK(rig.writer.value(rig.fader, 900, -10.0f) == -7.0f);
    CHECK(rig.writer.value(rig.fader, 1000, -20.0f) == -17.0f);
    rig.writer.finish({rig.fader}, 2000, 0);
    CHECK(rig.value(499) == -10.0f);
    CHECK(rig.value(999) == -7.0f);
    CHECK(rig.value(1999) == -17.0f);
    CHECK(rig.value(2000) == -20.0f);
    // Moved by hand without trim, it is what the hand says: the trims of that time are gone.
    rig.writer.touch(rig.at(800, 0.0f));
    rig.writer.finish({rig.fader}, 1200, 0);
    CHECK(rig.value(799) == -7.0f);
    CHECK(rig.value(1100) == 0.0f);
    CHECK(rig.value(1200) == -17.0f);
}

TEST_CASE("lanes by hand: a move is written where the engine has heard it") {
    Rig rig;
    auto touch = rig.at(1000, -1.0f);
    touch.waits = true;
    rig.writer.touch(touch);
    rig.writer.sent(7);
    touch = rig.at(2000, -2.0f);
    touch.waits = true;
    rig.writer.touch(touch);
    rig.writer.heard(7, 1056, 0);
    rig.writer.sent(8);
    touch = rig.at(3000, -3.0f);
    touch.waits = true;
    rig.writer.touch(touch);  // never heard of: where it was thought to be
    rig.writer.heard(8, 2016, 0);
    rig.writer.finish({rig.fader}, 4000, 0);
    const session::Points& moves = rig.lanes.at(rig.fader).moves;
    REQUIRE(moves.size() == 5);
    CHECK(moves[1].frame == 1056);
    CHECK(moves[2].frame == 2016);
    CHECK(moves[3].frame == 3000);
    CHECK(moves[4].frame == 4000);
    CHECK(moves[4].value == -6.0f);
}

TEST_CASE("lanes by hand: a resting finger is not let go of, and then at once") {
    Rig rig;
    auto touch = rig.at(1000, -1.0f);
    touch.now = 100;
    rig.writer.hold(rig.fader, true);
    rig.writer.touch(touch);
    CHECK(rig.writer.left_since(1'000'000).empty());
    rig.writer.hold(rig.fader, false);
    CHECK(rig.writer.left_since(50) == std::set{rig.fader});
}

TEST_CASE("lanes by hand: over silence there is nothing to trim, and 20 dB is the most") {
    Rig rig;
    rig.lanes[rig.fader].moves = {{0, -90.0f}, {1000, -50.0f}, {2000, -5.0f}};
    auto touch = rig.at(500, -20.0f);
    touch.layer = LaneWriter::Layer::trims;
    rig.writer.touch(touch);
    rig.writer.finish({rig.fader}, 900, 0);
    CHECK(rig.lanes.at(rig.fader).trims.empty());
    CHECK(rig.value(600) == -20.0f);
    CHECK(rig.value(2000) == -5.0f);
    touch = rig.at(1500, -10.0f);
    touch.layer = LaneWriter::Layer::trims;
    rig.writer.touch(touch);
    CHECK(rig.writer.value(rig.fader, 1500, 0.0f) == -30.0f);
    CHECK(rig.writer.value(rig.fader, 2000, 0.0f) == 10.0f);  // the end of the fader
    // The layer is that of the pass, whatever the row says by now.
    touch = rig.at(1600, -40.0f);
    rig.writer.touch(touch);
    rig.writer.finish({rig.fader}, 1700, 0);
    CHECK(rig.value(1650) == -40.0f);
    CHECK(rig.value(1800) == -50.0f);
}

TEST_CASE("lanes by hand: a pass belongs to its round of the loop") {
    Rig rig;
    rig.lanes[rig.fader].moves = {{0, 0.0f}, {4800, -3.0f}, {9600, -5.0f}};
    auto touch = rig.at(100, -20.0f);
    touch.lap = 3;
    rig.writer.touch(touch);
    CHECK(rig.writer.held_before(3).empty());
    CHECK(rig.writer.held_before(4) == std::set{rig.fader});
    // What would be kept now, while it goes on.
    const session::Lanes so_far = rig.writer.so_far(200);
    CHECK(session::value_at(rig.layout, rig.fader, so_far.at(rig.fader), 150) == -20.0f);
    CHECK(session::value_at(rig.layout, rig.fader, so_far.at(rig.fader), 5000) == -3.0f);
    CHECK(rig.writer.is_held(rig.fader));
    const app::Roll roll{.from = 100, .song = 50, .loop = {1000, 2000}};
    CHECK(roll.lap_at(0) == 0);
    CHECK(roll.lap_at(100 + 1949) == 0);
    CHECK(roll.lap_at(100 + 1950) == 1);
    CHECK(roll.lap_at(100 + 2950) == 2);
    CHECK(app::Roll{.song = 5000, .loop = {1000, 2000}}.lap_at(100000) == 0);
}

TEST_CASE("lanes by hand: a thousand moves, thinned, are never 0.1 dB from where the hand was") {
    Rig rig;
    session::Points hand;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        const float level = -10.0f + 8.0f * std::sin(static_cast<float>(i) * 0.01f);
        hand.push_back({i * 480, level});
        rig.writer.touch(rig.at(i * 480, level));
    }
    rig.writer.finish({rig.fader}, 480000, 0);
    float most = 0.0f;
    for (const session::Point& point : hand)
        most = std::max(most, std::fabs(rig.value(point.frame) - point.value));
    CHECK(most <= 0.03f);
    CHECK(rig.lanes.at(rig.fader).moves.size() < 900);
}

}  // namespace lane_writer_test
