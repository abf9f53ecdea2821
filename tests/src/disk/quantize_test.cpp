// Rounding, dither, clipping.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/quantize.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

using namespace mixrig::disk;

namespace quantize_test {

std::int32_t one(float x, int bits) {
    std::int32_t out = 0;
    Quantizer(bits, 1).convert(std::span(&x, 1), &out);
    return out >> (32 - bits);
}

TEST_CASE("quantize: 24 bit rounds to the nearest number") {
    CHECK(one(0x1p-23f, 24) == 1);
    CHECK(one(0x1.8p-24f, 24) == 1);  // 0.75 of a step
    CHECK(one(0x1.8p-25f, 24) == 0);  // 0.375
    CHECK(one(-0x1.8p-24f, 24) == -1);
    CHECK(one(0x1p-24f, 24) == 0);  // a half goes to the even neighbour
    CHECK(one(0x1.8p-23f, 24) == 2);
}

TEST_CASE("quantize: beyond full scale it clips, never wraps, and counts") {
    for (const int bits : {16, 24, 32}) {
        CAPTURE(bits);
        const auto top = static_cast<std::int32_t>((std::int64_t{1} << (bits - 1)) - 1);
        CHECK(one(1.0f, bits) == top);
        CHECK(one(1.5f, bits) == top);
        CHECK(one(std::numeric_limits<float>::infinity(), bits) == top);
        CHECK(one(-1.0f, bits) == -top - 1);
        CHECK(one(-7.0f, bits) == -top - 1);
        CHECK(one(std::numeric_limits<float>::quiet_NaN(), bits) == 0);
    }
    const std::vector<float> in = {0.5f, 1.0f, 1.1f, -1.0f, -2.0f};
    std::vector<std::int32_t> out(in.size());
    Quantizer q(24, 1);
    q.convert(in, out.data());
    CHECK(q.clipped() == 2);
}

TEST_CASE("quantize: what is on the 16-bit grid passes 16 bit undithered") {
    for (int n = -32768; n <= 32767; n += 7)
        REQUIRE(one(static_cast<float>(n) / 32768.0f, 16) == n);
}

TEST_CASE("dither: triangular, without mean, power of a sixth of a step, within one step") {
    constexpr int count = 400'000;
    double sum = 0.0, power = 0.0, largest = 0.0, product = 0.0, last = 0.0;
    for (std::uint64_t i = 0; i < count; ++i) {
        const double d = tpdf(42, i);
        sum += d;
        power += d * d;
        product += d * last;
        last = d;
        largest = std::max(largest, std::fabs(d));
    }
    // Standard errors: mean 0.408 / sqrt(n) = 0.00065, power 0.00031, neighbours 0.00026; four of
    // them.
    CHECK(std::fabs(sum / count) < 0.0026);
    CHECK(power / count == doctest::Approx(1.0 / 6.0).epsilon(0.0075));
    CHECK(std::fabs(product / count) < 0.0011);
    CHECK(largest < 1.0);
    CHECK(largest > 0.99);
}

TEST_CASE("quantize: at 16 bit the mean and the noise do not depend on the signal") {
    // Undithered, a constant of 0.3 steps would always become 0: the mean shows that dither keeps
    // it.
    for (const double level : {0.1, 0.3, 0.5, 0.77, 100.25}) {
        CAPTURE(level);
        const std::vector<float> in(200'000, static_cast<float>(level / 32768.0));
        std::vector<std::int32_t> out(in.size());
        Quantizer(16, 3).convert(in, out.data());
        double sum = 0.0, power = 0.0;
        for (const std::int32_t y : out) {
            const double error = static_cast<double>(y >> 16) - level;
            sum += error;
            power += error * error;
        }
        const auto n = static_cast<double>(out.size());
        CHECK(std::fabs(sum / n) < 0.005);  // four standard errors of 0.5 / sqrt(n) = 0.0011
        // Rounding 1/12 and dither 1/6 of a squared step add to 1/4.
        CHECK(power / n == doctest::Approx(0.25).epsilon(0.02));
    }
}

TEST_CASE("quantize: the same numbers however the stream is cut") {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> sample(-0.9f, 0.9f);
    std::vector<float> in(5000);
    for (float& x : in) x = sample(random);
    std::vector<std::int32_t> whole(in.size()), cut(in.size());
    Quantizer(16, 9).convert(in, whole.data());
    Quantizer q(16, 9);
    for (std::size_t at = 0, size = 1; at < in.size(); at += size, size = size % 97 + 1)
        q.convert(std::span(in).subspan(at, std::min(size, in.size() - at)), cut.data() + at);
    CHECK(whole == cut);
    std::vector<std::int32_t> other(in.size());
    Quantizer(16, 10).convert(in, other.data());
    CHECK(whole != other);
}

}  // namespace quantize_test
