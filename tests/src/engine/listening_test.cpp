// The monitor bus, talkback and oscillator: what they do, and that nothing else hears of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

using namespace mixrig;
using param::DeskShape;
using param::Kind;
using param::Row;
using test::Channels;
using test::dB;
using test::noises;
using test::Rig;
using test::rms;
using test::Samples;

namespace listening_test {

using Settings = std::vector<std::pair<std::string, std::string>>;

// A desk of everything; the second monitor mix and the second channel are mono.
DeskShape small_desk() {
    DeskShape shape = DeskShape::of(3, 2, 2, 1, 1);
    shape.stereo[0][0] = true;
    shape.stereo[2][1] = false;
    shape.speakers = 2;
    shape.talkback = true;
    return shape;
}
constexpr std::size_t kTalkback = 4;  // the input
constexpr std::size_t kFrames = 9600;

// Every path of the desk carries something.
void connect(Rig& rig) {
    rig.set("/ch/1/to", "sub/1");
    rig.set("/ch/2/to", "sub/2");
    rig.set("/ch/2/pan", "0.4");
    rig.set("/ch/1/send/aux/1/level", "-3 dB");
    rig.set("/ch/3/send/aux/2/level", "-6 dB");
    rig.set("/ch/2/send/fx/1/level", "-6 dB");
    rig.set("/fx/1/type", "room");
    rig.set("/main/send/mtx/1/level", "-2 dB");
    rig.set("/sub/1/send/mtx/1/level", "-9 dB");
    rig.set("/aux/1/limiter/on", "on");
    rig.set("/main/limiter/on", "on");
    rig.set("/sub/2/limiter/on", "on");
}

Channels play(const Settings& settings, const Channels& in, std::size_t block = 64) {
    Rig rig(small_desk());
    connect(rig);
    for (const auto& [address, text] : settings) rig.set(address, text);
    return rig.render(in, block);
}

Channels music() {
    Channels in = noises(5, kFrames, -20.0);
    in[kTalkback].assign(kFrames, 0.0f);
    return in;
}

// Outputs: main 0 1, aux/1 2 3, aux/2 4, mtx/1 5 6, loudspeakers 7 8 and 9 10.
constexpr std::size_t kMonitor = 7, kSecondPair = 9;

bool same(const Samples& a, const Samples& b) {
    return test::largest_difference(a, b) == 0.0f;
}

double settled(const Samples& x) {
    return dB(rms(x, kFrames / 2));
}

double peak(const Samples& x) {
    double largest = 0.0;
    for (std::size_t n = kFrames / 2; n < x.size(); ++n)
        largest = std::max(largest, static_cast<double>(std::fabs(x[n])));
    return largest;
}

TEST_CASE("listening: nothing that is done there changes a bit of another output") {
    const Channels in = music(), reference = play({}, in);
    const param::Layout layout(small_desk());
    std::size_t rows = 0;
    for (param::Slot slot = 0; slot < layout.size(); ++slot) {
        const Row& row = layout.row(slot);
        const std::string_view at = row.address;
        if (at != "solo" && at != "solo_safe" && at != "/dca/#/solo" && at != "/talkback/dim" &&
            !at.starts_with("/monitor/") && !at.starts_with("/solo/") &&
            !at.starts_with("/speakers/"))
            continue;
        ++rows;
        for (const char* solo : {"off", "on"}) {
            Rig rig(small_desk());
            connect(rig);
            rig.set("/ch/3/solo", solo);
            rig.set("/ch/2/dca", "1");
            Channels out(rig.geometry().outputs.size(), Samples(kFrames));
            std::size_t moment = 0;
            for (const float share : {0.0f, 1.0f, 0.4f, 0.7f}) {
                float value = row.low + share * (layout.high(slot) - row.low);
                if (at == "/solo/mode") value = std::min(value, 1.0f);  // in place is about main
                rig.set(slot, value);
                rig.send();
                rig.process(in, out, moment, kFrames / 4);
                moment += kFrames / 4;
            }
            CAPTURE(layout.address(slot));
            for (std::size_t o = 0; o < kMonitor; ++o) CHECK(same(out[o], reference[o]));
        }
    }
    CHECK(rows > 25);
}

TEST_CASE("listening: a source is heard as it leaves the desk") {
    const Channels in = music();
    const auto heard = [&](const char* source) { return play({{"/monitor/source", source}}, in); };
    for (const auto& [name, output] :
         {std::pair{"main", 0u}, std::pair{"aux/1", 2u}, std::pair{"mtx/1", 5u}}) {
        const std::string source = name;  // clang 14 captures no structured binding
        const Channels out = heard(source.c_str());
        CAPTURE(source);
        CHECK(rms(out[output], 0) > 0.01);
        CHECK(same(out[kMonitor], out[output]));
        CHECK(same(out[kMonitor + 1], out[output + 1]));
    }
    const Channels mono = heard("aux/2");
    CHECK(settled(mono[kMonitor]) == doctest::Approx(settled(mono[4]) - 3.0103).epsilon(1e-4));
    CHECK(same(mono[kMonitor], mono[kMonitor + 1]));
    // Subgroup 1 has the first channel alone, and nothing on it is on.
    const Channels group = heard("sub/1");
    CHECK(same(group[kMonitor], in[0]));
    CHECK(same(group[kMonitor + 1], in[1]));
}

TEST_CASE("listening: level, dim, trims, loudspeakers") {
    const Channels in = music();
    const Channels plain = play({}, in);
    const auto change = [&](const Settings& settings, std::size_t output) {
        return settled(play(settings, in)[output]) - settled(plain[kMonitor]);
    };
    const auto dB_ = [](double value) { return doctest::Approx(value).epsilon(1e-3); };
    CHECK(rms(plain[kSecondPair], 0) == 0.0);
    CHECK(change({{"/monitor/level", "-6 dB"}}, kMonitor) == dB_(-6.0));
    CHECK(change({{"/monitor/dim", "on"}}, kMonitor) == dB_(-20.0));
    CHECK(change({{"/monitor/dim", "on"}, {"/monitor/dim_level", "-12 dB"}}, kMonitor) ==
          dB_(-12.0));
    CHECK(change({{"/talkback/on", "on"}}, kMonitor) == dB_(-20.0));
    CHECK(std::fabs(change({{"/talkback/on", "on"}, {"/talkback/dim", "off"}}, kMonitor)) < 1e-9);
    CHECK(change({{"/speakers/1/trim", "-4 dB"}, {"/monitor/level", "-6 dB"}}, kMonitor) ==
          dB_(-10.0));
    CHECK(std::fabs(change({{"/speakers/2/trim", "-4 dB"}}, kMonitor)) < 1e-9);
    CHECK(change({{"/monitor/speakers", "2"}, {"/speakers/2/trim", "-4 dB"}}, kSecondPair) ==
          dB_(-4.0));
    CHECK(rms(play({{"/monitor/speakers", "2"}}, in)[kMonitor], 0) == 0.0);
}

TEST_CASE("listening: the checks are on the monitor bus, what is soloed included") {
    const Channels in = music();
    const Channels plain = play({{"/ch/1/solo", "on"}}, in);
    const Channels side = play({{"/ch/1/solo", "on"}, {"/monitor/check", "side"}}, in);
    const Channels mono = play({{"/ch/1/solo", "on"}, {"/monitor/mono", "on"}}, in);
    for (std::size_t n = 0; n < kFrames; ++n) {
        const float l = plain[kMonitor][n], r = plain[kMonitor + 1][n];
        REQUIRE(side[kMonitor][n] == 0.5f * (l - r));
        REQUIRE(mono[kMonitor][n] == doctest::Approx(0.5f * (l + r)).epsilon(1e-5));
    }
    const Channels phone = play({{"/monitor/check", "band_limited"}}, in);
    // White noise within 3100 of 24000 Hz.
    CHECK(settled(phone[kMonitor]) - settled(play({}, in)[kMonitor]) ==
          doctest::Approx(10.0 * std::log10(3100.0 / 24000.0)).epsilon(0.06));
}

TEST_CASE("listening: the level of what is soloed") {
    const Channels in = music();
    const double loud = settled(play({{"/ch/1/solo", "on"}}, in)[kMonitor]);
    const Settings down = {{"/ch/1/solo", "on"}, {"/solo/level", "-12 dB"}};
    CHECK(settled(play(down, in)[kMonitor]) - loud == doctest::Approx(-12.0).epsilon(1e-3));
    CHECK(same(play({{"/solo/level", "-12 dB"}}, in)[kMonitor], play({}, in)[kMonitor]));
}

TEST_CASE(
    "talkback: heard in the buses that are chosen, at any fader and muted, and nowhere else") {
    Channels in = music();
    const Channels without = play({}, in);
    in[kTalkback] = test::sine(440.0, -20.0, kFrames);
    CHECK(same(play({{"/talkback/on", "on"}}, in)[2], without[2]));  // no bus is chosen
    const Settings closed = {{"/aux/1/talkback", "on"}};
    CHECK(same(play(closed, in)[2], without[2]));  // not on
    const Settings open = {{"/talkback/on", "on"},      {"/talkback/level", "5 dB"},
                           {"/aux/1/talkback", "on"},   {"/aux/1/fader", "-inf dB"},
                           {"/aux/2/talkback", "on"},   {"/aux/2/mute", "on"},
                           {"/aux/1/limiter/on", "off"}};
    const Channels out = play(open, in);
    for (const std::size_t o : {2u, 3u, 4u})
        CHECK(settled(out[o]) == doctest::Approx(-20.0 - 3.0103 + 5.0).epsilon(1e-4));
    for (const std::size_t o : {0u, 1u, 5u, 6u}) CHECK(same(out[o], without[o]));
}

TEST_CASE("talkback: stands before the limiter, and what is no sound stays out") {
    Channels in = music();
    in[kTalkback] = test::sine(440.0, 0.0, kFrames);
    const Settings loud = {{"/talkback/on", "on"},    {"/talkback/level", "10 dB"},
                           {"/aux/1/talkback", "on"}, {"/aux/1/limiter/ceiling", "-9 dB"},
                           {"/sub/1/talkback", "on"}, {"/main/talkback", "on"}};
    CHECK(peak(play(loud, in)[2]) <= std::pow(10.0, -9.0 / 20.0));
    for (std::size_t n = 0; n < kFrames; n += 7)
        in[kTalkback][n] = n % 2 == 0 ? std::nanf("") : std::numeric_limits<float>::infinity();
    for (const Samples& x : play(loud, in))
        for (const float v : x) REQUIRE(std::isfinite(v));
}

TEST_CASE("oscillator: its level at an output is exact, whatever fader and master chain do") {
    const Channels in(5, Samples(kFrames, 0.0f));
    const auto level = [&](const char* type, const std::string& bus, std::size_t output) {
        return play({{"/oscillator/on", "on"},
                     {"/oscillator/type", type},
                     {"/oscillator/level", "-18 dB"},
                     {bus + "/oscillator", "on"},
                     {bus + "/fader", "-30 dB"},
                     {"/main/master/eq/on", "on"},
                     {"/main/master/eq/2/gain", "12 dB"},
                     {"/main/limiter/on", "off"}},
                    in)[output];
    };
    for (const auto& [name, output] :
         {std::pair{"/main", 1u}, {"/aux/1", 2u}, {"/aux/2", 4u}, {"/mtx/1", 6u}}) {
        const std::string bus = name;
        CAPTURE(bus);
        CHECK(dB(peak(level("sine", bus, output))) == doctest::Approx(-18.0).epsilon(1e-4));
        CHECK(std::fabs(settled(level("white", bus, output)) + 18.0) < 0.2);
    }
    // Through a subgroup at any fader to main.
    CHECK(settled(level("sine", "/sub/1", 0)) > -60.0);
    const Settings none = {{"/oscillator/on", "on"}};
    for (const Samples& x : play(none, in)) CHECK(rms(x, 0) == 0.0);
}

TEST_CASE("oscillator: wakes a subgroup that sleeps, and a sweep begins when it is switched on") {
    Rig rig(small_desk());
    rig.set("/sub/1/oscillator", "on");
    rig.set("/oscillator/type", "sweep");
    constexpr std::size_t kLong = 96000;
    const Channels in(5, Samples(kLong, 0.0f));
    Channels out(rig.geometry().outputs.size(), Samples(kLong));
    rig.process(in, out, 0, 48000);
    rig.set("/oscillator/on", "on");
    rig.send();
    rig.process(in, out, 48000, 24000);
    rig.set("/oscillator/on", "off");
    rig.send();
    rig.process(in, out, 72000, 24000);
    CHECK(rms(Samples(out[0].begin(), out[0].begin() + 48000), 0) == 0.0);
    // 20 Hz and a bit: up and down within the first 25 ms, so four changes of sign in 100 ms.
    std::size_t signs = 0;
    for (std::size_t n = 48001; n < 52800; ++n)
        signs += (out[0][n] > 0.0f) != (out[0][n - 1] > 0.0f);
    CHECK(signs >= 4);
    CHECK(signs <= 6);
    CHECK(rms(Samples(out[0].begin() + 48480, out[0].begin() + 72000), 0) ==
          doctest::Approx(0.1 * std::sqrt(0.5)).epsilon(0.03));
    CHECK(rms(Samples(out[0].begin() + 73000, out[0].end()), 0) == 0.0);
}

TEST_CASE("listening: the samples do not depend on block size or number of threads") {
    const auto render = [](std::size_t block, std::size_t threads) {
        engine::EngineConfig config;
        config.threads = threads;
        Rig rig(small_desk(), config);
        connect(rig);
        const param::Layout& layout = rig.layout();
        std::mt19937 random(11);
        std::uniform_real_distribution<float> any(0.0f, 1.0f);
        for (std::uint64_t moment = 0; moment < 8; ++moment) {
            for (param::Slot slot = 0; slot < layout.size(); ++slot) {
                const Row& row = layout.row(slot);
                const bool ours = row.address.starts_with("/") || row.address == "talkback" ||
                                  row.address == "oscillator" || row.address.starts_with("solo") ||
                                  row.address == "dca" || row.address == "mutegroup";
                if (!ours || row.type == param::Type::text) continue;
                float value = row.low + any(random) * (layout.high(slot) - row.low);
                if (row.type == param::Type::number) value = param::from_knob(row, any(random));
                if (row.address == "/monitor/level") value = 0.0f;
                if (rig.resolver().check(slot, layout.clamp(slot, value))) rig.set(slot, value);
            }
            rig.send_at(1100 * moment);
        }
        Channels in = noises(5, kFrames, -20.0);
        return rig.render(in, block);
    };
    const Channels reference = render(kFrames, 1);
    CHECK(rms(reference[kMonitor], 0) + rms(reference[kSecondPair], 0) > 1e-4);
    for (const auto& cut :
         {std::pair<std::size_t, std::size_t>{1, 1}, {37, 2}, {64, 4}, {441, 2}}) {
        const Channels other = render(cut.first, cut.second);
        for (std::size_t o = 0; o < reference.size(); ++o) CHECK(same(other[o], reference[o]));
    }
}

}  // namespace listening_test
