// The output ceiling: what passes, what is held, what is removed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/ceiling.h"

#include "tests/dsp/dynamics_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <random>
#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::literals;
using namespace mixrig::dsp::test;

namespace ceiling_test {

using Samples = std::vector<float>;

Samples noise(std::size_t frames, float level, std::uint32_t seed) {
    Noise source(seed);
    Samples x(frames);
    for (float& y : x) y = level * source.sample();
    return x;
}

// Mostly within the ceiling, with overloads up to 40 dB and a few samples that are not numbers.
Samples hostile(std::size_t frames, std::uint32_t seed) {
    Noise source(seed);
    Samples x = noise(frames, 0.9f, seed + 1);
    for (std::size_t n = 0; n < frames; ++n) {
        if (source.below(500) == 0) x[n] *= 100.0f;
        if (source.below(3000) == 0) x[n] = std::numeric_limits<float>::quiet_NaN();
        if (source.below(3000) == 0) x[n] = -std::numeric_limits<float>::infinity();
        if (source.below(3000) == 0) x[n] = std::numeric_limits<float>::max();
    }
    return x;
}

std::size_t run(Ceiling& ceiling, Samples& left, Samples& right, std::size_t block) {
    std::size_t removed = 0;
    for (std::size_t n = 0; n < left.size(); n += block) {
        const std::size_t frames = std::min(block, left.size() - n);
        removed +=
            ceiling.process(left.data() + n, right.empty() ? nullptr : right.data() + n, frames);
    }
    return removed;
}

TEST_CASE("ceiling: what stays within it passes bit for bit, up to the ceiling itself") {
    for (const double dB : {0.0, -1.0, -6.0}) {
        Ceiling ceiling(48_kHz);
        ceiling.set(Decibels{dB});
        const auto limit = static_cast<float>(std::pow(10.0, dB / 20.0));
        Samples left = noise(4800, limit, 1), right = noise(4800, limit, 2);
        left[100] = limit;
        right[200] = -limit;
        left[300] = -0.0f;
        const Samples l = left, r = right;
        CHECK(run(ceiling, left, right, 64) == 0);
        CHECK(same_bits(left.data(), l.data(), l.size() * sizeof(float)));
        CHECK(same_bits(right.data(), r.data(), r.size() * sizeof(float)));
        CHECK(ceiling.reduction_dB() == 0.0f);
    }
}

TEST_CASE("ceiling: no sample is ever above it, and none is lost in NaN") {
    for (const double dB : {0.0, -6.0, -24.0}) {
        Ceiling ceiling(48_kHz);
        ceiling.set(Decibels{dB});
        const auto limit = static_cast<float>(std::pow(10.0, dB / 20.0));
        Samples left = hostile(48000, 3), right = hostile(48000, 4);
        std::size_t expected = 0;
        for (const Samples* side : {&left, &right})
            for (const float x : *side) expected += !std::isfinite(x);
        CHECK(expected > 10);
        CHECK(run(ceiling, left, right, 64) == expected);
        for (const Samples* side : {&left, &right})
            for (const float x : *side) REQUIRE(std::fabs(x) <= limit);
    }
}

TEST_CASE("ceiling: output does not depend on how time is cut") {
    Samples left = hostile(9600, 5), right = hostile(9600, 6);
    Ceiling whole(48_kHz);
    Samples l = left, r = right;
    run(whole, l, r, l.size());
    for (const std::size_t block : {1u, 7u, 32u, 64u, 480u}) {
        CAPTURE(block);
        Ceiling cut(48_kHz);
        Samples a = left, b = right;
        run(cut, a, b, block);
        CHECK(same_bits(a.data(), l.data(), a.size() * sizeof(float)));
        CHECK(same_bits(b.data(), r.data(), b.size() * sizeof(float)));
        CHECK(cut.reduction_dB() == whole.reduction_dB());
    }
}

TEST_CASE("ceiling: both sides of a pair are turned down alike, and a mono one stands alone") {
    Ceiling pair(48_kHz);
    Samples left(100, 2.0f), right(100, 0.5f), none;
    CHECK(run(pair, left, right, 100) == 0);
    CHECK(left[50] == 1.0f);
    CHECK(right[50] == 0.25f);
    CHECK(pair.reduction_dB() == doctest::Approx(6.0206));
    Ceiling mono(48_kHz);
    Samples alone(100, 4.0f);
    CHECK(run(mono, alone, none, 100) == 0);
    CHECK(alone[0] == 1.0f);
    CHECK(mono.reduction_dB() == doctest::Approx(12.0412));
}

TEST_CASE("ceiling: it lets go with a time constant of 50 ms, completely, after at most 240 ms") {
    for (const Hertz rate : kRates) {
        CAPTURE(rate.value);
        Ceiling ceiling(rate);
        const auto frames = static_cast<std::size_t>(0.25 * rate.value);
        Samples x(frames, 0.001f), none;
        x[0] = std::numeric_limits<float>::max();
        CHECK(run(ceiling, x, none, 64) == 0);
        CHECK(x[0] == 1.0f);
        const auto later = static_cast<std::size_t>(0.05 * rate.value);
        CHECK(static_cast<double>(x[later]) / 0.001 ==
              doctest::Approx(0.01 * std::exp(1.0)).epsilon(0.001));
        CHECK(x[static_cast<std::size_t>(0.24 * rate.value)] == 0.001f);
        ceiling.clear_meter();
        CHECK(ceiling.reduction_dB() == 0.0f);
    }
}

TEST_CASE("ceiling: reset lets go at once") {
    Ceiling ceiling(48_kHz);
    Samples x(10, 50.0f), none;
    CHECK(run(ceiling, x, none, 10) == 0);
    ceiling.reset();
    Samples y(10, 0.5f);
    CHECK(run(ceiling, y, none, 10) == 0);
    CHECK(y[0] == 0.5f);
}

TEST_CASE("ceiling: a new ceiling holds from the next sample on") {
    Ceiling ceiling(48_kHz);
    Samples x(100, 0.9f), none;
    CHECK(run(ceiling, x, none, 100) == 0);
    ceiling.set(Decibels{-6.0});
    CHECK(run(ceiling, x, none, 100) == 0);
    CHECK(x[0] == doctest::Approx(std::pow(10.0, -0.3)));
    ceiling.set(0_dB);
    Samples y(4800, 0.9f);
    CHECK(run(ceiling, y, none, 64) == 0);
    CHECK(y.back() == 0.9f);
}

}  // namespace ceiling_test
