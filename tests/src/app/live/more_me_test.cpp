// "More me": the balance of a monitor mix moves, its loudness does not.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/more_me.h"

#include "src/monitor/loudness.h"
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <string>

using namespace mixrig;
using param::DeskShape;
using param::Kind;
using test::Channels;
using test::Rig;
using test::Samples;

namespace more_me_test {

constexpr std::size_t kRate = 48000;

// Noise that falls by 3 dB an octave more or less (three poles and zeros), through one more
// low-pass or high-pass, so that no two channels are alike.
Samples coloured(std::uint32_t seed, double level_dB, double tilt, std::size_t frames) {
    Samples x = test::noise(seed, 0.0, frames);
    double a = 0.0, b = 0.0, c = 0.0, last = 0.0;
    for (float& sample : x) {
        const auto white = static_cast<double>(sample);
        a = 0.99765 * a + white * 0.0990460;
        b = 0.96300 * b + white * 0.2965164;
        c = 0.57000 * c + white * 1.0526913;
        const double pink = a + b + c + white * 0.1848;
        last += 0.3 * (pink - last);
        sample =
            static_cast<float>(tilt > 0.0 ? pink - tilt * last : pink * (1.0 + tilt) - tilt * last);
    }
    const double scale = std::pow(10.0, level_dB / 20.0) / test::rms(x, 0);
    for (float& sample : x) sample *= static_cast<float>(scale);
    return x;
}

struct Session {
    explicit Session(const DeskShape& shape)
        : rig(shape), meters({48000.0}, [&] {
              std::vector<bool> stereo;
              for (const engine::StripPlace& place : rig.geometry().strips)
                  stereo.push_back(place.stereo);
              return stereo;
          }()) {}

    // The mix of the first aux; the meters follow as the monitor thread would.
    Channels play(const Channels& in, std::size_t begin, std::size_t frames) {
        Channels out(rig.geometry().outputs.size(), Samples(in[0].size()));
        rig.process(in, out, begin, 0);
        for (std::size_t at = begin; at < begin + frames; at += 480) {
            std::vector<const float*> ins;
            std::vector<float*> outs;
            for (const Samples& x : in) ins.push_back(x.data() + at);
            for (Samples& x : out) outs.push_back(x.data() + at);
            rig.engine().process(ins.data(), outs.data(), 480);
            link::MeterFrame* frame = nullptr;
            while (rig.link().meters.try_pop(frame)) {
                meters.add(*frame);
                (void)rig.link().free_meters.try_push(frame);
            }
        }
        rig.drain();
        const std::size_t o = rig.output(Kind::aux, 0);
        const bool stereo = rig.layout().shape().is_stereo(Kind::aux, 0);
        Channels mix;
        for (std::size_t side = 0; side < (stereo ? 2u : 1u); ++side)
            mix.emplace_back(out[o + side].begin() + static_cast<std::ptrdiff_t>(begin),
                             out[o + side].begin() + static_cast<std::ptrdiff_t>(begin + frames));
        return mix;
    }

    base::Result<app::Rebalanced> ask(std::string_view own, double step) {
        return app::more_me(rig.layout(), rig.resolver().values(), rig.geometry(),
                            meters.loudness(), {.aux = 0, .own = own, .step_dB = step});
    }
    void apply(const app::Rebalanced& mix) {
        for (const app::Move& one : mix.moves) rig.set(one.slot, one.value);
        rig.send();
    }

