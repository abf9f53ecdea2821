// Automix on a desk: the members of a group have the gain of one open microphone, whoever speaks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

using namespace mixrig;
using param::DeskShape;
using param::Kind;
using test::Channels;
using test::Rig;
using test::Samples;

namespace automix_test {

constexpr std::size_t kSecond = 48000;

// Channels 1 to `members` of `channels` share in group a.
void share(Rig& rig, std::size_t members) {
    for (std::size_t m = 1; m <= members; ++m)
        rig.set("/ch/" + std::to_string(m) + "/automix/group", "a");
    rig.set("/automix/1/on", "on");
}

double level(const Samples& x, std::size_t begin, std::size_t end) {
    return test::dB(test::rms(Samples(x.begin() + static_cast<std::ptrdiff_t>(begin),
                                      x.begin() + static_cast<std::ptrdiff_t>(end)),
                              0));
}

Samples main_of(Rig& rig, const Channels& in, std::size_t block = 64) {
    return rig.render(in, block)[rig.output(Kind::main, 0)];
}

// What one open microphone makes of this signal on the main bus.
Samples one_open(const Samples& x) {
    Rig rig(DeskShape::of(1, 0, 0, 0, 0));
    return main_of(rig, {x});
}

// Talkers take turns of half a second; everybody's microphone hears the room all the time, each at
// its own place.
Channels turns(std::size_t count, std::size_t frames) {
    Channels in;
    for (std::size_t c = 0; c < count; ++c) {
        in.push_back(test::noise(static_cast<std::uint32_t>(100 + c), -70.0, frames));
        const Samples voice = test::noise(static_cast<std::uint32_t>(200 + c), -20.0, frames);
        for (std::size_t n = 0; n < frames; ++n)
            if ((n / (kSecond / 2)) % count == c) in[c][n] += voice[n];
    }
    return in;
}

TEST_CASE("automix: whoever speaks has the gain of one open microphone") {
    for (const std::size_t count : {2u, 4u, 16u, 40u}) {
        CAPTURE(count);
        const std::size_t frames = std::min<std::size_t>(count, 6) * kSecond / 2;
        const Channels in = turns(count, frames);
        Rig rig(DeskShape::of(count, 0, 0, 0, 0));
        share(rig, count);
        const Samples out = main_of(rig, in);
        for (std::size_t turn = 0; turn < frames / (kSecond / 2); ++turn) {
            const std::size_t begin = turn * kSecond / 2, end = begin + kSecond / 2;
            const Samples alone = one_open(in[turn]);
            // At first two microphones share: the level of the last talker falls by 4.3 dB in
            // 100 ms, so the new one begins 3 dB down and has the rise of 10 ms besides.
            CAPTURE(turn);
            CHECK(std::fabs(level(out, begin + kSecond / 5, end) -
                            level(alone, begin + kSecond / 5, end)) < 0.5);
            if (turn > 0)
                CHECK(level(out, begin, begin + kSecond / 20) -
                          level(alone, begin, begin + kSecond / 20) >
                      -3.3);
        }
    }
}

TEST_CASE("automix: all together have the gain of one, alike or not") {
    for (const std::size_t count : {2u, 4u, 16u, 40u}) {
        CAPTURE(count);
        for (const bool alike : {true, false}) {
            CAPTURE(alike);
            Channels in;
            for (std::size_t c = 0; c < count; ++c)
                in.push_back(
                    test::noise(static_cast<std::uint32_t>(alike ? 9 : 9 + c), -20.0, kSecond));
            Rig rig(DeskShape::of(count, 0, 0, 0, 0));
            share(rig, count);
            const Samples out = main_of(rig, in), alone = one_open(in[0]);
            CHECK(std::fabs(level(out, kSecond / 4, kSecond) - level(alone, kSecond / 4, kSecond)) <
                  0.5);
        }
    }
}

TEST_CASE("automix: where nobody speaks the gain is shared equally") {
    // Noise of the same level in all microphones adds up to the noise of one.
    for (const std::size_t count : {2u, 4u, 16u}) {
        CAPTURE(count);
        Rig rig(DeskShape::of(count, 0, 0, 0, 0));
        share(rig, count);
        const Channels in = [&] {
            Channels all;
            for (std::size_t c = 0; c < count; ++c)
                all.push_back(test::noise(static_cast<std::uint32_t>(c + 1), -80.0, kSecond / 2));
            return all;
        }();
        const Samples out = main_of(rig, in), alone = one_open(in[0]);
        CHECK(std::fabs(level(out, 2400, kSecond / 2) - level(alone, 2400, kSecond / 2)) < 0.5);
    }
    // And where nothing comes in at all, one voice begins at its share, not at full gain.
    Rig rig(DeskShape::of(4, 0, 0, 0, 0));
    share(rig, 4);
    Channels in(4, Samples(4800));
    in[0][64 * 32] = 1e-6f;
    const Samples out = main_of(rig, in);
    CHECK(
        test::dB(static_cast<double>(out[64 * 32] / (1e-6f * std::numbers::sqrt2_v<float> / 2))) ==
        doctest::Approx(-6.02).epsilon(0.01));
}

TEST_CASE("automix: a first syllable has its gain within ten milliseconds") {
    Rig rig(DeskShape::of(4, 0, 0, 0, 0));
    share(rig, 4);
    Channels in;
    for (std::size_t c = 0; c < 4; ++c)
        in.push_back(test::noise(static_cast<std::uint32_t>(c + 1), -60.0, kSecond / 4));
    const Samples tone = test::sine(997.0, -12.0, kSecond / 4);
    for (std::size_t n = 4800; n < tone.size(); ++n) in[2][n] += tone[n];
    const Samples out = main_of(rig, in), alone = one_open(in[2]);
    CHECK(std::fabs(level(out, 4800 + 480, 4800 + 960) - level(alone, 4800 + 480, 4800 + 960)) <
          0.5);
}

TEST_CASE("automix: weights decide between equals") {
    Rig rig(DeskShape::of(2, 0, 0, 0, 0));
    share(rig, 2);
    rig.set("/ch/1/automix/weight", "10 dB");
    rig.set("/ch/2/to", "none");
    const Channels in = {test::noise(1, -20.0, kSecond), test::noise(2, -20.0, kSecond)};
    const Samples heavy = main_of(rig, in), alone = one_open(in[0]);
    // 10/11 of the power.
    CHECK(level(heavy, kSecond / 4, kSecond) - level(alone, kSecond / 4, kSecond) ==
          doctest::Approx(-0.41).epsilon(0.2));
    Rig other(DeskShape::of(2, 0, 0, 0, 0));
    share(other, 2);
    other.set("/ch/1/automix/weight", "10 dB");
    other.set("/ch/1/to", "none");
    CHECK(level(main_of(other, in), kSecond / 4, kSecond) - level(alone, kSecond / 4, kSecond) ==
          doctest::Approx(-10.41).epsilon(0.03));
}

TEST_CASE("automix: who is muted, or has the fader down, takes no share") {
    for (const auto& one : {std::pair<std::string, std::string>{"/ch/2/mute", "on"},
                            {"/ch/2/fader", "-inf dB"},
                            {"/ch/2/automix/group", "none"}}) {
        const std::string row = one.first, value = one.second;  // clang 14 captures no bindings
        CAPTURE(row);
        Rig rig(DeskShape::of(2, 0, 0, 0, 0));
        share(rig, 2);
        rig.set(row, value);
        rig.set("/ch/2/to", "none");
        const Channels in = {test::noise(1, -40.0, kSecond / 2),
                             test::noise(2, -10.0, kSecond / 2)};
        CHECK(std::fabs(level(main_of(rig, in), 2400, kSecond / 2) -
                        level(one_open(in[0]), 2400, kSecond / 2)) < 0.01);
    }
}

TEST_CASE("automix: two groups know nothing of each other") {
    Rig rig(DeskShape::of(2, 0, 0, 0, 0));
    rig.set("/ch/1/automix/group", "a");
    rig.set("/ch/2/automix/group", "b");
    rig.set("/automix/1/on", "on");
    rig.set("/automix/2/on", "on");
    rig.set("/ch/2/to", "none");
    const Channels in = {test::noise(1, -40.0, 9600), test::noise(2, -10.0, 9600)};
    CHECK(test::largest_difference(main_of(rig, in), one_open(in[0])) < 1e-7f);
}

TEST_CASE("automix: sends taken before the fader are left alone, those behind it are not") {
    const Channels in = {test::noise(1, -20.0, kSecond / 2), test::noise(2, -20.0, kSecond / 2)};
    const auto aux = [&](const std::string& tap, bool on) {
        Rig rig(DeskShape::of(2, 0, 1, 0, 0));
        if (on) share(rig, 2);
        rig.set("/ch/1/send/aux/1/level", "0 dB");
        rig.set("/ch/1/send/aux/1/tap", tap);
        return rig.render(in, 64)[rig.output(Kind::aux, 0)];
    };
    CHECK(test::largest_difference(aux("pre", true), aux("pre", false)) == 0.0f);
    CHECK(test::largest_difference(aux("input", true), aux("input", false)) == 0.0f);
    CHECK(level(aux("post", true), kSecond / 4, kSecond / 2) -
              level(aux("post", false), kSecond / 4, kSecond / 2) ==
          doctest::Approx(-3.01).epsilon(0.05));
}

TEST_CASE("automix: off again, every bit is as it was") {
    const Channels in = {test::noise(1, -20.0, kSecond / 2), test::noise(2, -20.0, kSecond / 2)};
    Rig rig(DeskShape::of(2, 0, 0, 0, 0)), plain(DeskShape::of(2, 0, 0, 0, 0));
    share(rig, 2);
    Channels out(rig.geometry().outputs.size(), Samples(kSecond / 2));
    rig.process(in, out, 0, 9600);
    rig.set("/automix/1/on", "off");
    rig.send();
    rig.process(in, out, 9600, kSecond / 2 - 9600);
    const Channels should = plain.render(in, 64);
    const std::size_t end = 9600 + 4800;  // 100 ms
    const auto tail = [&](const Samples& x) { return Samples(x.begin() + end, x.end()); };
    CHECK(test::largest_difference(tail(out[0]), tail(should[0])) == 0.0f);
}

TEST_CASE("automix: the samples do not depend on blocks and threads") {
    const auto play = [](std::size_t block, std::size_t threads) {
        DeskShape shape = DeskShape::of(36, 1, 1, 1, 0);
        for (std::size_t c = 30; c < 36; ++c) shape.stereo[0][c] = true;
        Rig rig(shape, {.threads = threads});
        share(rig, 36);
        rig.set("/ch/7/send/aux/1/level", "0 dB");
        rig.set("/ch/7/send/aux/1/tap", "post");
        for (std::size_t c = 20; c <= 34; ++c)
            rig.set("/ch/" + std::to_string(c) + "/automix/group", "b");
        Channels in = turns(42, kSecond);
        // Some banks are silent for a while and sleep.
        for (std::size_t c = 0; c < 16; ++c) std::fill_n(in[c].begin() + 6000, 26001, 0.0f);
        rig.process(in, *std::make_unique<Channels>(rig.geometry().outputs.size(), Samples(64)), 0,
                    0);
        for (std::uint64_t frame = 3200; frame < kSecond; frame += 3200) {
            rig.set("/automix/2/on", frame % 6400 == 0 ? "on" : "off");
            rig.set("/ch/3/automix/weight", frame % 6400 == 0 ? "-9 dB" : "9 dB");
            rig.set("/ch/33/automix/group", frame % 9600 == 0 ? "b" : "a");
            rig.send_at(frame);
        }
        return rig.render(in, block);
    };
    const Channels should = play(64, 1);
    for (const auto& way :
         {std::pair<std::size_t, std::size_t>{16, 1}, {37, 1}, {441, 2}, {1024, 4}}) {
        const std::size_t block = way.first, threads = way.second;
        CAPTURE(block);
        const Channels is = play(block, threads);
        for (std::size_t o = 0; o < should.size(); ++o)
            CHECK(test::largest_difference(is[o], should[o]) == 0.0f);
    }
}

TEST_CASE("automix: the meter reads how far a channel is turned down") {
    Rig rig(DeskShape::of(4, 0, 0, 0, 0));
    share(rig, 4);
    const Channels in(4, test::noise(1, -20.0, 9600));
    Channels out(rig.geometry().outputs.size(), Samples(9600));
    std::vector<float> gains;
    for (std::size_t begin = 0; begin < 9600; begin += 960) {
        std::vector<const float*> ins;
        std::vector<float*> outs;
        for (const Samples& x : in) ins.push_back(x.data() + begin);
        for (Samples& x : out) outs.push_back(x.data() + begin);
        if (begin == 0) rig.process(in, out, 0, 0);
        rig.engine().process(ins.data(), outs.data(), 960);
        link::MeterFrame* frame = nullptr;
        while (rig.link().meters.try_pop(frame)) {
            gains.push_back(frame->strips[2].automix);
            (void)rig.link().free_meters.try_push(frame);
        }
    }
    REQUIRE_FALSE(gains.empty());
    // One signal in four microphones: a quarter of the amplitude each.
    CHECK(test::dB(static_cast<double>(gains.back())) == doctest::Approx(-12.04).epsilon(0.02));
}

}  // namespace automix_test
