// The desk as a function of values and samples.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mixrig;
using param::DeskShape;
using param::Kind;
using test::Channels;
using test::dB;
using test::noises;
using test::Rig;
using test::rms;
using test::Samples;
using test::stereo_channels;

TEST_CASE("engine: a stereo channel at its defaults reaches the main outputs bit for bit") {
    Rig rig(stereo_channels(1));
    const Channels in = noises(2, 4800, -12.0);
    const Channels out = rig.render(in, 128);
    CHECK(test::largest_difference(out[0], in[0]) == 0.0f);
    CHECK(test::largest_difference(out[1], in[1]) == 0.0f);
}

TEST_CASE("engine: a mono channel in the centre is 3.01 dB down on both sides") {
    Rig rig(DeskShape::of(1, 0, 0, 0, 0));
    const Channels in = noises(1, 4800);
    const Channels out = rig.render(in, 64);
    CHECK(dB(rms(out[0], 0) / rms(in[0], 0)) == doctest::Approx(-3.0103).epsilon(1e-4));
    CHECK(test::largest_difference(out[0], out[1]) == 0.0f);
}

TEST_CASE("engine: hard pan leaves nothing on the other side") {
    Rig rig(DeskShape::of(1, 0, 0, 0, 0));
    rig.set("/ch/1/pan", "-1");
    const Channels in = noises(1, 960);
    const Channels out = rig.render(in, 64);
    CHECK(test::largest_difference(out[0], in[0]) == 0.0f);
    CHECK(rms(out[1], 0) == 0.0);
}

TEST_CASE("engine: a DCA moves and mutes its strips, a mute group mutes its own, others stay") {
    const auto level = [](const char* address, const char* value) {
        Rig rig(stereo_channels(1));
        rig.set("/ch/1/fader", "-3 dB");
        rig.set("/ch/1/dca", "2");
        rig.set("/ch/1/mutegroup", "6");
        rig.set(address, value);
        const Channels in = noises(2, 2400);
        return dB(rms(rig.render(in, 64)[0], 0) / rms(in[0], 0));
    };
    CHECK(level("/dca/2/fader", "-10 dB") == doctest::Approx(-13.0).epsilon(1e-3));
    CHECK(level("/dca/1/fader", "-10 dB") == doctest::Approx(-3.0).epsilon(1e-3));
    CHECK(level("/dca/2/mute", "on") < -300.0);
    CHECK(level("/mutegroup/6/on", "on") < -300.0);
    CHECK(level("/mutegroup/1/on", "on") == doctest::Approx(-3.0).epsilon(1e-3));
}

TEST_CASE("engine: a path through two subgroups is exact, and a loop between them is refused") {
    Rig rig(stereo_channels(1));
    rig.set("/ch/1/to", "sub/2");
    rig.set("/sub/2/to", "sub/1");
    const Channels in = noises(2, 4800);
    const Channels out = rig.render(in, 37);
    CHECK(test::largest_difference(out[0], in[0]) == 0.0f);
    CHECK_FALSE(rig.check("/sub/1/to", "sub/2"));
    CHECK_FALSE(rig.check("/sub/1/to", "sub/1"));
    CHECK(rig.check("/sub/1/to", "none"));
}

TEST_CASE("engine: a delay on a subgroup that another one feeds is exact to the frame") {
    Rig rig(stereo_channels(1));
    rig.set("/ch/1/to", "sub/2");
    rig.set("/sub/2/to", "sub/1");
    rig.set("/sub/1/delay", "10 ms");
    rig.set("/sub/2/delay", "5 ms");
    const Channels in = noises(2, 4800);
    const Channels out = rig.render(in, 37);
    constexpr std::size_t kLate = 720;
    CHECK(test::largest_difference(std::span(out[0]).subspan(kLate),
                                   std::span(in[0]).first(4800 - kLate)) == 0.0f);
}

TEST_CASE("engine: an effect return that would feed the subgroup which feeds it is refused") {
    Rig rig(stereo_channels(1));
    rig.set("/sub/1/send/fx/1/level", "0 dB");
    CHECK_FALSE(rig.check("/fx/1/to", "sub/1"));
    CHECK(rig.check("/fx/1/to", "sub/2"));
}

