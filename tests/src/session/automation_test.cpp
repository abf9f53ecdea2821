// Automation: moments, order, errors.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/automation.h"

#include <doctest/doctest.h>

using namespace mixrig;
using namespace mixrig::session;

namespace {

const param::Layout& layout() {
    static const param::Layout desk(param::DeskShape::of(2, 1, 1, 1, 1));
    return desk;
}

base::Result<std::vector<Move>> parse(std::string_view text, double rate = 48000.0) {
    return parse_automation(text, layout(), {rate}, "mix.auto");
}

}  // namespace

TEST_CASE("automation: seconds and frames first, then a line as in a scene") {
    const auto moves = parse(
        "# mixrig automation 1\n"
        "12.500s  /ch/1/fader  -6.0 dB  # down\n"
        "600000f  /ch/1/pan    -0.25\n"
        "0s /ch/2/mute on\n");
    REQUIRE_MESSAGE(moves, (moves ? "" : moves.error().text()));
    REQUIRE(moves->size() == 3);
    CHECK((*moves)[0].frame == 0);
    CHECK((*moves)[0].setting.slot == *layout().find("/ch/2/mute"));
    CHECK((*moves)[1].frame == 600000);
    CHECK((*moves)[1].setting.value.number == -6.0f);
    CHECK((*moves)[1].setting.line == 2);
    CHECK((*moves)[2].frame == 600000);
    CHECK((*moves)[2].setting.value.number == -0.25f);
}

TEST_CASE("automation: seconds become the nearest frame of the song's rate") {
    CHECK((*parse("0.1s /ch/1/pan 0", 44100.0))[0].frame == 4410);
    CHECK((*parse("0.00001s /ch/1/pan 0", 44100.0))[0].frame == 0);
    CHECK((*parse("0.00002s /ch/1/pan 0", 44100.0))[0].frame == 1);
    CHECK((*parse("3600s /ch/1/pan 0", 96000.0))[0].frame == 345'600'000);
    CHECK((*parse("7f /ch/1/pan 0", 96000.0))[0].frame == 7);
}

TEST_CASE("automation: moves of one frame keep the order of the file") {
    const auto moves =
        parse("2f /ch/1/pan 0.1\n1f /ch/1/pan 0.2\n2f /ch/1/pan 0.3\n1f /ch/1/pan 0.4\n");
    std::vector<float> order;
    for (const Move& move : *moves) order.push_back(move.setting.value.number);
    CHECK(order == std::vector<float>{0.2f, 0.4f, 0.1f, 0.3f});
}

TEST_CASE("automation: what is not a moment is refused") {
    for (const char* moment :
         {"12", "-1s", "1.5f", "-3f", "s", "f", "1e3s", "nans", "infs", "1:20s", "1 s",
          "99999999999s", "99999999999999999999f", "/ch/1/pan"}) {
        CAPTURE(moment);
        const auto moves = parse(std::string(moment) + " /ch/1/pan 0");
        REQUIRE_FALSE(moves);
        CHECK(moves.error().where == "mix.auto:1");
        CHECK(moves.error().hint.find("12.500s") != std::string::npos);
    }
}

TEST_CASE("automation: a name cannot be automated") {
    CHECK(parse("1s /ch/1/name \"x\"").error().text().find("cannot be automated") !=
          std::string::npos);
    CHECK(parse("1s /ch/1/fader 99").error().text().find("out of range") != std::string::npos);
    CHECK(parse("1s").error().text().find("an address is missing") != std::string::npos);
}
