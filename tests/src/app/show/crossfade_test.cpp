// Recalls that take time: the way of each value, and that nothing is heard to step.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/show/crossfade.h"

#include "src/app/show/recall.h"
#include "src/app/start_values.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>
#include <string>
#include <vector>

using namespace mixrig;
using namespace mixrig::app;

namespace crossfade_test {

constexpr dsp::Hertz kRate{48000.0};
constexpr std::uint64_t kSecond = 48000;

struct Stage {
    explicit Stage(param::DeskShape shape = param::DeskShape::of(2, 2, 1, 1, 1))
        : layout(std::move(shape)), now(layout) {}
    param::Layout layout;
    param::Values now;

    param::Slot slot(const std::string& address) const { return *layout.find(address); }
    void set(const std::string& address, const std::string& text) {
        now.set(slot(address), *layout.parse(slot(address), text));
    }
    session::Scene scene(const std::string& text) const {
        return *session::parse_scene(text, layout, "x");
    }
    // Over one second from frame 0 on.
    std::vector<Track> plan(const std::string& text) const {
        return plan_fade(layout, now, scene(text), fade_times(0, 1.0, kRate), kRate);
    }
};

const Track* find(const std::vector<Track>& tracks, param::Slot slot) {
    for (const Track& track : tracks)
        if (track.slot == slot) return &track;
    return nullptr;
}

TEST_CASE("fade: levels move in dB, frequencies in octaves, the rest in a line") {
    Stage stage;
    stage.set("/ch/1/fader", "-20 dB");
    stage.set("/ch/1/hpf/on", "on");
    stage.set("/ch/1/hpf/freq", "100 Hz");
    const auto tracks = stage.plan("/ch/1/fader 0 dB\n/ch/1/hpf/freq 400 Hz\n/ch/1/pan 1\n");
    const auto at_half = [&](const char* address) {
        return find(tracks, stage.slot(address))->at(kSecond / 2);
    };
    CHECK(at_half("/ch/1/fader") == doctest::Approx(-10.0));
    CHECK(at_half("/ch/1/hpf/freq") == doctest::Approx(200.0));
    CHECK(at_half("/ch/1/pan") == doctest::Approx(0.5));
    for (const Track& track : tracks) {
        CHECK(track.at(0) == track.start);
        CHECK(track.at(2 * kSecond) == track.goal);
    }
}

TEST_CASE("fade: out of silence and into it the power of both stays constant") {
    Stage stage;
    stage.set("/ch/1/fader", "-inf dB");
    const auto tracks = stage.plan("/ch/1/fader 0 dB\n/ch/2/fader -inf dB\n");
    const auto power = [&](const char* address, std::uint64_t frame) {
        return std::pow(10.0, find(tracks, stage.slot(address))->at(frame) / 10.0f);
    };
    for (std::uint64_t frame = 480; frame < kSecond; frame += 480)
        CHECK(power("/ch/1/fader", frame) + power("/ch/2/fader", frame) ==
              doctest::Approx(1.0).epsilon(0.001));
}

TEST_CASE("fade: an unmute lets the level rise from silence, a mute closes behind it") {
    Stage stage;
    stage.set("/ch/1/mute", "on");
    stage.set("/ch/1/fader", "-3 dB");
    const auto tracks = stage.plan("/ch/1/mute off\n/ch/2/mute on\n/ch/2/fader -6 dB\n");
    const FadeTimes times = fade_times(0, 1.0, kRate);
    const Track &opens = *find(tracks, stage.slot("/ch/1/mute")),
                &rises = *find(tracks, stage.slot("/ch/1/fader")),
                &closes = *find(tracks, stage.slot("/ch/2/mute")),
                &falls = *find(tracks, stage.slot("/ch/2/fader"));
    CHECK(rises.at(times.begin) == param::kSilence);
    CHECK(opens.at(times.open - 1) == 1.0f);
    CHECK(opens.at(times.open) == 0.0f);
    CHECK(rises.at(times.open) == param::kSilence);
    CHECK(rises.at(times.end / 2) > -9.0f);
    CHECK(rises.at(times.end) == -3.0f);
    CHECK(closes.at(times.end - 1) == 0.0f);
    CHECK(closes.at(times.end) == 1.0f);
    CHECK(falls.at(times.end) == param::kSilence);
    CHECK(falls.at(times.closed) == -6.0f);
}

TEST_CASE("fade: processors come in and go out by what makes them neutral") {
    Stage stage;
    stage.set("/ch/1/eq/1/gain", "6 dB");  // eq off
    stage.set("/ch/2/comp/1/on", "on");
    const auto tracks = stage.plan(
        "/ch/1/eq/on on\n/ch/1/eq/2/on off\n/ch/2/comp/1/on off\n/ch/2/comp/1/ratio 8\n"
        "/ch/1/gate/threshold -30 dB\n/ch/2/to none\n");
    const FadeTimes times = fade_times(0, 1.0, kRate);
    const auto at = [&](const char* address, std::uint64_t frame) {
        const Track* track = find(tracks, stage.slot(address));
        return track == nullptr ? stage.now.number(stage.slot(address)) : track->at(frame);
    };
    CHECK(at("/ch/1/eq/1/gain", times.begin) == 0.0f);
    CHECK(at("/ch/1/eq/on", times.begin) == 0.0f);
    CHECK(at("/ch/1/eq/on", times.open) == 1.0f);
    CHECK(at("/ch/1/eq/2/on", times.begin) == 0.0f);
    CHECK(at("/ch/1/eq/1/gain", times.end) == 6.0f);
    CHECK(at("/ch/2/comp/1/mix", times.end - 1) < 0.01f);
    CHECK(at("/ch/2/comp/1/on", times.end - 1) == 1.0f);
    CHECK(at("/ch/2/comp/1/on", times.end) == 0.0f);
    CHECK(at("/ch/2/comp/1/ratio", times.end) == 3.0f);
    CHECK(at("/ch/2/comp/1/ratio", times.closed) == 8.0f);
    CHECK(at("/ch/2/comp/1/mix", times.closed) == 1.0f);
    CHECK(at("/ch/1/gate/threshold", times.begin) == -30.0f);
    CHECK(at("/ch/2/to", times.end - 1) == param::kRouteMain);
    CHECK(at("/ch/2/to", times.end) == param::kRouteNone);
}

TEST_CASE("fade: paths that would make a loop together change at the start") {
    Stage stage;
    stage.set("/sub/1/to", "sub/2");
    const auto tracks = stage.plan("/sub/1/to none\n/sub/2/to sub/1\n");
    for (const Track& track : tracks) CHECK(track.at(0) == track.goal);
}

TEST_CASE("fade: any two desks meet: everything starts where it is and ends where it is wanted") {
    Stage stage(param::DeskShape::of(3, 2, 2, 1, 1));
    std::mt19937 random(11);
    std::uniform_real_distribution<float> share(0.0f, 1.0f);
    const auto any = [&](param::Slot slot) {
        const float high = stage.layout.high(slot), low = stage.layout.row(slot).low;
        return stage.layout.clamp(slot, low + (high - low) * share(random));
    };
    for (int round = 0; round < 30; ++round) {
        session::Scene wanted;
        for (param::Slot slot = 0; slot < stage.layout.size(); ++slot) {
            if (stage.layout.row(slot).type == param::Type::text) continue;
            if (random() % 2 == 0) stage.now.set(slot, {any(slot)});
            if (random() % 2 == 0) wanted.push_back({slot, {any(slot)}});
        }
        param::Values then = stage.now;
        session::apply(wanted, then);
        const FadeTimes times = fade_times(1000, 0.05, kRate);
        for (const Track& track : plan_fade(stage.layout, stage.now, wanted, times, kRate)) {
            CAPTURE(stage.layout.address(track.slot));
            CHECK(track.at(0) == stage.now.number(track.slot));
            CHECK(track.at(times.closed) == then.number(track.slot));
            const param::Row& row = stage.layout.row(track.slot);
            for (std::uint64_t frame = times.begin; frame <= times.closed; frame += 32)
                REQUIRE(track.at(frame) >= row.low);
        }
    }
}

TEST_CASE("crossfade: a hand wins for its control, and all others arrive") {
    Stage stage;
    Console console(stage.layout, stage.now, {.rate = kRate});
    Crossfade fade(stage.layout);
    fade.begin(console, stage.scene("/ch/1/fader -30 dB\n/ch/2/fader -30 dB\n"), 0, 1.0);
    REQUIRE(fade.send_until(console, kSecond / 4));
    CHECK(console.value(stage.slot("/ch/1/fader")) == doctest::Approx(-7.5).epsilon(0.05));
    CHECK(fade.concerns(stage.slot("/ch/1/fader"), 0));
    fade.release(stage.slot("/ch/1/fader"));
    console.set(stage.slot("/ch/1/fader"), 3.0f);
    std::vector<std::pair<param::Slot, float>> told;
    std::vector<float> buffers(64);
    const auto run = [&](std::uint64_t from, std::uint64_t to) {
        std::vector<const float*> in(console.geometry().inputs, buffers.data());
        std::vector<std::vector<float>> out(console.geometry().outputs.size(),
                                            std::vector<float>(64));
        std::vector<float*> outs;
        for (auto& one : out) outs.push_back(one.data());
        for (std::uint64_t at = from; at < to; at += 64) {
            REQUIRE(fade.send_until(console, at + 960));
            console.engine().process(in.data(), outs.data(), 64);
            fade.tell_until(at,
                            [&](param::Slot slot, float value) { told.emplace_back(slot, value); });
            console.collect();
        }
    };
    run(0, 2 * kSecond);
    CHECK_FALSE(fade.is_active());
    CHECK_FALSE(fade.concerns(stage.slot("/ch/1/fader"), 2 * kSecond));
    CHECK(console.value(stage.slot("/ch/1/fader")) == 3.0f);
    CHECK(console.value(stage.slot("/ch/2/fader")) == -30.0f);
    REQUIRE_FALSE(told.empty());
    CHECK(told.back().second == -30.0f);
    for (const auto& [slot, value] : told) CHECK(slot == stage.slot("/ch/2/fader"));
}

}  // namespace crossfade_test