TEST_CASE("engine: turning a chain of subgroups round while it plays makes no step") {
    Rig rig(stereo_channels(1));
    rig.set("/ch/1/to", "sub/1");
    rig.set("/sub/1/to", "sub/2");
    const Samples tone = test::sine(1000.0, -6.0, 48000);
    const Channels in{tone, tone};
    Channels out(rig.geometry().outputs.size(), Samples(48000));
    rig.process(in, out, 0, 9600);
    rig.set("/sub/1/to", "main");
    rig.set("/sub/2/to", "sub/1");
    rig.set("/ch/1/to", "sub/2");
    rig.send();
    rig.process(in, out, 9600, 38400);
    // Neighbouring frames of the tone itself differ by 0.065 at most.
    float largest = 0.0f;
    for (std::size_t i = 1; i < 48000; ++i)
        largest = std::max(largest, std::fabs(out[0][i] - out[0][i - 1]));
    CHECK(largest < 0.075f);
    CHECK(test::largest_difference(std::span(out[0]).subspan(24000),
                                   std::span(tone).subspan(24000)) == 0.0f);
}

TEST_CASE("engine: sends are taken where their tap says") {
    DeskShape shape = DeskShape::of(1, 0, 1, 0, 0);
    shape.stereo[2][0] = false;
    for (const auto& send :
         {std::pair{"input", 6.0}, {"pre", 6.0 - 12.0}, {"post", 6.0 - 12.0 - 20.0}}) {
        const auto* const tap = send.first;  // clang 14 captures no structured binding
        const double expected = send.second;
        Rig rig(shape);
        rig.set("/ch/1/trim", "6 dB");
        rig.set("/ch/1/comp/1/on", "on");
        rig.set("/ch/1/comp/1/threshold", "0 dB");
        rig.set("/ch/1/comp/1/makeup", "-12 dB");
        rig.set("/ch/1/fader", "-20 dB");
        rig.set("/ch/1/send/aux/1/level", "0 dB");
        rig.set("/ch/1/send/aux/1/tap", tap);
        const Channels in = noises(1, 9600, -40.0);
        const Channels out = rig.render(in, 64);
        CAPTURE(tap);
        CHECK(dB(rms(out[rig.output(Kind::aux, 0)], 0) / rms(in[0], 0)) ==
              doctest::Approx(expected).epsilon(1e-3));
    }
}

TEST_CASE("engine: matrices hear main, subgroups and monitor mixes") {
    Rig rig(stereo_channels(1));
    rig.set("/ch/1/to", "sub/1");
    rig.set("/ch/1/send/aux/1/level", "0 dB");
    for (const char* source :
         {"/main/send/mtx/1/level", "/sub/1/send/mtx/1/level", "/aux/1/send/mtx/1/level"})
        rig.set(source, "0 dB");
    const Channels in = noises(2, 2400, -30.0);
    const Channels out = rig.render(in, 64);
    CHECK(dB(rms(out[rig.output(Kind::mtx, 0)], 0) / rms(in[0], 0)) ==
          doctest::Approx(dB(3.0)).epsilon(1e-4));
}

TEST_CASE(
    "engine: the samples do not depend on block size or number of threads, with everything on and "
    "moving") {
    const auto render = [](std::size_t block, std::size_t threads) {
        DeskShape shape = DeskShape::of(32, 4, 3, 2, 2);
        shape.stereo[0][5] = shape.stereo[0][20] = true;
        shape.stereo[2][1] = false;
        engine::EngineConfig config;
        config.threads = threads;
        Rig rig(shape, config);
        set_everything(rig, 42);
        const Channels in = noises(rig.geometry().inputs, 12000, -18.0);
        for (std::uint32_t k = 0; k < 6; ++k) {
            rig.send_at(1000 + 1777 * k);
            set_everything(rig, 100 + k);
        }
        rig.send_at(11000);
        return rig.render(in, block);
    };
    const Channels reference = render(12000, 1);
    CHECK(rms(reference[0], 0) > 1e-4);
    for (const auto& cut :
         {std::pair<std::size_t, std::size_t>{16, 1}, {37, 2}, {64, 4}, {441, 2}, {1024, 4}}) {
        const std::size_t block = cut.first;
        const std::size_t threads = cut.second;
        CAPTURE(block);
        CAPTURE(threads);
        const Channels other = render(block, threads);
        for (std::size_t o = 0; o < reference.size(); ++o)
            CHECK(test::largest_difference(reference[o], other[o]) == 0.0f);
    }
}

