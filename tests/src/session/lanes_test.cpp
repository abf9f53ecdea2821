// Lanes: what holds when, what a pass replaces, what may be missed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/lanes.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>

using namespace mixrig;
using namespace mixrig::session;

namespace lanes_test {

const param::Layout& layout() {
    static const param::Layout desk(param::DeskShape::of(2, 1, 1, 1, 1));
    return desk;
}

param::Slot slot(std::string_view address) {
    return *layout().find(address);
}

TEST_CASE("lanes: a value holds from its frame on") {
    const Points points{{10, 1.0f}, {20, 2.0f}};
    CHECK_FALSE(value_at(points, 9));
    CHECK(value_at(points, 10) == 1.0f);
    CHECK(value_at(points, 19) == 1.0f);
    CHECK(value_at(points, 1000) == 2.0f);
}

TEST_CASE("lanes: a pass takes the place of what was there, and the rest goes on as it was") {
    const Points old{{0, 0.0f}, {10, 1.0f}, {20, 2.0f}, {30, 3.0f}};
    const Points fresh{{12, -1.0f}, {22, -2.0f}, {40, -9.0f}};
    const Points now = spliced(old, fresh, 12, 25);
    std::mt19937 dice(7);
    for (int i = 0; i < 200; ++i) {
        const std::uint64_t at = dice() % 50;
        CAPTURE(at);
        CHECK(value_at(now, at) == (at >= 12 && at < 25 ? value_at(fresh, at) : value_at(old, at)));
    }
    for (std::size_t i = 1; i < now.size(); ++i) CHECK(now[i - 1].frame < now[i].frame);
    CHECK(spliced({}, fresh, 0, 100).size() == 3);
}

TEST_CASE(
    "lanes: thinned, a level is never further off than the tolerance, and ends where it did") {
    std::mt19937 dice(11);
    std::uniform_real_distribution<float> step(-0.04f, 0.05f);
    Points points;
    float level = -40.0f;
    for (std::uint64_t frame = 0; frame < 20000; frame += 32) {
        level += step(dice);
        points.push_back({frame, level});
    }
    for (const float tolerance : {0.0f, 0.03f, 0.1f}) {
        const Points thin = thinned(points, tolerance);
        float most = 0.0f;
        for (const Point& point : points)
            most = std::max(most, std::fabs(*value_at(thin, point.frame) - point.value));
        CHECK(most <= tolerance);
        CHECK(thin.back().value == points.back().value);
        if (tolerance > 0.05f) CHECK(thin.size() < points.size() / 3);
    }
    CHECK(tolerance_of(layout(), slot("/ch/1/fader")) == 0.03f);
    CHECK(tolerance_of(layout(), slot("/ch/1/gate/threshold")) == 0.0f);
    CHECK(tolerance_of(layout(), slot("/ch/1/eq/1/freq")) == 0.0f);
    CHECK(tolerance_of(layout(), slot("/ch/1/mute")) == 0.0f);
}

TEST_CASE("lanes: both layers of a level add up in dB, and silence stays silence") {
    Lane lane{.moves = {{0, -10.0f}, {100, -90.0f}, {200, 5.0f}},
              .trims = {{50, 3.0f}, {150, 8.0f}}};
    const param::Slot fader = slot("/ch/1/fader");
    CHECK(value_at(layout(), fader, lane, 49) == -10.0f);
    CHECK(value_at(layout(), fader, lane, 50) == -7.0f);
    CHECK(value_at(layout(), fader, lane, 160) == -90.0f);
    CHECK(value_at(layout(), fader, lane, 200) == 10.0f);  // the end of its range
    const auto moves = moves_of(Lanes{{fader, lane}}, layout());
    Lane folded = lane;
    fold(folded, layout(), fader);
    CHECK(folded.trims.empty());
    for (std::uint64_t at = 0; at < 250; at += 10)
        CHECK(value_at(layout(), fader, folded, at) == value_at(layout(), fader, lane, at));
    CHECK(moves.size() == 5);
}

TEST_CASE("lanes: a file's lanes begin at the start, with what the desk had") {
    param::Values before(layout());
    before.set(slot("/ch/1/fader"), {-3.0f});
    const auto file = parse_automation(
        "1s /ch/1/fader -6\n0s /ch/2/fader -9\n2s trim /ch/1/fader 1\n3s trim /main/fader -1\n",
        layout(), {48000.0}, "x");
    REQUIRE(file);
    const Lanes lanes = lanes_of(*file, before);
    CHECK(lanes.size() == 3);
    CHECK(lanes.at(slot("/ch/1/fader")).moves.front().value == -3.0f);
    CHECK(lanes.at(slot("/ch/2/fader")).moves.size() == 1);
    CHECK(value_at(layout(), slot("/main/fader"), lanes.at(slot("/main/fader")), 144000) == -1.0f);
    const Automation again = automation_of(lanes);
    CHECK(again.moves.size() == 4);
    CHECK(again.trims.size() == 2);
    // Without trims a file is played as it stands, lines and all.
    const auto plain = parse_automation("1s /ch/1/fader -6\n", layout(), {48000.0}, "x");
    CHECK(moves_of(*plain, layout(), before).front().setting.line == 1);
    CHECK(moves_of(*file, layout(), before).size() == 6);
}

}  // namespace lanes_test
