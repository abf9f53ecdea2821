// What the analyser and the feedback guard are given, against what the desk plays.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/rig.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <string>

using namespace mixrig;
using namespace mixrig::test;
using link::Tap;
using param::Kind;

namespace taps_test {

constexpr std::size_t kFrames = 4096;

// Plays noise in blocks that are no quanta and collects what was tapped.
struct Tapped {
    Channels out = {};
    Channels sides = Channels(2);
    bool has_gaps = false;
};

Tapped tap(Rig& rig, const Channels& in, engine::Strip strip, Tap where) {
    rig.link().taps.analyse(strip, where);
    Tapped out;
    out.out = rig.render(in, 50);
    link::StereoQuantum quantum;
    for (std::uint64_t next = 0; rig.link().analysis.try_pop(quantum); next += link::kTapFrames) {
        out.has_gaps |= quantum.frame != next;
        out.sides[0].insert(out.sides[0].end(), quantum.left.begin(), quantum.left.end());
        out.sides[1].insert(out.sides[1].end(), quantum.right.begin(), quantum.right.end());
    }
    return out;
}

bool is_same(const Samples& tapped, const Samples& whole) {
    return tapped.size() + 2 * link::kTapFrames > whole.size() && tapped.size() <= whole.size() &&
           std::equal(tapped.begin(), tapped.end(), whole.begin());
}

TEST_CASE("taps: a strip at its input, before its fader, and as it leaves") {
    const Channels in = noises(2, kFrames);
    const auto taps = [&](Kind kind, std::size_t number, Tap where) {
        Rig rig(stereo_channels(1));
        rig.set("/ch/1/trim", "6 dB");
        rig.set("/ch/1/fader", "-12 dB");
        rig.set("/ch/1/send/aux/1/level", "0 dB");
        rig.set("/aux/1/fader", "-3 dB");
        rig.set("/aux/1/limiter/on", "on");
        rig.set("/main/fader", "-6 dB");
        const Tapped now = tap(rig, in, rig.geometry().strip(kind, number), where);
        CHECK_FALSE(now.has_gaps);
        return now;
    };
    const Tapped input = taps(Kind::ch, 0, Tap::input);
    const Tapped post = taps(Kind::ch, 0, Tap::post);
    REQUIRE(input.sides[0].size() >= kFrames - 2 * link::kTapFrames);
    for (std::size_t side = 0; side < 2; ++side)
        for (std::size_t n = 0; n < input.sides[side].size(); n += 97) {
            CHECK(input.sides[side][n] == doctest::Approx(1.995262 * in[side][n]).epsilon(1e-5));
            CHECK(post.sides[side][n] ==
                  doctest::Approx(0.2511886 * input.sides[side][n]).epsilon(1e-5));
        }
    const Tapped main = taps(Kind::main, 0, Tap::post), aux = taps(Kind::aux, 0, Tap::post);
    Rig rig(stereo_channels(1));
    const std::size_t main_at = rig.output(Kind::main, 0), aux_at = rig.output(Kind::aux, 0);
    for (std::size_t side = 0; side < 2; ++side) {
        CHECK(is_same(main.sides[side], main.out[main_at + side]));
        CHECK(is_same(aux.sides[side], aux.out[aux_at + side]));
    }
}

TEST_CASE("taps: a guarded channel is given as it comes in, a pair as its mean") {
    Rig rig(stereo_channels(2));
    rig.set("/ch/2/mute", "on");
    rig.link().taps.guarded[3].store(2, std::memory_order_relaxed);
    const Channels in = noises(4, kFrames);
    (void)rig.render(in, 50);
    link::GuardQuantum quantum;
    std::size_t n = 0;
    for (; rig.link().guarded.try_pop(quantum); n += link::kTapFrames) {
        REQUIRE(quantum.frame == n);
        REQUIRE(quantum.strip == 1);
        for (std::size_t i = 0; i < link::kTapFrames; ++i)
            REQUIRE(quantum.samples[i] == 0.5f * (in[2][n + i] + in[3][n + i]));
    }
    CHECK(n >= kFrames - 2 * link::kTapFrames);
}

TEST_CASE("taps: without a choice nothing is sent; with nobody who takes it nothing is hurt") {
    const Channels in = noises(2, 200 * kFrames);
    Rig rig(stereo_channels(1)), busy(stereo_channels(1));
    const Channels quiet = rig.render(in, 64);
    link::StereoQuantum quantum;
    CHECK_FALSE(rig.link().analysis.try_pop(quantum));
    // More quanta than the queues hold, then a strip that is not there.
    busy.link().taps.analyse(0, Tap::pre);
    busy.link().taps.guarded[0].store(1, std::memory_order_relaxed);
    busy.link().taps.guarded[1].store(99, std::memory_order_relaxed);
    CHECK(busy.render(in, 64) == quiet);
    CHECK(busy.link().lost.load() > rig.link().lost.load());
}

}  // namespace taps_test
