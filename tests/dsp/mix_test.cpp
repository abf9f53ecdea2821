// The mix matrix.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/mix.h"

#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;

namespace mix_test {

// Banks and gains of which about every third glides.
struct Desk {
    Desk(std::size_t banks, Noise& noise) : blocks(banks), gains(banks) {
        for (std::size_t bank = 0; bank < banks; ++bank) {
            noise.fill(blocks[bank]);
            const bool glides = noise.below(3) == 0;
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                gains[bank].c0[lane] = noise.sample();
                if (!glides || noise.below(2)) continue;
                gains[bank].gliding |= lane_bit(lane);
                gains[bank].c1[lane] = noise.sample() * 0.01f;
                gains[bank].c2[lane] = noise.sample() * 0.001f;
                gains[bank].c3[lane] = noise.sample() * 0.0001f;
            }
            terms.push_back({blocks[bank].x, &gains[bank]});
        }
    }
    std::vector<BankBlock> blocks;
    std::vector<GainCurve> gains;
    std::vector<MixTerm> terms;
};

TEST_CASE("mix_column: every instruction set and slicing gives the definition, bit for bit") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        Noise noise(51);
        for (const std::size_t banks : {0u, 1u, 2u, 3u, 7u, 64u}) {
            const Desk desk(banks, noise);
            float expected[kQuantum] = {};
            for (float& x : expected) x = noise.sample();
            std::vector<float> start(expected, expected + kQuantum);
            scalar::mix_column(rounding(target), desk.terms, expected, {0, kQuantum});
            for (const auto& slices : slicings()) {
                std::vector<float> out = start;
                for (const Slice slice : slices) mix_column(desk.terms, out.data(), slice);
                CHECK(same_bits(out.data(), expected, sizeof expected));
            }
        }
    });
}

TEST_CASE("mix_column: agrees with a sum in double precision") {
    Noise noise(52);
    const Desk desk(64, noise);
    float out[kQuantum] = {};
    mix_column(desk.terms, out, {0, kQuantum});
    for (std::size_t n = 0; n < kQuantum; ++n) {
        double sum = 0.0;
        const auto t = static_cast<double>(n);
        for (std::size_t bank = 0; bank < 64; ++bank)
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                const GainCurve& g = desk.gains[bank];
                const double gain = static_cast<double>(g.c0[lane]) +
                                    t * (static_cast<double>(g.c1[lane]) +
                                         t * (static_cast<double>(g.c2[lane]) +
                                              t * static_cast<double>(g.c3[lane])));
                sum += gain * static_cast<double>(desk.blocks[bank].at(n)[lane]);
            }
        // 1024 terms of magnitude about 1/3 whose partial sums stay below 32: each rounding is at
        // most 2^-20.
        CHECK(std::fabs(static_cast<double>(out[n]) - sum) < 1e-4);
    }
}

}  // namespace mix_test
