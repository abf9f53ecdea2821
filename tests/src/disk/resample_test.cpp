// Sample rate conversion: level, time, length.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/resample.h"

#include "tests/support/resampling.h"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <numbers>
#include <utility>

using namespace mixrig;
using namespace mixrig::disk;

namespace resample_test {

// A tone under a Gaussian of 20 ms around half a second: band-limited, so any rate can say it
// exactly.
double burst(double t, double hertz) {
    const double d = (t - 0.5) / 0.02;
    return 0.5 * std::exp(-d * d) * std::sin(2.0 * std::numbers::pi * hertz * t);
}

std::vector<float> burst_at(double rate, double hertz) {
    std::vector<float> out(static_cast<std::size_t>(rate));
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<float>(burst(static_cast<double>(i) / rate, hertz));
    return out;
}

TEST_CASE("resample: what was at a moment stays at that moment, at its level") {
    for (const double from : {44100.0, 48000.0, 96000.0})
        for (const double to : {44100.0, 48000.0, 88200.0, 96000.0}) {
            CAPTURE(from);
            CAPTURE(to);
            for (const double hertz : {100.0, 1000.0, 15000.0}) {
                CAPTURE(hertz);
                const auto result =
                    resample({.rate = {from}, .tracks = {burst_at(from, hertz)}}, {to});
                REQUIRE(result);
                CHECK(result->rate.value == to);
                REQUIRE(result->frames() == static_cast<std::size_t>(to));
                double worst = 0.0;
                for (std::size_t i = 0; i < result->frames(); ++i)
                    worst = std::max(worst, std::fabs(static_cast<double>(result->tracks[0][i]) -
                                                      burst(static_cast<double>(i) / to, hertz)));
                // 1e-4 dB of level, the ripple of soxr's passband, of a peak of 0.5; a time error
                // of a thousandth of a frame at 15 kHz would be 1e-3.
                CHECK(worst < 6e-6);
            }
        }
}

TEST_CASE("resample: the same rate changes nothing") {
    const std::vector<float> track = {0.1f, -0.2f, 0.3f};
    const auto result = resample({.rate = {48000.0}, .tracks = {track, track}}, {48000.0});
    REQUIRE(result);
    CHECK(result->tracks == std::vector<std::vector<float>>{track, track});
}

TEST_CASE("resample: empty and one-frame sounds keep their sense") {
    CHECK(resample({.rate = {48000.0}, .tracks = {{}}}, {96000.0})->frames() == 0);
    CHECK(resample({.rate = {48000.0}, .tracks = {{1.0f}}}, {96000.0})->frames() == 2);
    CHECK_FALSE(resample({.rate = {0.0}, .tracks = {{1.0f}}}, {96000.0}));
}

// Three pairs in the usual run; all thirty by hand: MIXRIG_RATES=1, with -s for their figures.
TEST_CASE("resample: the pass band is flat, and 140 dB below a tone there is nothing else") {
    const bool all = std::getenv("MIXRIG_RATES") != nullptr;
    const std::pair<double, double> few[] = {
        {44100.0, 48000.0}, {96000.0, 44100.0}, {48000.0, 192000.0}};
    std::vector<std::pair<double, double>> pairs(std::begin(few), std::end(few));
    if (all) pairs.clear();
    for (const double from : test::kRates)
        for (const double to : test::kRates)
            if (all && from != to) pairs.emplace_back(from, to);
    for (const auto& pair : pairs) {
        const test::Conversion found = test::measure_conversion(pair.first, pair.second);
        const double half = std::min(pair.first, pair.second) / 2.0;
        CAPTURE(pair.first);
        CAPTURE(pair.second);
        INFO("-0.1 dB at " << found.edge_01dB << " Hz, -3 dB at " << found.edge_3dB
                           << " Hz, ripple " << found.ripple_dB << " dB, rejected "
                           << found.rejected_dB << " dB, THD+N " << found.noise_1k_dB << " and "
                           << found.noise_high_dB << " dB");
        CHECK(found.edge_01dB > 0.91 * half);
        CHECK(found.ripple_dB < 0.01);
        // Rounding to floats alone, at both ends, leaves -149 dB.
        CHECK(found.rejected_dB < -140.0);
        CHECK(found.noise_1k_dB < -145.0);
        CHECK(found.noise_high_dB < -145.0);
    }
}

}  // namespace resample_test
