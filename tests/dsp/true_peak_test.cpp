// The true-peak detector: precision on tones, its bound, and that vectors equal the definition.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/true_peak.h"

#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;

namespace true_peak_test {

constexpr std::size_t kMargin = kTruePeakTaps;

std::vector<float> peaks_of(const std::vector<float>& x) {
    std::vector<float> peaks(x.size() - 2 * kMargin);
    true_peaks(x.data() + kMargin, peaks.data(), peaks.size());
    return peaks;
}

TEST_CASE("true peak: every fused target gives the bits of the definition, for every count") {
    Noise noise(1);
    std::vector<float> x(200);
    for (float& y : x) y = noise.sample();
    on_every_target([&](const Target& target) {
        CAPTURE(target.name);
        for (std::size_t frames = 0; frames <= 100; ++frames) {
            std::vector<float> got(frames + 1, 7.0f), expected(frames + 1, 7.0f);
            true_peaks(x.data() + kMargin + frames % 4, got.data(), frames);
            true_peaks_scalar(x.data() + kMargin + frames % 4, expected.data(), frames);
            if (target.fused) CHECK(got == expected);
            for (std::size_t n = 0; n <= frames; ++n)
                CHECK(std::fabs(got[n] - expected[n]) < 2e-6f);
        }
    });
}

TEST_CASE("true peak: pieces give the same bits as the whole, on every target") {
    Noise noise(2);
    std::vector<float> x(300);
    for (float& y : x) y = noise.sample();
    on_every_target([&](const Target& target) {
        CAPTURE(target.name);
        const std::vector<float> whole = peaks_of(x);
        for (const std::size_t piece : {1u, 5u, 16u, 33u}) {
            std::vector<float> cut(whole.size());
            for (std::size_t n = 0; n < cut.size(); n += piece)
                true_peaks(x.data() + kMargin + n, cut.data() + n, std::min(piece, cut.size() - n));
            CHECK(cut == whole);
        }
    });
}

TEST_CASE("true peak: tones up to 0.42 of the rate are read up to 0.23 dB high, never low") {
    double lowest = 1.0, highest = 1.0;
    for (double f = 0.01; f <= 0.42; f += 0.0133)  // cycles a frame
        for (double phase = 0.0; phase < 1.0; phase += 0.0417) {
            std::vector<float> x(kMargin * 2 + 200);
            for (std::size_t n = 0; n < x.size(); ++n)
                x[n] = static_cast<float>(
                    std::sin(2.0 * std::numbers::pi * (f * static_cast<double>(n) + phase)));
            const std::vector<float> peaks = peaks_of(x);
            const auto peak = static_cast<double>(*std::max_element(peaks.begin(), peaks.end()));
            lowest = std::min(lowest, peak);
            highest = std::max(highest, peak);
        }
    MESSAGE("reads " << 20.0 * std::log10(lowest) << " to " << 20.0 * std::log10(highest) << " dB");
    CHECK(20.0 * std::log10(lowest) > -0.01);
    CHECK(20.0 * std::log10(highest) < 0.23);  // ripple of the printed one
}

TEST_CASE("true peak: nothing is read above the bound") {
    Noise noise(3);
    std::vector<float> x(2000);
    for (float& y : x) y = noise.below(2) ? 1.0f : -1.0f;
    for (std::size_t n = 0; n < 200; ++n)  // the worst case: signs that follow the interpolator
        x[1000 + n] = (n % 2 == 0) == (n < 100) ? 1.0f : -1.0f;
    float peak = 0.0f;
    for (const float y : peaks_of(x)) peak = std::max(peak, y);
    CHECK(peak <= true_peak_bound());
    CHECK(peak > 0.95f * true_peak_bound());
}

}  // namespace true_peak_test
