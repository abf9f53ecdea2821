// The files of a flight: its events and what it says about itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/flight_events.h"
#include "src/session/flight_info.h"

#include <doctest/doctest.h>

#include <sstream>

using namespace mixrig;
using session::FlightBatch;

namespace flight_test {

constexpr dsp::Hertz kRate{48000.0};

struct Events {
    param::Layout layout{param::DeskShape::of(4, 2, 2, 2, 1)};

    base::Result<std::vector<FlightBatch>> parse(const std::string& text) const {
        std::istringstream in(text);
        return session::parse_flight_events(in, layout, kRate, "events.auto");
    }
    // "32#1:2 64#0:1": frame, number and lines of each batch.
    std::string order(const std::string& text) const {
        const auto batches = parse(text);
        REQUIRE(batches);
        std::string out;
        for (const FlightBatch& batch : *batches)
            out += (out.empty() ? "" : " ") + std::to_string(batch.frame) + "#" +
                   std::to_string(batch.mark.number) + ":" + std::to_string(batch.settings.size());
        return out;
    }
    std::string error(const std::string& text) const {
        const auto batches = parse(text);
        REQUIRE(!batches);
        return batches.error().text();
    }
};

TEST_CASE("flight events: what is written is read back, in the order of its numbers") {
    const Events events;
    const std::string text =
        session::flight_line(64, "/ch/1/fader", "-6 dB", {.number = 2}) +
        session::flight_line(64, "/ch/1/pan", "0.5", {.number = 2}) +
        session::flight_ramp_line(96, {.number = 4}) +
        session::flight_line(640, "/ch/2/fader", "-inf dB", {.number = 1, .ahead = true}) +
        session::flight_impulse_line(96, {.effect = 1, .file = "impulse-2-1.wav"}, {.number = 3}) +
        session::flight_impulse_line(128, {.effect = 0}, {.number = 5});
    const auto read = events.parse(text);
    REQUIRE(read);
    const auto& batches = *read;
    REQUIRE(batches.size() == 5);
    CHECK(batches[0].frame == 640);
    CHECK(batches[0].mark.ahead);
    CHECK(batches[0].settings[0].value.number == param::kSilence);
    CHECK(batches[1].frame == 64);
    CHECK(!batches[1].mark.ahead);
    REQUIRE(batches[1].settings.size() == 2);
    CHECK(batches[1].settings[1].slot == *events.layout.find("/ch/1/pan"));
    CHECK(batches[1].settings[1].value.number == 0.5f);
    REQUIRE(batches[2].impulses.size() == 1);
    CHECK(batches[2].impulses[0].effect == 1);
    CHECK(batches[2].impulses[0].file == "impulse-2-1.wav");
    CHECK(batches[3].is_ramp);
    CHECK(batches[3].frame == 96);
    REQUIRE(batches[4].impulses.size() == 1);
    CHECK(batches[4].impulses[0].file.empty());
}

TEST_CASE("flight events: they are automation to whoever knows nothing of batches") {
    const Events events;
    const std::string text = session::flight_ramp_line(32, {.number = 1}) +
                             session::flight_line(64, "/ch/1/fader", "-6 dB", {.number = 2}) +
                             session::flight_impulse_line(96, {.effect = 1}, {.number = 3});
    const auto moves = session::parse_automation(text, events.layout, kRate, "events.auto");
    REQUIRE(moves);
    REQUIRE(moves->moves.size() == 1);
    CHECK(moves->moves[0].frame == 64);
}

TEST_CASE("flight events: lines by hand come live, in their place") {
    const Events events;
    CHECK(events.order("2s /ch/1/mute on\n32f /ch/1/fader -6\n1f /ch/2/fader -6 # louder\n") ==
          "32#0:2 96000#0:1");
    // Before the first batch that is heard later, behind one of the same frame.
    CHECK(events.order("32f /ch/1/fader -6 #1\n96f /ch/1/fader -7 #2\n64f /ch/1/fader -8\n"
                       "96f /ch/1/fader -9\n") == "32#1:1 64#0:1 96#2:1 96#0:1");
    // Not before something live that is heard first, though that was worked out after what was sent
    // ahead.
    CHECK(events.order("960f /ch/1/fader -6 #1 ahead\n64f /ch/1/fader -7 #2\n96f /ch/1/pan 1\n") ==
          "960#1:1 64#2:1 96#0:1");
    // Moved away from its batch.
    CHECK(events.order("32f /ch/1/fader -6 #1\n320f /ch/1/pan 1 #1\n96f /ch/1/fader -6 #2\n") ==
          "32#1:1 96#2:1 320#0:1");
}

TEST_CASE("flight events: a wrong line is named") {
    const Events events;
    CHECK(events.error("32f /ch/1/fader -6 #1\n\nsoon /ch/1/fader -6 #2\n")
              .find("events.auto:3: `soon` is not a moment") == 0);
    CHECK(events.error("32f /ch/1/fadr -6 #1\n").find("events.auto:1: /ch/1/fadr is no address") ==
          0);
    CHECK(events.error("# two\n32f /ch/1/fader loud #1\n").find("events.auto:2: ") == 0);
    CHECK(events.error("32f /ch/1/name \"Kick\"\n").find("events.auto:1: ") == 0);
    CHECK(events.error("32f /ch/1/fader\n").find("events.auto:1: ") == 0);
    CHECK(events.error("32f /ch/1/fader 99 dB #4\n").find("events.auto:1: ") == 0);
    CHECK(events.error("# mixrig automation 9\n").find("events.auto:1: was made by a newer") == 0);
    CHECK(events.error("\xff\n").find("events.auto:1: is not UTF-8") == 0);
}

TEST_CASE("flight.toml: what is written piece by piece is read back") {
    std::string text = session::flight_head(
        {.rate = {44100.0}, .inputs = 18, .processor = "AVX2", .from_start = false});
    auto info = session::parse_flight(text, "flight.toml");
    REQUIRE(info);
    CHECK(info->rate.value == 44100.0);
    CHECK(info->inputs == 18);
    CHECK(info->processor == "AVX2");
    CHECK(!info->from_start);
    CHECK(!info->first_frame);
    text += session::flight_begin(4096) + session::flight_gap({5000, 32}) +
            session::flight_gap({6000, 64}) + session::flight_end(123456);
    info = session::parse_flight(text, "flight.toml");
    REQUIRE(info);
    CHECK(*info->first_frame == 4096);
    CHECK(*info->frames == 123456);
    REQUIRE(info->gaps.size() == 2);
    CHECK(info->gaps[1].frame == 6000);
    CHECK(info->gaps[1].frames == 64);
}

TEST_CASE("flight.toml: what is wrong is said with its line") {
    const auto error = [](const std::string& text) {
        const auto info = session::parse_flight(text, "flight.toml");
        REQUIRE(!info);
        return info.error().text();
    };
    const std::string head = session::flight_head({.inputs = 2});
    CHECK(error("").find("version") != std::string::npos);
    CHECK(error("version = 2\nrate = 48000\n").find("flight.toml:1: ") == 0);
    CHECK(error("version = 1\n").find("rate") != std::string::npos);
    CHECK(error(head + "[begin]\n").find("flight.toml:7: ") == 0);
    CHECK(error(head + "speed = 3\n").find("flight.toml:7: ") == 0);
}

}  // namespace flight_test