    Rig rig;
    monitor::Meters meters;
};

double loudness(const Channels& mix) {
    auto meter = monitor::LoudnessMeter::create({.channels = mix.size(), .rate = {48000.0}});
    std::vector<const float*> planar;
    for (const Samples& side : mix) planar.push_back(side.data());
    meter->add(planar.data(), mix[0].size());
    return meter->integrated();
}

// Four mono channels of different colour and level, one stereo one whose sides are related, a
// subgroup of two of them, by all three taps; filters and faders are not where they were.
void set_up(Rig& rig, std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto dB = [&](double low, double high) {
        return std::to_string(std::uniform_real_distribution<double>(low, high)(random)) + " dB";
    };
    const std::array taps = {"input", "pre", "post"};
    for (std::size_t c = 1; c <= 5; ++c) {
        const std::string strip = "/ch/" + std::to_string(c);
        rig.set(strip + "/send/aux/1/level", dB(-25.0, -6.0));
        rig.set(strip + "/send/aux/1/tap", taps[random() % 3]);
        rig.set(strip + "/send/aux/1/pan", std::to_string(0.4 * static_cast<double>(c) - 1.2));
        rig.set(strip + "/fader", dB(-10.0, 3.0));
        rig.set(strip + "/eq/on", "on");
        rig.set(strip + "/eq/4/gain", dB(-12.0, 12.0));
    }
    rig.set("/ch/4/to", "sub/1");
    rig.set("/sub/1/send/aux/1/level", "-20 dB");
    rig.set("/ch/4/send/aux/1/level", "-inf dB");
    rig.set("/ch/4/mute", "off");
}

Channels band(std::uint32_t seed, std::size_t frames) {
    Channels in;
    const std::array tilts = {0.0, 0.9, -0.9, 0.5, -0.5};
    for (std::size_t c = 0; c < 5; ++c)
        in.push_back(coloured(seed + static_cast<std::uint32_t>(c),
                              -18.0 - 4.0 * static_cast<double>(c), tilts[c], frames));
    // The right side of the fifth: half of it as the left.
    Samples right = coloured(seed + 9, -34.0, 0.0, frames);
    for (std::size_t n = 0; n < frames; ++n) right[n] = 0.7f * right[n] + 0.7f * in[4][n];
    in.push_back(right);
    return in;
}

TEST_CASE("more me: the mix stays as loud within 0.2 LU, and the balance moves by the step") {
    double worst = 0.0;
    for (const bool stereo_mix : {true, false})
        for (std::uint32_t seed = 1; seed <= 4; ++seed) {
            CAPTURE(stereo_mix);
            CAPTURE(seed);
            DeskShape shape = DeskShape::of(5, 1, 1, 0, 0);
            shape.stereo[0][4] = true;
            shape.stereo[2][0] = stereo_mix;
            Session session(shape);
            set_up(session.rig, seed);
            const std::size_t part = 5 * kRate;
            const Channels in = band(100 * seed, 2 * part);
            const double before = loudness(session.play(in, 0, part));
            const double step = seed % 2 ? 6.0 : -4.5;
            const auto mix = session.ask(seed % 2 ? "ch/3 ch/5" : "/ch/1", step);
            REQUIRE(mix);
            CHECK(mix->own_dB - mix->others_dB == doctest::Approx(step));
            session.apply(*mix);
            const double after = loudness(session.play(in, part, part));
            worst = std::max(worst, std::fabs(after - before));
            CHECK(std::fabs(after - before) < 0.2);
        }
    MESSAGE("most: " << worst << " LU");
}

TEST_CASE("more me: own strips rise by the step against every other") {
    Session session(DeskShape::of(3, 0, 1, 0, 0));
    for (const std::string c : {"1", "2", "3"})
        session.rig.set("/ch/" + c + "/send/aux/1/level", "-10 dB");
    Channels in;
    for (std::uint32_t c = 0; c < 3; ++c) in.push_back(coloured(c + 1, -20.0, 0.0, 2 * kRate));
    (void)session.play(in, 0, 2 * kRate);
    const auto mix = session.ask("ch/2", 3.0);
    REQUIRE(mix);
    REQUIRE(mix->moves.size() == 3);
    CHECK(mix->moves[1].value - mix->moves[0].value == doctest::Approx(3.0).epsilon(0.005));
    CHECK(mix->moves[2].value == mix->moves[0].value);
    // Three of the same loudness: b^2 = 3 / (10^0.3 + 2).
    CHECK(mix->others_dB ==
          doctest::Approx(10.0 * std::log10(3.0 / (std::pow(10.0, 0.3) + 2.0))).epsilon(0.1));
    // More, then less: back to where it was.
    session.apply(*mix);
    (void)session.play(in, 0, 2 * kRate);
    const auto back = session.ask("ch/2", -3.0);
    REQUIRE(back);
    for (const app::Move& one : back->moves)
        CHECK(one.value == doctest::Approx(-10.0).epsilon(0.01));
}

TEST_CASE("more me: who is silent rises by the whole step, and silence shares it") {
    Session session(DeskShape::of(2, 0, 1, 0, 0));
    session.rig.set("/ch/1/send/aux/1/level", "-10 dB");
    session.rig.set("/ch/2/send/aux/1/level", "-10 dB");
    Channels in = {Samples(kRate), Samples(kRate)};
    (void)session.play(in, 0, kRate);
    CHECK(session.ask("ch/1", 2.0)->own_dB == doctest::Approx(1.0));
    in[1] = coloured(1, -20.0, 0.0, kRate);
    (void)session.play(in, 0, kRate);
    CHECK(session.ask("ch/1", 2.0)->own_dB == doctest::Approx(2.0));
    CHECK(session.ask("ch/2", 2.0)->own_dB == doctest::Approx(0.0));
}

TEST_CASE("more me: what cannot be is said, and nothing moves") {
    Session session(DeskShape::of(3, 0, 1, 0, 0));
    session.rig.set("/ch/1/send/aux/1/level", "9.5 dB");
    session.rig.set("/ch/2/send/aux/1/level", "0 dB");
    const auto why = [&](std::string_view own, double step) {
        const auto mix = session.ask(own, step);
        return mix ? std::string("done") : mix.error().text();
    };
    CHECK(why("ch/1", 1.5).find("/ch/1/send/aux/1/level would be 10.25 dB") != std::string::npos);
    CHECK(why("ch/2", 1.5) == "done");
    CHECK(why("ch/3", 1.5).find("not heard") != std::string::npos);
    CHECK(why("ch/9", 1.5).find("no send") != std::string::npos);
    CHECK(why("main", 1.5).find("no send") != std::string::npos);
    CHECK(why(" ,", 1.5).find("names no strip") != std::string::npos);
    CHECK(why("ch/1 ch/2", 1.5).find("nobody else") != std::string::npos);
    CHECK(why("ch/2", 13.0).find("12 dB") != std::string::npos);
    CHECK(why("ch/2", std::nan("")).find("12 dB") != std::string::npos);
}

}  // namespace more_me_test
