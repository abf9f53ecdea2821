// Gain freeze: the trim moves by 20 dB and nothing that is heard does.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/gain_freeze.h"

#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace mixrig;
using app::Moves;
using param::DeskShape;
using param::Kind;
using test::Channels;
using test::Rig;
using test::Samples;

namespace gain_freeze_test {

constexpr std::size_t kFrames = 38400;

base::Result<Moves> moves(Rig& rig, std::size_t channel, double dB) {
    return app::freeze_gain(rig.layout(), rig.resolver().values(), channel, dB);
}

// Channel 1 with all that judges levels at work, heard in three monitor mixes by three taps, in the
// main mix and in an effect; channels 2 and 3 and a subgroup are keyed by it.
struct Desk : Rig {
    Desk() : Rig(DeskShape::of(3, 1, 3, 1, 1)) {
        for (const auto& [address, text] :
             {std::pair<std::string, std::string>{"/ch/1/trim", "3.3 dB"},
              {"/ch/1/delay", "4 ms"},
              {"/ch/1/hpf/on", "on"},
              {"/ch/1/gate/on", "on"},
              {"/ch/1/gate/mode", "expander"},
              {"/ch/1/gate/threshold", "-25.7 dB"},
              {"/ch/1/eq/on", "on"},
              {"/ch/1/eq/2/gain", "9 dB"},
              {"/ch/1/comp/1/on", "on"},
              {"/ch/1/comp/1/threshold", "-30 dB"},
              {"/ch/1/comp/1/makeup", "5 dB"},
              {"/ch/1/comp/2/on", "on"},
              {"/ch/1/comp/2/detector", "rms"},
              {"/ch/1/comp/2/threshold", "-24 dB"},
              {"/ch/1/insert", "fx/1"},
              {"/fx/1/type", "saturation"},
              {"/ch/1/send/aux/1/level", "0 dB"},
              {"/ch/1/send/aux/1/tap", "input"},
              {"/ch/1/send/aux/2/level", "-3 dB"},
              {"/ch/1/send/aux/2/tap", "pre"},
              {"/ch/1/send/aux/3/level", "10 dB"},
              {"/ch/1/send/aux/3/tap", "post"},
              {"/main/send/mtx/1/level", "0 dB"},
              {"/ch/2/gate/on", "on"},
              {"/ch/2/gate/threshold", "-28 dB"},
              {"/ch/2/gate/key", "ch/1"},
              {"/ch/3/comp/1/on", "on"},
              {"/ch/3/comp/1/threshold", "-35 dB"},
              {"/ch/3/comp/1/key", "ch/1"},
              {"/ch/3/to", "sub/1"},
              {"/sub/1/comp/2/on", "on"},
              {"/sub/1/comp/2/threshold", "-31 dB"},
              {"/sub/1/comp/2/key", "ch/1"}})
            set(address, text);
    }
};

// Noise that swells and falls, so that gates open and compressors work.
Channels music() {
    Channels in = test::noises(3, kFrames, -15.0);
    for (std::size_t n = 0; n < kFrames; ++n)
        in[0][n] *= static_cast<float>(std::pow(std::sin(static_cast<double>(n) * 6e-4), 2.0));
    return in;
}

Channels play(const std::vector<std::pair<std::uint64_t, double>>& trims) {
    Desk rig;
    const Channels in = music();
    Channels out(rig.geometry().outputs.size(), Samples(kFrames));
    rig.process(in, out, 0, 0);
    for (const auto& [frame, dB] : trims) {
        const auto all = moves(rig, 0, dB);
        REQUIRE(all);
        for (const app::Move& one : *all) rig.set(one.slot, one.value);
        rig.send_at(frame);
    }
    rig.process(in, out, 0, kFrames);
    return out;
}

TEST_CASE("gain freeze: the trim moves by 20 dB either way and every output nulls, always") {
    const Channels untouched = play({});
    for (const double dB : {20.0, -20.0}) {
        CAPTURE(dB);
        const Channels moved = play({{9600, dB}, {9760, -dB}, {14400, dB}, {28800, -0.3 * dB}});
        for (std::size_t o = 0; o < untouched.size(); ++o) {
            Samples rest = moved[o];
            for (std::size_t n = 0; n < kFrames; ++n) rest[n] -= untouched[o][n];
            CAPTURE(o);
            REQUIRE(test::dB(test::rms(untouched[o], 0)) > -50.0);
            CHECK(test::largest_difference(moved[o], untouched[o]) < 1e-6f);
            CHECK(test::dB(test::rms(rest, 0) / test::rms(untouched[o], 0)) < -120.0);
        }
    }
}

TEST_CASE("gain freeze: without it the same trim is heard in every one of these mixes") {
    Desk rig;
    const Channels in = music(), untouched = play({});
    rig.set("/ch/1/trim", "23.3 dB");
    const Channels moved = rig.render(in, 64);
    for (std::size_t a = 0; a < 3; ++a) {
        const std::size_t o = rig.output(Kind::aux, a);
        CHECK(test::dB(test::rms(moved[o], 0) / test::rms(untouched[o], 0)) > 2.0);
    }
}

TEST_CASE("gain freeze: moves the trim, the freeze and what listens to this channel, no more") {
    Desk rig;
    const auto up = moves(rig, 0, 10.0);
    REQUIRE(up);
    std::vector<std::string> named;
    for (const app::Move& one : *up)
        named.push_back(rig.layout().address(one.slot) + " " +
                        rig.layout().format(one.slot, {one.value, {}}));
    CHECK(named == std::vector<std::string>{
                       "/ch/1/trim 13.3 dB", "/ch/1/freeze 10 dB", "/ch/1/gate/threshold -15.7 dB",
                       "/ch/1/comp/1/threshold -20 dB", "/ch/1/comp/2/threshold -14 dB",
                       "/ch/2/gate/threshold -18 dB", "/ch/3/comp/1/threshold -25 dB",
                       "/sub/1/comp/2/threshold -21 dB"});
}

TEST_CASE("gain freeze: all of it or nothing, and the row in the way is named") {
    Desk rig;
    rig.set("/sub/1/comp/2/threshold", "-8 dB");
    const auto refused = moves(rig, 0, 10.0);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().text().find("/sub/1/comp/2/threshold") != std::string::npos);
    rig.set("/sub/1/comp/2/on", "off");
    CHECK(moves(rig, 0, 10.0));
    const auto trim = moves(rig, 0, 27.0);
    REQUIRE_FALSE(trim);
    CHECK(trim.error().text().find("/ch/1/trim would be 30.3 dB, beyond its 30 dB") !=
          std::string::npos);
    CHECK_FALSE(moves(rig, 0, std::nan("")));
}

TEST_CASE("gain freeze: there and back, every value is what it was") {
    Desk rig;
    const param::Values before = rig.resolver().values();
    for (const double dB : {7.3, -12.9, 20.0, -14.4}) {
        const auto all = moves(rig, 0, dB);
        REQUIRE(all);
        for (const app::Move& one : *all) rig.set(one.slot, one.value);
    }
    for (param::Slot slot = 0; slot < rig.layout().size(); ++slot)
        CHECK_MESSAGE(rig.resolver().values().number(slot) == before.number(slot),
                      rig.layout().address(slot));
}

}  // namespace gain_freeze_test
