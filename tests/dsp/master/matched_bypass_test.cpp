// The level-matched bypass: as loud as the block, as late as the block, without a step.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/matched_bypass.h"

#include "dsp/denormals.h"
#include "tests/dsp/master/support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <ebur128.h>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::master;
using namespace mixrig::dsp::literals;

namespace matched_bypass_test {

// The bypass around a block that turns up and is late.
struct Around {
    Around(Hertz rate, std::size_t latency, double block_gain)
        : bypass(rate, latency), line(latency), gain(block_gain) {}
    void begin_quantum() { bypass.begin_quantum(); }
    void process(float* left, float* right, Slice slice) {
        bypass.remember(left, right, slice);
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
            line.push_back({left[n], right[n]});
            left[n] = static_cast<float>(gain * static_cast<double>(line.front()[0]));
            right[n] = static_cast<float>(gain * static_cast<double>(line.front()[1]));
            line.pop_front();
        }
        bypass.process(left, right, slice);
    }
    MatchedBypass bypass;
    std::deque<std::array<float, 2>> line;
    double gain;
};

double loudness(const Stereo& x, Hertz rate) {
    ebur128_state* state = ebur128_init(2, static_cast<unsigned long>(rate.value), EBUR128_MODE_I);
    for (std::size_t n = 0; n < x.left.size(); ++n) {
        const float frame[] = {x.left[n], x.right[n]};
        ebur128_add_frames_float(state, frame, 1);
    }
    double lufs = 0.0;
    ebur128_loudness_global(state, &lufs);
    ebur128_destroy(&state);
    return lufs;
}

TEST_CASE("matched bypass: after 10 s the difference is the block's gain, and the output as loud") {
    for (const Hertz rate : {44.1_kHz, 96_kHz})
        for (const double dB : {-12.0, -1.0, 6.0, 20.0}) {
            Around around(rate, 75, gain_of(dB));
            const auto second = static_cast<std::size_t>(rate.value) / kQuantum * kQuantum;
            const Stereo x = {sweep::noise(second, 0.1f, 3), sweep::noise(second, 0.05f, 4)};
            Stereo block;
            for (int k = 0; k < 10; ++k) block = through(around, x);
            CAPTURE(dB);
            CHECK(std::fabs(around.bypass.difference().value - dB) < 0.05);
            around.bypass.set({.bypassed = true}, Change::glide);
            through(around, x);
            const Stereo bypassed = through(around, x);
            CHECK(std::fabs(loudness(bypassed, rate) - loudness(block, rate)) < 0.1);
        }
}

TEST_CASE("matched bypass: a filter counts as loud as BS.1770 hears it") {
    // What is heard is a tone of 100 Hz, of 1 kHz or of 10 kHz that takes the place of one of 1
    // kHz.
    for (const Hertz tone : {100_Hz, 1_kHz, 10_kHz}) {
        MatchedBypass bypass(48_kHz, 0);
        const Stereo before = both(scaled(sweep::sine(1_kHz, 480000, 48_kHz), 0.1));
        Stereo after = both(scaled(sweep::sine(tone, 480000, 48_kHz), 0.1));
        const double expected = loudness(after, 48_kHz) - loudness(before, 48_kHz);
        for (std::size_t at = 0; at < after.left.size(); at += kQuantum) {
            bypass.begin_quantum();
            bypass.remember(before.left.data() + at, before.right.data() + at, {0, kQuantum});
            bypass.process(after.left.data() + at, after.right.data() + at, {0, kQuantum});
        }
        CHECK(std::fabs(bypass.difference().value - expected) < 0.1);
    }
}

TEST_CASE("matched bypass: not bypassed it passes bit for bit, unmatched it is the input delayed") {
    Around around(48_kHz, 75, 0.5);
    const Samples x = sweep::noise(9600, 0.5f, 3);
    Stereo y = through(around, both(x));
    for (std::size_t n = 75; n < x.size(); ++n) REQUIRE(y.left[n] == 0.5f * x[n - 75]);
    around.bypass.set({.bypassed = true, .matched = false}, Change::glide);
    through(around, both(x));
    y = through(around, both(x));
    for (std::size_t n = 75; n < x.size(); ++n) REQUIRE(y.left[n] == x[n - 75]);
}

TEST_CASE("matched bypass: there and back without a click, and silence changes nothing") {
    Around around(48_kHz, 75, 2.0);
    const Samples x = scaled(sweep::sine(1_kHz, 96000, 48_kHz), 0.25);
    for (int k = 0; k < 5; ++k) through(around, both(x));
    const double learnt = around.bypass.difference().value;
    for (const bool bypassed : {true, false}) {
        around.bypass.set({.bypassed = bypassed}, Change::glide);
        const Samples y = through(around, both(x)).left;
        CHECK(sweep::loudest_above(y, 4_kHz, 48_kHz).value < -70.0);
        CHECK(sweep::peak(y) < 0.51f);
    }
    for (int k = 0; k < 5; ++k) through(around, both(Samples(96000, 0.0f)));
    CHECK(std::fabs(around.bypass.difference().value - learnt) < 0.1);
    CHECK(learnt == doctest::Approx(6.02).epsilon(0.01));
}

TEST_CASE("matched bypass: slices do not matter, reset makes it new, nothing allocates") {
    const FlushSubnormals flush;
    Around whole(48_kHz, 75, 1.5), cut(48_kHz, 75, 1.5);
    for (std::uint32_t k = 0; k < 20; ++k) {
        const MatchedBypassSettings settings{.bypassed = k % 3 != 0, .matched = k % 5 != 0};
        whole.bypass.set(settings, Change::glide);
        cut.bypass.set(settings, Change::glide);
        Stereo a = both(sweep::noise(3200, 0.5f, k)), b = a;
        run(whole, a, sweep::kWhole);
        run(cut, b, {{0, 1}, {1, 5}, {6, 26}});
        REQUIRE(a.left == b.left);
        REQUIRE(a.right == b.right);
    }
    MatchedBypass used(48_kHz, 10), fresh(48_kHz, 10);
    Stereo x = both(sweep::noise(3200, 0.5f, 7));
    const auto pass = [&](MatchedBypass& bypass) {
        Stereo y = both(sweep::noise(3200, 0.25f, 8));
        for (std::size_t at = 0; at < 3200; at += kQuantum) {
            bypass.begin_quantum();
            bypass.remember(x.left.data() + at, x.right.data() + at, {0, kQuantum});
            bypass.process(y.left.data() + at, y.right.data() + at, {0, kQuantum});
        }
        return y.left;
    };
    used.set({.bypassed = true}, Change::glide);
    pass(used);
    used.reset();
    fresh.set({.bypassed = true}, Change::jump);
    CHECK(pass(used) == pass(fresh));
    const std::size_t before = allocations();
    used.begin_quantum();
    used.set({}, Change::glide);
    used.remember(x.left.data(), x.right.data(), {0, kQuantum});
    used.process(x.left.data(), x.right.data(), {0, kQuantum});
    used.reset();
    CHECK(allocations() == before);
}

}  // namespace matched_bypass_test
