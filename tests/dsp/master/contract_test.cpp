// What all blocks of the master chain keep: slices, reset, silence, extremes, off, no click.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/denormals.h"
#include "tests/dsp/master/support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::master;
using namespace mixrig::dsp::literals;
using sweep::noise;
using sweep::peak;

namespace contract_test {

Stereo noises(std::size_t frames, float level, std::uint32_t seed) {
    return {noise(frames, level, seed), noise(frames, level, seed + 1000)};
}

// Third differences weigh 1 kHz at 0.0022 and a step at 2: the largest is where a click would be.
double roughness(const Samples& x, std::size_t from, std::size_t to) {
    double most = 0.0;
    for (std::size_t n = from + 3; n < to; ++n) {
        const double third = static_cast<double>(x[n]) - 3.0 * static_cast<double>(x[n - 1]) +
                             3.0 * static_cast<double>(x[n - 2]) - static_cast<double>(x[n - 3]);
        most = std::max(most, std::fabs(third));
    }
    return most;
}

// The input as it must come out of a block that is off.
bool is_delayed(const Samples& y, const Samples& x, std::size_t late, std::size_t from) {
    return same_bits(y.data() + from, x.data() + from - late, (y.size() - from) * sizeof(float));
}

TEST_CASE("master chain: any slicing gives the same bits, while settings glide too") {
    for (const Kind& kind : kinds())
        for (const Slices& slices :
             {Slices{{0, 1}, {1, 5}, {6, 26}}, Slices{{0, 7}, {7, 25}}, Slices{{0, 31}, {31, 1}}}) {
            CAPTURE(kind.name);
            const auto whole = kind.make(48_kHz), cut = kind.make(48_kHz);
            Noise random(1);
            for (std::uint32_t change = 0; change < 20; ++change) {
                const std::size_t setting = kDrawn + change;
                const Change how = random.below(4) == 0 ? Change::jump : Change::glide;
                whole->set(setting, how);
                cut->set(setting, how);
                Stereo a = noises(1280, 1.0f, change);
                Stereo b = a;
                run(*whole, a, sweep::kWhole);
                run(*cut, b, slices);
                REQUIRE(same_bits(a.left.data(), b.left.data(), 1280 * sizeof(float)));
                REQUIRE(same_bits(a.right.data(), b.right.data(), 1280 * sizeof(float)));
            }
        }
}

TEST_CASE("master chain: reset makes a block equal to a new one with these settings") {
    for (const Kind& kind : kinds()) {
        CAPTURE(kind.name);
        const auto used = kind.make(48_kHz), fresh = kind.make(48_kHz);
        for (std::size_t setting = kDrawn; setting < kDrawn + 6; ++setting) {
            used->set(setting, Change::glide);
            through(*used, noises(4800, 1.0f, 3));
        }
        used->set(kDriven, Change::glide);
        through(*used, noises(320, 1.0f, 4));
        used->reset();
        fresh->set(kDriven, Change::jump);
        const Stereo a = through(*used, noises(4800, 1.0f, 5));
        const Stereo b = through(*fresh, noises(4800, 1.0f, 5));
        CHECK(a.left == b.left);
        CHECK(a.right == b.right);
    }
}

TEST_CASE("master chain: silence gives zeros, and so does the end of a tail") {
    const FlushSubnormals flush;
    for (const Kind& kind : kinds())
        for (const Hertz rate : kRates) {
            CAPTURE(kind.name);
            CAPTURE(rate.value);
            const auto block = kind.make(rate);
            for (std::size_t setting = kDriven; setting < kDrawn + 8; ++setting) {
                block->set(setting, Change::glide);
                const Stereo out = through(*block, both(Samples(960, 0.0f)));
                CHECK(peak(out.left) == 0.0f);
                CHECK(peak(out.right) == 0.0f);
            }
            // The tail of a bell of quality 60 at 60 Hz, and the tube's high-pass, take longest.
            block->set(kDriven, Change::jump);
            through(*block, noises(9600, 1.0f, 5));
            Stereo out;
            for (int second = 0; second < 60; ++second) {
                out =
                    through(*block, both(Samples(static_cast<std::size_t>(rate.value) / 32 * 32)));
                if (peak(out.left) == 0.0f && peak(out.right) == 0.0f) break;
            }
            CHECK(peak(out.left) == 0.0f);
            CHECK(peak(out.right) == 0.0f);
        }
}

TEST_CASE("master chain: extreme signals and settings stay finite") {
    for (const Kind& kind : kinds())
        for (const Hertz rate : kRates) {
            CAPTURE(kind.name);
            CAPTURE(rate.value);
            const auto block = kind.make(rate);
            std::uint32_t seed = 0;
            for (const float level : {1e-20f, 1.0f, 1e3f, 1e6f})
                for (std::size_t k = 0; k < 12; ++k) {
                    block->set(kDrawn + ++seed, Change::glide);
                    const Stereo out = through(*block, noises(960, level, seed));
                    REQUIRE(std::isfinite(peak(out.left)));
                    REQUIRE(std::isfinite(peak(out.right)));
                }
        }
}

TEST_CASE("master chain: nothing allocates but constructors and designs") {
    for (const Kind& kind : kinds()) {
        CAPTURE(kind.name);
        if (kind.name == "mid-side eq") continue;  // its settings are designed outside: see there
        const auto block = kind.make(48_kHz);
        Stereo x = noises(1600, 1.0f, 10);
        const std::size_t before = allocations();
        for (std::size_t setting = 0; setting < 20; ++setting) {
            block->set(setting, Change::glide);
            run(*block, x, sweep::kWhole);
        }
        block->reset();
        CHECK(allocations() == before);
    }
}

TEST_CASE("master chain: off, the output is the input, latency late, bit for bit") {
    for (const Kind& kind : kinds())
        for (const Hertz rate : kRates) {
            CAPTURE(kind.name);
            CAPTURE(rate.value);
            const auto block = kind.make(rate);
            const std::size_t late = block->latency();
            const Stereo x = noises(19200, 1.0f, 10);
            Stereo y = through(*block, x);
            CHECK(is_delayed(y.left, x.left, late, late));
            block->set(kDriven, Change::glide);
            y = through(*block, x);
            CHECK_FALSE(is_delayed(y.left, x.left, late, 9600));
            block->set(kOff, Change::glide);
            y = through(*block, x);
            CHECK(is_delayed(y.left, x.left, late, 9600));
            CHECK(is_delayed(y.right, x.right, late, 9600));
        }
}

// Blocks that distort are switched on and off here; how they go from setting to setting is tested
// with each. Harmonics are rough themselves: no frame may be rougher than the rougher one of both
// settings is by itself, by more than a tenth and what a glide of 10 ms adds to a 1 kHz sine. In a
// linear block what is above 4 kHz belongs to the change, -70 dB is what the desk asks of its
// faders.
TEST_CASE("master chain: switched on and off, and from setting to setting, nothing clicks") {
    for (const Kind& kind : kinds()) {
        CAPTURE(kind.name);
        double roughest = 0.0, worst = -300.0;
        for (const Hertz tone : {1_kHz, 100_Hz})
            for (std::size_t setting = kDriven; setting < kDrawn + 10; ++setting)
                for (const bool on : {true, false}) {
                    CAPTURE(setting);
                    CAPTURE(on);
                    CAPTURE(tone.value);
                    const auto block = kind.make(48_kHz);
                    const bool switched = !kind.linear || setting % 2;
                    const std::size_t other = setting + (switched ? kSwitchedOff : 50);
                    block->set(on ? other : setting, Change::jump);
                    const Samples x = scaled(sweep::sine(tone, 28800, 48_kHz), 0.5);
                    Stereo part[3];
                    for (std::size_t k = 0; k < 3; ++k) {
                        const auto from = x.begin() + static_cast<std::ptrdiff_t>(9600 * k);
                        const Samples now(from, from + 9600);
                        if (k == 1) block->set(on ? setting : other, Change::glide);
                        part[k] = through(*block, {now, scaled(now, -0.3)});
                    }
                    const double usual = std::max(roughness(part[0].left, 4800, 9600),
                                                  roughness(part[2].left, 0, 9600));
                    const double extra = roughness(part[1].left, 0, 9600) - 1.1 * usual;
                    roughest = std::max(roughest, extra);
                    CHECK(extra < 2e-3);
                    if (!kind.linear) continue;
                    const double above = sweep::loudest_above(part[1].left, 4_kHz, 48_kHz).value;
                    worst = std::max(worst, above);
                    CHECK(above < -70.0);
                }
        MESSAGE(kind.name << ": roughness " << roughest << ", above 4 kHz " << worst << " dB");
    }
}

}  // namespace contract_test
