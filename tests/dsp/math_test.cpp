// log2 and exp2: precision and exact points. (The gate's test holds the vectors to these bits.)
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/math.h"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>

using namespace mixrig::dsp;

TEST_CASE("math: log2 is within 2e-5 dB from -700 to 700 dB, and exact at powers of two") {
    double worst = 0.0;
    for (double x = 1e-35; x < 1e35; x *= 1.0003) {
        const auto f = static_cast<float>(x);
        worst = std::max(worst, std::fabs(static_cast<double>(log2_scalar(f)) -
                                          std::log2(static_cast<double>(f))) /
                                    std::max(1.0, std::fabs(std::log2(x)) / 16.0));
    }
    CHECK(worst * 6.0206 < 2e-5);  // beyond 16 octaves a float cannot say it better: relative
    for (int e = -126; e < 128; ++e)
        CHECK(log2_scalar(std::ldexp(1.0f, e)) == static_cast<float>(e));
}

TEST_CASE("math: log2 has a floor") {
    const float tiny = std::numeric_limits<float>::denorm_min();
    for (const float x : {0.0f, -0.0f, tiny, -1.0f, std::numeric_limits<float>::quiet_NaN()})
        CHECK(log2_scalar(x) == -126.0f);
    CHECK(log2_scalar(std::numeric_limits<float>::infinity()) == 128.0f);
}

TEST_CASE("math: exp2 is within 2e-6 dB, exact at whole numbers, and clamped") {
    double worst = 0.0;
    for (float x = -60.0f; x < 60.0f; x += 0.00037f)
        worst = std::max(worst, std::fabs(static_cast<double>(exp2_scalar(x)) /
                                              std::exp2(static_cast<double>(x)) -
                                          1.0));
    CHECK(worst * 8.686 < 2e-6);
    for (int e = -126; e <= 126; ++e)
        CHECK(exp2_scalar(static_cast<float>(e)) == std::ldexp(1.0f, e));
    CHECK(exp2_scalar(-1e30f) == std::ldexp(1.0f, -126));
    CHECK(exp2_scalar(1e30f) == std::ldexp(1.0f, 126));
}
