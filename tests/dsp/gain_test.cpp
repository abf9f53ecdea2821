// Gain, meters and the guard.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/gain.h"

#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;

namespace gain_test {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

// Some lanes glide, some stand, some stand at unity.
GainCurve random_curve(Noise& noise) {
    GainCurve curve;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const std::size_t kind = noise.below(3);
        curve.c0[lane] = kind == 0 ? 1.0f : noise.sample();
        if (kind != 2) continue;
        curve.gliding |= lane_bit(lane);
        curve.c1[lane] = noise.sample() * 0.01f;
        curve.c2[lane] = noise.sample() * 0.001f;
        curve.c3[lane] = noise.sample() * 0.0001f;
    }
    return curve;
}

TEST_CASE("apply_gain: every instruction set computes the definition, bit for bit") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        Noise noise(11);
        for (const auto& slices : slicings()) {
            const GainCurve curve = random_curve(noise);
            const LaneMask lanes = noise.below(4) == 0 ? kAllLanes : noise.lanes();
            BankBlock in, in_place, apart, expected;
            noise.fill(in);
            in_place = in;
            for (const Slice slice : slices) {
                apply_gain(in_place.x, curve, slice, lanes);
                apply_gain(in.x, apart.x, curve, slice, lanes);
            }
            scalar::apply_gain(rounding(target), in.x, expected.x, curve, {0, kQuantum}, lanes);
            CHECK(same_bits(in_place, expected));
            CHECK(same_bits(apart, expected));
        }
    });
}

TEST_CASE("apply_gain: unity and lanes left out keep every bit, even NaN and -0") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        GainCurve curve = constant_curve(1.0f);
        curve.c0[3] = 0.5f;  // shares its vector with lanes at unity on every instruction set
        curve.c0[4] = 0.5f;
        BankBlock block;
        for (float& x : block.x) x = -0.0f;
        block.at(5)[1] = kNan;
        block.at(5)[4] = kNan;
        block.at(6)[2] = 1e-41f;
        block.at(7)[3] = 3.0f;
        BankBlock expected = block;
        expected.at(7)[3] = 1.5f;
        apply_gain(block.x, curve, {0, kQuantum}, static_cast<LaneMask>(~lane_bit(4)));
        CHECK(same_bits(block, expected));
    });
}

TEST_CASE("measure: every instruction set and slicing gives the definition, bit for bit") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        Noise noise(12);
        for (const auto& slices : slicings()) {
            TapMeters meters, expected;
            for (int quantum = 0; quantum < 3; ++quantum) {
                BankBlock block;
                for (float& x : block.x) x = noise.sample() * 1.2f;
                block.at(9)[2] = 1.0f;
                for (const Slice slice : slices) measure(block.x, slice, meters);
                scalar::measure(rounding(target), block.x, {0, kQuantum}, expected);
            }
            CHECK(same_bits(meters.peak.v, expected.peak.v, sizeof meters.peak));
            CHECK(same_bits(meters.mean_square_sum.v, expected.mean_square_sum.v,
                            sizeof meters.mean_square_sum));
            CHECK(same_bits(meters.clips.v, expected.clips.v, sizeof meters.clips));
        }
    });
}

TEST_CASE("measure: a full-scale square reads peak 1, mean square 1 and clips everywhere") {
    BankBlock block;
    for (std::size_t n = 0; n < kQuantum; ++n) block.at(n)[7] = n % 2 ? 1.0f : -1.0f;
    TapMeters meters;
    measure(block.x, {0, kQuantum}, meters);
    CHECK(meters.peak[7] == 1.0f);
    CHECK(meters.mean_square_sum[7] == 32.0f);
    CHECK(meters.clips[7] == 32);
    CHECK(meters.peak[6] == 0.0f);
    CHECK(meters.clips[6] == 0);
}

TEST_CASE("guard: what is not a number or beyond the limit becomes 0 and names its lane") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        const float beyond = std::nextafter(8.0f, 9.0f);
        for (const float bad : {kNan, -kNan, kInfinity, -kInfinity, beyond, -beyond, 3e38f}) {
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                BankBlock block;
                Noise noise(13);
                noise.fill(block);
                block.at(2)[lane ^ 1u] = 8.0f;
                block.at(3)[lane ^ 1u] = -0.0f;
                block.at(17)[lane] = bad;
                BankBlock expected = block, fused = block;
                expected.at(17)[lane] = 0.0f;
                CHECK(guard(block.x, {0, 17}, 8.0f) == kNoLanes);
                CHECK(guard(block.x, {17, 15}, 8.0f) == lane_bit(lane));
                CHECK(same_bits(block, expected));

                TapMeters meters, measured;
                CHECK(guard_and_measure(fused.x, {0, kQuantum}, 8.0f, meters) == lane_bit(lane));
                CHECK(same_bits(fused, expected));
                measure(expected.x, {0, kQuantum}, measured);
                CHECK(same_bits(&meters, &measured, sizeof meters));
            }
        }
    });
}

TEST_CASE("guard: random bits give the same as the definition on every instruction set") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        std::mt19937 bits(14);
        for (const auto& slices : slicings()) {
            BankBlock block;
            for (float& x : block.x) x = std::bit_cast<float>(static_cast<std::uint32_t>(bits()));
            BankBlock expected = block;
            LaneMask faulty = kNoLanes;
            for (const Slice slice : slices) faulty |= guard(block.x, slice, 100.0f);
            CHECK(faulty == scalar::guard(expected.x, {0, kQuantum}, 100.0f));
            CHECK(same_bits(block, expected));
        }
    });
}

}  // namespace gain_test
