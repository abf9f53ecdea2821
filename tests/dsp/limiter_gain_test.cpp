// The parts of the limiter's gain: sliding minimum, exact running sums, and the bound they keep.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/limiter_gain.h"

#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;

namespace limiter_gain_test {

// Mostly unity, with runs of lower values.
std::vector<FixedGain> needed_gains(std::size_t count, std::uint32_t seed) {
    Noise noise(seed);
    std::vector<FixedGain> values(count, kUnity);
    for (std::size_t n = 0; n < count; ++n)
        if (noise.below(12) == 0 && n / 500 % 2)
            values[n] = static_cast<FixedGain>(noise.below(static_cast<std::size_t>(kUnity)));
    return values;
}

TEST_CASE("limiter gain: the sliding minimum is the least of its window") {
    for (const std::size_t window : {1u, 2u, 7u, 64u, 143u}) {
        CAPTURE(window);
        const std::vector<FixedGain> values = needed_gains(3000, 5);
        SlidingMinimum minimum(window);
        for (std::size_t n = 0; n < values.size(); ++n) {
            const std::size_t first = n + 1 < window ? 0 : n + 1 - window;
            const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
            const auto end = values.begin() + static_cast<std::ptrdiff_t>(n + 1);
            REQUIRE(minimum.next(values[n]) == *std::min_element(begin, end));
        }
    }
}

TEST_CASE("limiter gain: a running sum is exact for ever") {
    RunningSum sum(23, kUnity);
    Noise noise(6);
    for (int n = 0; n < 100000; ++n) sum.next(static_cast<std::int64_t>(noise.below(1u << 30)));
    for (int n = 0; n < 22; ++n) sum.next(kUnity);
    CHECK(sum.next(kUnity) == sum.rest());
}

TEST_CASE("limiter gain: every value bounds the gain in its hold, and unity returns exactly") {
    for (const LimiterGain::Shape shape : {LimiterGain::Shape{.smoothing = 1, .hold = 1},
                                           LimiterGain::Shape{.smoothing = 20, .hold = 18},
                                           LimiterGain::Shape{.smoothing = 49, .hold = 90}}) {
        LimiterGain gain(shape);
        gain.set_release(0.05);
        CHECK(gain.idle());
        const std::vector<FixedGain> values = needed_gains(6000, 7);
        std::vector<float> gains;
        for (const FixedGain value : values) gains.push_back(gain.next(value));
        for (std::size_t n = 0; n < values.size(); ++n)
            for (std::size_t k = 0; k < shape.hold; ++k) {
                const std::size_t later = n + shape.smoothing - 1 + k;
                if (later >= gains.size()) break;
                REQUIRE(static_cast<double>(gains[later]) * kUnity <=
                        values[n] * (1.0 + 1e-7) + 1.0);
            }
        CHECK(!gain.idle());
        float last = 0.0f;
        for (int n = 0; n < 2000; ++n) last = gain.next(kUnity);
        CHECK(last == 1.0f);
        CHECK(gain.idle());
    }
}

TEST_CASE("limiter gain: it moves without corners, no faster than over its smoothing") {
    LimiterGain gain({.smoothing = 49, .hold = 18});
    gain.set_release(0.001);
    float before = 1.0f, steepest = 0.0f, sharpest = 0.0f, slope = 0.0f;
    for (int n = 0; n < 400; ++n) {
        const float now = gain.next(n == 200 ? 0 : kUnity);
        sharpest = std::max(sharpest, std::fabs(now - before - slope));
        slope = now - before;
        steepest = std::max(steepest, std::fabs(slope));
        before = now;
    }
    CHECK(steepest < 2.3f / 49.0f);  // the peak of three boxes in series: 9/4 of their mean
    CHECK(sharpest < 1.0f / (17.0f * 17.0f) + 1e-4f);  // one box of 17 after another
}

}  // namespace limiter_gain_test