TEST_CASE("engine: a bad channel silences itself, changes no other output, and comes back") {
    const auto render = [](float bad, bool bad_input) {
        Rig rig(DeskShape::of(3, 1, 2, 0, 0));
        rig.set("/ch/1/send/aux/1/level", "0 dB");
        rig.set("/ch/2/send/aux/2/level", "0 dB");
        rig.set("/ch/2/eq/on", "on");
        rig.set("/ch/2/eq/2/gain", "6 dB");
        rig.set("/ch/1/comp/1/on", "on");
        rig.set("/ch/1/to", "sub/1");
        rig.set("/sub/1/to", "none");
        Channels in = noises(3, 24000);
        if (bad_input)
            for (std::size_t i = 4800; i < 4810; ++i) in[0][i] = bad;
        Channels out = rig.render(in, 64);
        return std::pair{out, rig.notices()};
    };
    const auto [clean, none] = render(0.0f, false);
    CHECK(none.empty());
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    for (const float bad : {std::nanf(""), kInfinity, -kInfinity, 1e10f, 1e38f}) {
        CAPTURE(bad);
        const auto [out, notices] = render(bad, true);
        for (const std::size_t o : {0u, 1u, 4u, 5u})
            CHECK(test::largest_difference(out[o], clean[o]) == 0.0f);
        for (const float x : out[2]) REQUIRE(std::isfinite(x));
        REQUIRE(notices.size() == 2);
        CHECK(notices[0].fault == link::Fault::not_finite);
        CHECK(notices[0].strip == 0);
        CHECK(notices[1].fault == link::Fault::recovered);
        // Silent from the next boundary on, and heard again within 100 ms and a glide.
        CHECK(out[2][4840] == 0.0f);
        CHECK(test::largest_difference(std::span(out[2]).subspan(12000),
                                       std::span(clean[2]).subspan(12000)) < 0.05f);
    }
    for (const float odd : {1.0f, 1e-42f}) {  // DC, subnormal: not faults
        const auto [out, notices] = render(odd, true);
        CHECK(notices.empty());
        for (const std::size_t o : {0u, 1u, 4u, 5u})
            CHECK(test::largest_difference(out[o], clean[o]) == 0.0f);
    }
}

TEST_CASE("engine: a channel that stays out of reason stays silent, with any trim") {
    for (const char* trim : {"0 dB", "30 dB", "-30 dB"}) {
        Rig rig(DeskShape::of(1, 0, 0, 0, 0));
        rig.set("/ch/1/trim", trim);
        const Channels in{test::sine(1000.0, 100.0, 96000)};
        const Channels out = rig.render(in, 64);
        CAPTURE(std::string(trim));
        CHECK(rig.notices().size() == 1);
        CHECK(rms(out[0], 64) == 0.0);
    }
}

TEST_CASE(
    "engine: a limiter on a subgroup delays what does not pass it, so that both arrive together") {
    DeskShape shape = DeskShape::of(2, 1, 0, 0, 0);
    shape.stereo[0].assign(2, true);
    Rig rig(shape);
    rig.set("/ch/1/to", "sub/1");
    rig.set("/sub/1/limiter/on", "on");
    rig.set("/ch/2/polarity", "on");
    const Samples a = test::noise(3, -20.0, 9600), b = test::noise(4, -20.0, 9600);
    const Channels in{a, b, a, b};  // the same through the limiter and, turned over, directly
    const Channels out = rig.render(in, 64);
    CHECK(rms(out[0], 0) == 0.0);
    CHECK(rms(out[1], 0) == 0.0);
}

TEST_CASE("engine: switching a limiter on a subgroup while it plays makes no step") {
    DeskShape shape = DeskShape::of(2, 1, 0, 0, 0);
    shape.stereo[0].assign(2, true);
    Rig rig(shape);
    rig.set("/ch/1/to", "sub/1");
    const Samples tone = test::sine(997.0, -12.0, 48000);
    const Channels in{tone, tone, tone, tone};
    Channels out(rig.geometry().outputs.size(), Samples(48000));
    rig.process(in, out, 0, 9600);
    for (std::size_t k = 0; k < 4; ++k) {
        rig.set("/sub/1/limiter/on", k % 2 == 0 ? "on" : "off");
        rig.send();
        rig.process(in, out, 9600 * (k + 1), 9600);
    }
    float largest = 0.0f;
    for (std::size_t i = 1; i < 48000; ++i)
        largest = std::max(largest, std::fabs(out[0][i] - out[0][i - 1]));
    // The tone itself moves by 2 * 0.25 * 2 pi 997 / 48000 = 0.066 a frame.
    CHECK(largest < 0.075f);
}

