// Banks that sleep, and blocks that listen to other channels.
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

TEST_CASE("engine: banks that slept wake up with the first sample and lose none") {
    Rig rig(stereo_channels(1));
    rig.set("/ch/1/hpf/on", "on");
    rig.set("/ch/1/gate/on", "on");
    Rig fresh(stereo_channels(1));
    fresh.set("/ch/1/hpf/on", "on");
    fresh.set("/ch/1/gate/on", "on");
    const Samples burst = test::noise(5, -10.0, 4800);
    Samples after(48000 * 3, 0.0f), now(48000 * 3, 0.0f);
    constexpr std::size_t kStart = 96000 + 7;
    std::copy(burst.begin(), burst.end(), after.begin());
    std::copy(burst.begin(), burst.end(), after.begin() + kStart);
    std::copy(burst.begin(), burst.end(), now.begin() + kStart);
    const Channels a = rig.render({after, after}, 64), b = fresh.render({now, now}, 64);
    CHECK(test::largest_difference(std::span(a[0]).subspan(kStart),
                                   std::span(b[0]).subspan(kStart)) == 0.0f);
    CHECK(rms(b[0], kStart) > 0.01);
}

TEST_CASE("engine: banks that fall asleep leave nothing behind that depends on the block size") {
    const auto render = [](std::size_t block) {
        DeskShape shape = DeskShape::of(2, 1, 0, 0, 0);
        shape.stereo[0].assign(2, true);
        Rig rig(shape);
        // The main strip rings on below what counts as silence; a limiter delays the channels' way
        // to main.
        rig.set("/main/eq/on", "on");
        rig.set("/main/eq/1/freq", "20 Hz");
        rig.set("/main/eq/1/q", "3");
        rig.set("/main/eq/1/gain", "24 dB");
        rig.set("/sub/1/limiter/on", "on");
        rig.set("/ch/1/to", "sub/1");
        constexpr std::size_t kFrames = 48000 * 12;
        Samples burst = test::noise(6, -10.0, kFrames);
        std::fill(burst.begin() + 4800, burst.end() - 1007, 0.0f);
        return rig.render({burst, burst, burst, burst}, block);
    };
    const Channels reference = render(1024);
    for (const std::size_t block : {16u, 37u}) {
        CAPTURE(block);
        CHECK(test::largest_difference(reference[0], render(block)[0]) == 0.0f);
    }
    CHECK(reference[0][48000 * 11] == 0.0f);
}

TEST_CASE("engine: a ducked strip hears its key while it and its neighbours are silent") {
    const auto onset = [](bool neighbour) {
        Rig rig(DeskShape::of(17, 0, 0, 0, 0));
        rig.set("/ch/1/comp/1/on", "on");
        rig.set("/ch/1/comp/1/key", "ch/17");
        rig.set("/ch/1/comp/1/threshold", "-40 dB");
        rig.set("/ch/2/to", "none");
        rig.set("/ch/17/to", "none");
        Channels in(17, Samples(48000, 0.0f));
        in[16] = test::noise(1, -10.0, 48000);
        if (neighbour) in[1] = test::noise(2, -10.0, 48000);
        const Samples late = test::noise(3, -20.0, 8000);
        std::copy(late.begin(), late.end(), in[0].begin() + 40000);
        return rig.render(in, 64)[0];
    };
    CHECK(test::largest_difference(onset(true), onset(false)) == 0.0f);
}

TEST_CASE("engine: what is set while a bank sleeps holds from its first sample on") {
    Rig rig(stereo_channels(1));
    Samples late(96000, 0.0f);
    const Samples burst = test::noise(5, -10.0, 4800);
    constexpr std::size_t kStart = 80000 + 7;
    std::copy(burst.begin(), burst.end(), late.begin() + kStart);
    const Channels in{late, late};
    Channels out(rig.geometry().outputs.size(), Samples(96000));
    rig.process(in, out, 0, 64000);
    rig.set("/ch/1/fader", "-inf dB");
    rig.send();
    rig.process(in, out, 64000, 32000);
    CHECK(rms(out[0], 0) == 0.0);
}

TEST_CASE("engine: a gate keyed by another channel opens with that channel") {
    Rig rig(DeskShape::of(18, 0, 0, 0, 0));
    rig.set("/ch/18/gate/on", "on");
    rig.set("/ch/18/gate/key", "ch/1");
    rig.set("/ch/18/gate/hold", "0 ms");
    rig.set("/ch/18/gate/release", "5 ms");
    rig.set("/ch/18/gate/range", "90 dB");
    rig.set("/ch/1/to", "none");
    Channels in(18, Samples(48000, 0.0f));
    in[17] = test::noise(1, -20.0, 48000);
    for (std::size_t i = 24000; i < 48000; ++i) in[0][i] = 0.5f;
    const Channels out = rig.render(in, 64);
    double before = 0.0, behind = 0.0;
    for (std::size_t i = 12000; i < 24000; ++i) before += std::fabs(static_cast<double>(out[0][i]));
    for (std::size_t i = 30000; i < 42000; ++i) behind += std::fabs(static_cast<double>(out[0][i]));
    CHECK(dB(before / behind) < -85.0);
}
