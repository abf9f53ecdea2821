// True peak against EBU Tech 3341 (2016), cases 15 to 23.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/monitor/signals.h"

#include <doctest/doctest.h>

using namespace mixrig::monitor;
using namespace mixrig::tests;

namespace true_peak_test {

constexpr double kTau = 2.0 * std::numbers::pi;

// Table 1: +0.2 / -0.4 dB.
void check_peak(const std::vector<float>& signal, double expected) {
    LoudnessMeter m = meter();
    add_stereo(m, signal);
    CHECK(m.true_peak() <= expected + 0.2);
    CHECK(m.true_peak() >= expected - 0.4);
    CHECK(m.true_peak(0) == m.true_peak(1));
}

double fade(std::size_t i, std::size_t size, std::size_t length) {
    const std::size_t edge = std::min(i, size - 1 - i);
    return edge >= length ? 1.0 : static_cast<double>(edge) / static_cast<double>(length);
}

std::vector<float> sine(double periods_per_frame, double degrees, double peak) {
    std::vector<float> out(48000);
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = static_cast<float>(
            peak * fade(i, out.size(), 480) *
            std::sin(kTau * (periods_per_frame * static_cast<double>(i) + degrees / 360.0)));
    return out;
}

// fs/6 at 0.50 with one period of fs/4 at 1.00 in its middle, continuous in phase: made at 4 fs.
std::vector<double> burst_at_4fs() {
    constexpr std::size_t base = 24, inserted = 16, periods = 1000;
    std::vector<double> out;
    for (std::size_t p = 0; p < periods; ++p) {
        for (std::size_t i = 0; i < base; ++i)
            out.push_back(0.5 * std::sin(kTau * static_cast<double>(i) / base));
        for (std::size_t i = 0; p == periods / 2 && i < inserted; ++i)
            out.push_back(std::sin(kTau * static_cast<double>(i) / inserted));
    }
    for (std::size_t i = 0; i < out.size(); ++i) out[i] *= fade(i, out.size(), 1920);
    return out;
}

// Every fourth frame from `offset`, behind a Blackman-windowed sinc of 511 taps that ends at fs/2.
std::vector<float> decimated(const std::vector<double>& in, std::size_t offset) {
    constexpr int half = 255;
    constexpr double corner = 0.115;  // of 4 fs: 22 kHz for fs = 48 kHz
    std::vector<double> taps;
    for (int k = -half; k <= half; ++k) {
        const double sinc =
            k == 0 ? 2.0 * corner : std::sin(kTau * corner * k) / (std::numbers::pi * k);
        const double w = std::numbers::pi * k / half;
        taps.push_back(sinc * (0.42 + 0.5 * std::cos(w) + 0.08 * std::cos(2.0 * w)));
    }
    std::vector<float> out;
    for (std::size_t at = offset; at < in.size(); at += 4) {
        double sum = 0.0;
        for (int k = -half; k <= half; ++k) {
            const auto from = static_cast<std::ptrdiff_t>(at) + k;
            if (from >= 0 && from < static_cast<std::ptrdiff_t>(in.size()))
                sum +=
                    in[static_cast<std::size_t>(from)] * taps[static_cast<std::size_t>(k + half)];
        }
        out.push_back(static_cast<float>(sum));
    }
    return out;
}

TEST_CASE("tech 3341 case 15: fs/4 with a sample on the peak") {
    check_peak(sine(0.25, 0.0, 0.5), -6.0);
}
TEST_CASE("tech 3341 case 16: fs/4 at 45 degrees") {
    check_peak(sine(0.25, 45.0, 0.5), -6.0);
}
TEST_CASE("tech 3341 case 17: fs/6 at 60 degrees") {
    check_peak(sine(1.0 / 6.0, 60.0, 0.5), -6.0);
}
TEST_CASE("tech 3341 case 18: fs/8 at 67.5 degrees") {
    check_peak(sine(0.125, 67.5, 0.5), -6.0);
}
TEST_CASE("tech 3341 case 19: above full scale") {
    check_peak(sine(0.25, 45.0, 1.41), 3.0);
}

TEST_CASE(
    "tech 3341 cases 20 to 23: one loud period between samples, at every quarter of a frame") {
    const auto burst = burst_at_4fs();
    for (std::size_t offset = 0; offset < 4; ++offset) {
        CAPTURE(offset);
        check_peak(decimated(burst, offset), 0.0);
    }
}

TEST_CASE("true peak: the sample peak of fs/4 at 45 degrees is 3 dB short of it") {
    LoudnessMeter m = meter();
    add_stereo(m, sine(0.25, 45.0, 0.5));
    CHECK(m.sample_peak() == doctest::Approx(-9.03).epsilon(0.001));
}

}  // namespace true_peak_test