TEST_CASE("engine: solo listens before or after the fader, or mutes the others on main only") {
    Rig rig(stereo_channels(2));
    rig.set("/ch/1/fader", "-10 dB");
    rig.set("/ch/2/send/aux/1/level", "0 dB");
    const Channels in = noises(4, 9600, -30.0);
    const std::size_t monitor = rig.geometry().outputs.size() - 2;
    const auto level = [&](const char* mode, const char* solo, std::size_t output) {
        Rig other(stereo_channels(2));
        other.set("/ch/1/fader", "-10 dB");
        other.set("/ch/2/send/aux/1/level", "0 dB");
        other.set("/solo/mode", mode);
        other.set("/ch/1/solo", solo);
        return dB(rms(other.render(in, 64)[output], 0) / rms(in[0], 0));
    };
    CHECK(level("pfl", "on", monitor) == doctest::Approx(0.0).epsilon(1e-3));
    CHECK(level("afl", "on", monitor) == doctest::Approx(-10.0).epsilon(1e-3));
    CHECK(level("in_place", "on", 0) == doctest::Approx(-10.0).epsilon(1e-3));
    // Another noise of the same level.
    CHECK(std::fabs(level("in_place", "on", rig.output(Kind::aux, 0))) < 0.3);
    CHECK(level("pfl", "off", monitor) == doctest::Approx(level("pfl", "off", 0)));
}

TEST_CASE(
    "engine: more different delays than can be aligned are refused to groups, rounded for "
    "channels") {
    DeskShape shape = DeskShape::of(6, 5, 0, 0, 0);
    Rig rig(shape);
    for (const auto& [from, to] : {std::pair{"/sub/1/to", "sub/2"},
                                   {"/sub/2/to", "sub/3"},
                                   {"/sub/3/to", "sub/4"},
                                   {"/ch/1/to", "sub/1"},
                                   {"/ch/2/to", "sub/2"},
                                   {"/ch/3/to", "sub/3"},
                                   {"/ch/4/to", "sub/4"},
                                   {"/ch/5/to", "none"},
                                   {"/ch/6/to", "none"}})
        rig.set(from, to);
    for (const char* limiter : {"/sub/1/limiter/on", "/sub/2/limiter/on", "/sub/3/limiter/on"}) {
        CHECK(rig.check(limiter, "on"));
        rig.set(limiter, "on");
    }
    rig.set("/sub/4/limiter/on", "on");
    const Channels in = noises(6, 4800, -30.0);
    Channels out(rig.geometry().outputs.size(), Samples(4800));
    rig.process(in, out, 0, 2400);
    rig.set("/ch/5/to", "main");
    rig.send();
    rig.process(in, out, 2400, 2400);
    CHECK(rms(out[0], 3000) > 0.0);
}

TEST_CASE("engine: after the start outputs rise from silence over the ramp") {
    engine::EngineConfig config;
    config.outputs.ramp = {0.1};
    Rig rig(stereo_channels(1), config);
    const Samples dc(9600, 0.5f);
    const Channels out = rig.render({dc, dc}, 64);
    CHECK(out[0][0] == 0.0f);
    CHECK(out[0][9599] == 0.5f);
    for (std::size_t i = 1; i < 9600; ++i) REQUIRE(out[0][i] >= out[0][i - 1]);
    CHECK(out[0][2400] == doctest::Approx(0.25).epsilon(0.02));
}

TEST_CASE("engine: no output sample is above the safety ceiling, whatever comes") {
    Rig rig(stereo_channels(1));
    rig.set("/ch/1/trim", "30 dB");
    rig.set("/ch/1/fader", "10 dB");
    const Channels in = noises(2, 9600, 0.0);
    for (const Samples& out : rig.render(in, 64))
        for (const float x : out) REQUIRE(std::fabs(x) <= 1.0f);
}
