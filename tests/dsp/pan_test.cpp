// Pan, balance, width and the stereo kernel.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/pan.h"

#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;

TEST_CASE("pan: constant power, -3 dB in the middle, exactly silent on the far side") {
    for (double pan = -1.0; pan <= 1.0; pan += 1.0 / 64.0) {
        const PanGains gains = pan_mono(pan);
        CHECK(gains.left * gains.left + gains.right * gains.right == doctest::Approx(1.0));
        CHECK(gains.left == doctest::Approx(pan_mono(-pan).right));
    }
    CHECK(20.0 * std::log10(pan_mono(0.0).left) == doctest::Approx(-3.0103).epsilon(1e-5));
    CHECK(pan_mono(1.0).left == 0.0);
    CHECK(pan_mono(1.0).right == 1.0);
    CHECK(pan_mono(-1.0).right == 0.0);
    CHECK(pan_mono(-7.0).left == 1.0);
}

TEST_CASE("balance: exactly unity in the middle, the other side falls as a cosine to 0") {
    CHECK(balance(0.0).left == 1.0);
    CHECK(balance(0.0).right == 1.0);
    CHECK(balance(0.5).left == doctest::Approx(std::sqrt(0.5)));
    CHECK(balance(0.5).right == 1.0);
    CHECK(balance(1.0).left == 0.0);
    CHECK(balance(-1.0).right == 0.0);
    CHECK(balance(-1.0).left == 1.0);
}

TEST_CASE("stereo: width 1 is the identity, 0 is mono, 2 doubles the sides") {
    const StereoGains plain = stereo(0.0, 1.0);
    CHECK(plain.left_from_left == 1.0);
    CHECK(plain.left_from_right == 0.0);
    CHECK(plain.right_from_left == 0.0);
    CHECK(plain.right_from_right == 1.0);
    const StereoGains mono = stereo(0.0, 0.0);
    CHECK(mono.left_from_left == 0.5);
    CHECK(mono.left_from_right == 0.5);
    CHECK(mono.right_from_left == 0.5);
    const StereoGains wide = stereo(0.0, 2.0);
    CHECK(wide.left_from_left - wide.left_from_right == 2.0);  // what a side signal meets
    CHECK(wide.left_from_left + wide.left_from_right == 1.0);  // what a mid signal meets
    const StereoGains right = stereo(1.0, 0.0);
    CHECK(right.left_from_left == 0.0);
    CHECK(right.left_from_right == 0.0);
    CHECK(right.right_from_left == 0.5);
}

TEST_CASE("stereo_matrix: every instruction set computes the definition, bit for bit") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        Noise noise(31);
        for (const auto& slices : slicings()) {
            GainCurve same = constant_curve(1.0f), cross = constant_curve(0.0f);
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                if (noise.below(3) == 0) continue;
                same.c0[lane] = noise.sample();
                cross.c0[lane] = noise.sample();
                if (noise.below(2) == 0) continue;
                cross.gliding |= lane_bit(lane);
                cross.c1[lane] = noise.sample() * 0.01f;
                cross.c3[lane] = noise.sample() * 0.0001f;
            }
            const LaneMask half = noise.lanes() & 0x5555u;
            const auto lanes = static_cast<LaneMask>(half | (half << 1));
            BankBlock block;
            noise.fill(block);
            block.at(1)[0] = -0.0f;
            BankBlock expected = block;
            for (const Slice slice : slices) stereo_matrix(block.x, same, cross, slice, lanes);
            scalar::stereo_matrix(rounding(target), expected.x, same, cross, {0, kQuantum}, lanes);
            CHECK(same_bits(block, expected));
        }
    });
}

TEST_CASE("stereo_matrix: a lane reads its own neighbour") {
    BankBlock block;
    for (std::size_t lane = 0; lane < kLanes; ++lane) block.at(0)[lane] = static_cast<float>(lane);
    stereo_matrix(block.x, constant_curve(0.0f), constant_curve(1.0f), {0, 1}, kAllLanes);
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        CHECK(block.at(0)[lane] == static_cast<float>(lane ^ 1u));
}
