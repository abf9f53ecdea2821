// Tonal balance of whole pieces.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/balance.h"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <vector>

using namespace mixrig;
using namespace mixrig::monitor;

namespace balance_test {

constexpr dsp::Hertz kRate{44100.0};

// Nine seconds: more than one stretch, and none of them whole.
std::vector<float> tones(double low_dB, double high_dB) {
    std::vector<float> out(9 * 44100);
    for (std::size_t n = 0; n < out.size(); ++n) {
        const double t = 2.0 * std::numbers::pi * static_cast<double>(n) / kRate.value;
        out[n] = static_cast<float>(std::pow(10.0, low_dB / 20.0) * std::sin(100.0 * t) +
                                    std::pow(10.0, high_dB / 20.0) * std::sin(3150.0 * t));
    }
    return out;
}

TEST_CASE("balance: bands are the shares of the power, whatever the level") {
    for (const double level : {-6.0, -40.0}) {
        const auto sound = tones(level, level - 10.0);
        const Balance balance = tonal_balance(sound, sound, kRate);
        // 10:1 in power: -0.41 and -10.41 dB. The filters overlap a little.
        CHECK(balance[1] == doctest::Approx(-0.41).epsilon(0.15));
        CHECK(balance[4] == doctest::Approx(-10.41).epsilon(0.02));
        CHECK(balance[2] < -25.0);
        CHECK(balance[5] < -25.0);
    }
}

TEST_CASE("balance: silence has the floor everywhere") {
    const std::vector<float> silence(44100);
    for (const double band : tonal_balance(silence, silence, kRate)) CHECK(band == -120.0);
    CHECK(low_side_dB(silence, silence, kRate) == -120.0);
}

TEST_CASE("balance: the low side is told from the middle") {
    std::vector<float> left(9 * 44100);
    for (std::size_t n = 0; n < left.size(); ++n) {
        const double t = 2.0 * std::numbers::pi * static_cast<double>(n) / kRate.value;
        left[n] = static_cast<float>(0.5 * std::sin(50.0 * t));
    }
    auto right = left;
    CHECK(low_side_dB(left, right, kRate) == -120.0);
    for (float& x : right) x *= 0.5f;  // side a third of the middle
    CHECK(low_side_dB(left, right, kRate) == doctest::Approx(-9.54).epsilon(0.01));
}

}  // namespace balance_test
