// Saturation: its curves, aliases, latency, tone and level.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/saturation.h"

#include "tests/dsp/fx/sweep_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::sweep;
using namespace mixrig::dsp::literals;

namespace saturation_test {

const std::vector<Hertz> kRates = {44.1_kHz, 48_kHz, 96_kHz, 192_kHz};
constexpr float kSoft = 0.0f, kTube = 1.0f, kHard = 2.0f, kOpen = 20000.0f;

Samples saturated(const FxSettings& settings, const Samples& x, Hertz rate) {
    Saturation unit(rate);
    unit.set(settings, Change::jump);
    return through(unit, {x, x}).left;
}

double decibels(double ratio) {
    return 20.0 * std::log10(ratio + 1e-30);
}

// The curves as the header has them.
double curve(float which, double x) {
    const auto s = [](double u) { return u / std::sqrt(1.0 + u * u); };
    if (which == kSoft) return s(x);
    if (which == kTube) return (s(x + 0.3) - s(0.3)) * std::pow(1.09, 1.5);
    const double size = std::fabs(x);
    if (size <= 0.75) return x;
    if (size >= 1.25) return x > 0.0 ? 1.0 : -1.0;
    return std::copysign(size - (size - 0.75) * (size - 0.75), x);
}

// The harmonic of a curve under a sine, by its Fourier integral.
double harmonic(float which, double amplitude, int number) {
    constexpr int kSteps = 4096;
    std::complex<double> sum = 0.0;
    for (int n = 0; n < kSteps; ++n) {
        const double phase = 2.0 * std::numbers::pi * n / kSteps;
        sum += curve(which, amplitude * std::sin(phase)) * std::polar(1.0, -number * phase);
    }
    return 2.0 * std::abs(sum) / kSteps;
}

TEST_CASE("saturation: harmonics of every curve are those of its formula") {
    for (const Hertz rate : {48_kHz, 192_kHz})
        for (const float which : {kSoft, kTube, kHard})
            for (const float drive : {0.0f, 12.0f, 36.0f}) {
                const auto frames = static_cast<std::size_t>(rate.value * 0.6);
                const Samples y = saturated({drive, which, kOpen, 0.0f, 1.0f},
                                            scaled(sine(200_Hz, frames, rate), 0.5), rate);
                const double amplitude = 0.5 * std::pow(10.0, static_cast<double>(drive) / 20.0);
                for (int number = 1; number <= 7; ++number) {
                    const double expected = harmonic(which, amplitude, number);
                    const double found = coherent(y, frames / 6, 100.0 * number);
                    CAPTURE(which);
                    CAPTURE(drive);
                    CAPTURE(number);
                    // The tube's high-pass takes 0.003 dB at 200 Hz, floats leave 1e-6.
                    CHECK(std::fabs(found - expected) < 0.005 * expected + 3e-6);
                }
            }
}

TEST_CASE("saturation: aliases of a sine at full drive are 80 dB below the fundamental" *
          doctest::test_suite("figures")) {
    for (const Hertz rate : kRates)
        for (const float which : {kSoft, kTube, kHard}) {
            double worst = -300.0;
            for (const int hundreds : {50, 37}) {
                // All that can fold lies at multiples of 100 Hz: a tenth of a second holds whole
                // cycles of it.
                const auto size = static_cast<std::size_t>(rate.value / 10.0);
                // Of the tube's high-pass, to -120 dB; and whole quanta.
                const std::size_t all = 10 * size / kQuantum * kQuantum, settle = all - size;
                const Samples y =
                    saturated({36.0f, which, kOpen, 0.0f, 1.0f},
                              scaled(sine({hundreds * 100.0}, all, rate), 0.501187), rate);
                const double fundamental = coherent(y, settle, hundreds * 10);
                for (int bin = 1; bin * 100 < static_cast<int>(rate.value / 2.0); ++bin) {
                    if (bin % hundreds == 0) continue;
                    worst = std::max(worst, decibels(coherent(y, settle, bin * 10) / fundamental));
                }
            }
            MESSAGE(rate.value << " Hz, curve " << which << ": aliases " << worst << " dB");
            CAPTURE(rate.value);
            CAPTURE(which);
            CHECK(worst < -80.0);
        }
}

TEST_CASE("saturation: small signals pass at unity gain, dry and wet in line") {
    for (const Hertz rate : kRates)
        for (const float which : {kSoft, kTube, kHard})
            for (const float mix : {1.0f, 0.5f})
                for (const double frequency : {100.0, 1000.0, 10000.0, 18000.0, 20000.0}) {
                    if (rate.value < 48000.0 && frequency > 18000.0) continue;
                    const auto frames = static_cast<std::size_t>(rate.value * 0.2) / 32 * 32;
                    const Samples y =
                        saturated({0.0f, which, kOpen, 0.0f, mix},
                                  scaled(sine({frequency}, frames, rate), 1e-3), rate);
                    const double found = amplitude(y, frames / 4, frames, {frequency}, rate);
                    CAPTURE(rate.value);
                    CAPTURE(frequency);
                    CAPTURE(which);
                    // The Hann window's own reading of a sine is within 0.01 dB here.
                    CHECK(std::fabs(decibels(found / 1e-3)) < 0.1);
                }
}

TEST_CASE("saturation: the latency is what a cross-correlation finds; mix 0 is that delay alone") {
    for (const Hertz rate : kRates) {
        const Samples x = noise(4800, 0.1f, 3);
        Saturation unit(rate);
        unit.set({0.0f, kSoft, kOpen, 0.0f, 1.0f}, Change::jump);
        const std::size_t late = unit.latency();
        const Samples y = through(unit, {x, x}).left;
        std::size_t best = 0;
        double most = 0.0;
        for (std::size_t lag = 0; lag < 200; ++lag) {
            double sum = 0.0;
            for (std::size_t n = lag; n < 4800; ++n)
                sum += static_cast<double>(y[n]) * static_cast<double>(x[n - lag]);
            if (sum > most) {
                most = sum;
                best = lag;
            }
        }
        MESSAGE(rate.value << " Hz: latency " << late << " frames");
        CHECK(best == late);
        const Samples dry = saturated({36.0f, kHard, 1000.0f, -24.0f, 0.0f}, x, rate);
        for (std::size_t n = late; n < 4800; ++n) REQUIRE(dry[n] == x[n - late]);
    }
}

TEST_CASE("saturation: the tone is 3 dB down at its frequency, and out at 20 kHz") {
    for (const Hertz rate : kRates)
        for (const float tone : {1000.0f, 3000.0f, 10000.0f, 16000.0f}) {
            const auto frames = static_cast<std::size_t>(rate.value * 0.2) / 32 * 32;
            const auto gain = [&](double frequency) {
                const Samples y = saturated({0.0f, kSoft, tone, 0.0f, 1.0f},
                                            scaled(sine({frequency}, frames, rate), 1e-3), rate);
                return decibels(amplitude(y, frames / 4, frames, {frequency}, rate) / 1e-3);
            };
            CAPTURE(rate.value);
            CAPTURE(tone);
            CHECK(gain(static_cast<double>(tone)) == doctest::Approx(-3.01).epsilon(0.03));
            CHECK(std::fabs(gain(100.0)) < 0.1);
            if (tone < 4000.0f) CHECK(gain(4.0 * static_cast<double>(tone)) < -12.0);
        }
}

TEST_CASE("saturation: the tube leaves no DC, output and mix scale what they say") {
    const Samples x = scaled(sine(100_Hz, 96000, 48_kHz), 0.5);
    const auto mean = [](const Samples& y) {
        double sum = 0.0;
        for (std::size_t n = 72000; n < 96000; ++n) sum += static_cast<double>(y[n]) / 24000.0;
        return sum;
    };
    const Samples tube = saturated({18.0f, kTube, kOpen, 0.0f, 1.0f}, x, 48_kHz);
    CHECK(std::fabs(mean(tube)) < 1e-5);
    const Samples full = saturated({18.0f, kSoft, kOpen, 0.0f, 1.0f}, x, 48_kHz);
    const Samples less = saturated({18.0f, kSoft, kOpen, -20.0f, 1.0f}, x, 48_kHz);
    const Samples part = saturated({18.0f, kSoft, kOpen, -20.0f, 0.25f}, x, 48_kHz);
    const std::size_t late = Saturation(48_kHz).latency();
    for (std::size_t n = late; n < 9600; ++n) {
        REQUIRE(less[n] == doctest::Approx(0.1f * full[n]).epsilon(1e-5));
        REQUIRE(part[n] == doctest::Approx(0.25f * less[n] + 0.75f * x[n - late]).epsilon(1e-5));
    }
}

TEST_CASE("saturation: a square wave passes its limits by less than 1.3 times") {
    Samples square(9600);
    for (std::size_t n = 0; n < square.size(); ++n) square[n] = n / 64 % 2 == 0 ? 1.0f : -1.0f;
    for (const float which : {kSoft, kHard}) {
        const float most = peak(saturated({36.0f, which, kOpen, 0.0f, 1.0f}, square, 48_kHz));
        MESSAGE("curve " << which << ": peak of a square " << most);
        CHECK(most > 1.0f);
        CHECK(most < 1.3f);
    }
}

}  // namespace saturation_test
