// Automation: moments, order, errors.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/automation.h"

#include <doctest/doctest.h>

using namespace mixrig;
using namespace mixrig::session;

namespace automation_test {

const param::Layout& layout() {
    static const param::Layout desk(param::DeskShape::of(2, 1, 1, 1, 1));
    return desk;
}

base::Result<Automation> parse_all(std::string_view text, double rate = 48000.0) {
    return parse_automation(text, layout(), {rate}, "mix.auto");
}

base::Result<std::vector<Move>> parse(std::string_view text, double rate = 48000.0) {
    auto all = parse_all(text, rate);
    if (!all) return all.error();
    return std::move(all->moves);
}

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

TEST_CASE("automation: trims and markers stand among the moves") {
    const auto all = parse_all(
        "2s marker \"Second chorus\"\n"
        "1s trim /ch/1/fader +1.5 dB\n"
        "1s trim /ch/1/send/aux/1/level -3\n"
        "0s marker Intro  # without quotes, if it is one word\n"
        "1s /ch/1/fader -6\n");
    REQUIRE_MESSAGE(all, (all ? "" : all.error().text()));
    REQUIRE(all->markers.size() == 2);
    CHECK(all->markers[0].name == "Intro");
    CHECK(all->markers[1].name == "Second chorus");
    CHECK(all->markers[1].frame == 96000);
    REQUIRE(all->trims.size() == 2);
    CHECK(all->trims[0].setting.value.number == 1.5f);
    CHECK(all->trims[1].setting.value.number == -3.0f);
    CHECK(all->moves.size() == 1);
}

TEST_CASE("automation: what is wrong about a trim or a marker is said with its line") {
    const auto error = [](const char* line) {
        const auto all = parse_all(std::string("# one\n") + line);
        return all ? "no error" : all.error().text();
    };
    CHECK(error("1s trim /ch/1/pan 0.1").find("mix.auto:2") == 0);
    CHECK(error("1s trim /ch/1/pan 0.1").find("cannot be trimmed") != std::string::npos);
    CHECK(error("1s trim /ch/1/fader loud").find("number of dB") != std::string::npos);
    CHECK(error("1s trim /ch/1/fader 101").find("number of dB") != std::string::npos);
    CHECK(error("1s trim /ch/1/fader nan").find("number of dB") != std::string::npos);
    CHECK(error("1s trim /ch/1/fader 1 Hz").find("number of dB") != std::string::npos);
    CHECK(error("1s trim /ch/9/fader 1").find("no address of this desk") != std::string::npos);
    CHECK(error("1s trim").find("an address is missing") != std::string::npos);
    CHECK(error("1s marker").find("a marker has a name") != std::string::npos);
    CHECK(error("1s marker a b").find("a marker has a name") != std::string::npos);
    CHECK(error("1s /ch/1/solo on").find("no error") != std::string::npos);
    CHECK(error("1s /ch/1/automation/mode read").find("cannot be automated") != std::string::npos);
}

TEST_CASE("automation: what is written is read back, to the frame, at any rate") {
    for (const double rate : {44100.0, 48000.0, 192000.0}) {
        Automation all;
        for (std::uint64_t frame = 0; frame < 400; ++frame)
            all.moves.push_back({frame * 7919,
                                 {.slot = *layout().find("/ch/1/fader"),
                                  .value = {-0.1f * static_cast<float>(frame % 300)}}});
        all.trims.push_back(
            {12345, {.slot = *layout().find("/ch/1/trim"), .value = {1.0f / 3.0f}}});
        all.markers.push_back({777, "say \"one\""});
        const std::string text = write_automation(all, layout(), {rate});
        const auto back = parse_all(text, rate);
        REQUIRE_MESSAGE(back, (back ? "" : back.error().text()));
        REQUIRE(back->moves.size() == all.moves.size());
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < all.moves.size(); ++i)
            wrong += back->moves[i].frame != all.moves[i].frame ||
                     back->moves[i].setting.value != all.moves[i].setting.value;
        CHECK(wrong == 0);
        CHECK(back->trims[0].frame == 12345);
        CHECK(back->trims[0].setting.value.number == 1.0f / 3.0f);
        CHECK(back->markers[0].name == "say \"one\"");
    }
}

}  // namespace automation_test
