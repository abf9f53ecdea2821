// De-esser: what it leaves alone, what it reads, what it takes away and how fast.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/de_esser.h"

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

namespace de_esser_test {

const std::vector<Hertz> kRates = {44.1_kHz, 48_kHz, 96_kHz, 192_kHz};
constexpr float kSplit = 0.0f, kWide = 1.0f;

double decibels(double ratio) {
    return 20.0 * std::log10(ratio + 1e-30);
}

double gain(double dB) {
    return std::pow(10.0, dB / 20.0);
}

Samples tone(double frequency, double amplitude, Hertz rate, double seconds) {
    Samples x = sine({frequency}, static_cast<std::size_t>(seconds * rate.value) / 32 * 32, rate);
    for (float& sample : x) sample = static_cast<float>(amplitude * static_cast<double>(sample));
    return x;
}

// The header's formulas.
double high_band(double f, double frequency, Hertz rate) {
    const double w = std::tan(std::numbers::pi * f / rate.value) /
                     std::tan(std::numbers::pi * frequency / rate.value);
    return std::pow(w, 4.0) / (1.0 + std::pow(w, 4.0));
}

double reduction(double over, double range) {
    if (over <= -3.0) return 0.0;
    return std::min(range, over < 3.0 ? (over + 3.0) * (over + 3.0) / 16.0 : 0.75 * over);
}

double settled(const Samples& y, double frequency, Hertz rate) {
    return amplitude(y, y.size() / 2, y.size(), {frequency}, rate);
}

TEST_CASE("de-esser: without sibilants the magnitude is flat in both modes, and nothing is late") {
    for (const Hertz rate : kRates)
        for (const float frequency : {2000.0f, 6000.0f, 12000.0f})
            for (const float mode : {kSplit, kWide}) {
                DeEsser unit(rate);
                unit.set({frequency, 0.0f, 24.0f, mode, 50.0f}, Change::jump);
                Samples x = impulse(4800);
                x[0] = 0.25f;
                const Samples h = through(unit, {x, x}).left;
                CHECK(unit.latency() == 0);
                CHECK(std::fabs(h[0]) > 0.01f);
                for (double f = 20.0; f < 0.499 * rate.value; f *= 1.05) {
                    std::complex<double> sum = 0.0, turned = 1.0;
                    const auto turn = std::polar(1.0, -2.0 * std::numbers::pi * f / rate.value);
                    for (const float sample : h) {
                        sum += static_cast<double>(sample) * turned;
                        turned *= turn;
                    }
                    CAPTURE(rate.value);
                    CAPTURE(frequency);
                    CAPTURE(f);
                    CHECK(std::fabs(decibels(std::abs(sum) / 0.25)) < 0.1);
                }
            }
}

TEST_CASE("de-esser: reads the peak of a steady sine in the band within 0.2 dB at any frequency") {
    double worst = 0.0;
    for (const Hertz rate : kRates)
        for (const double frequency : {2000.0, 4000.0, 8000.0})
            for (const double f : {2000.0, 3000.0, 4000.0, 5512.5, 6000.0, 8000.0, 9600.0, 11025.0,
                                   12000.0, 16000.0, 19000.0}) {
                if (f < frequency) continue;
                DeEsser unit(rate);
                // The knee is passed, so 4 dB of level are 3 of reduction.
                unit.set({static_cast<float>(frequency), -30.0f, 24.0f, kSplit, 10.0f},
                         Change::jump);
                const Samples x = tone(f, gain(-12.0), rate, 0.3);
                through(unit, {x, x});
                const double level = -30.0 + unit.reduction().value / 0.75;
                const double expected = -12.0 + decibels(high_band(f, frequency, rate));
                CAPTURE(rate.value);
                CAPTURE(frequency);
                CAPTURE(f);
                CHECK(std::fabs(level - expected) < 0.2);
                worst = std::max(worst, std::fabs(level - expected));
            }
    MESSAGE("level of a steady sine: off by at most " << worst << " dB");
}

TEST_CASE("de-esser: a 7 kHz sine is reduced by the header's formula") {
    for (const Hertz rate : kRates)
        for (const double frequency : {3000.0, 5000.0})
            for (const double range : {24.0, 6.0})
                for (const float mode : {kSplit, kWide})
                    for (const double over : {-6.0, 0.0, 2.0, 6.0, 12.0, 24.0}) {
                        const double band = high_band(7000.0, frequency, rate);
                        const double threshold = -40.0;
                        // So loud that the band is `over` above the threshold.
                        const double amplitude = gain(threshold + over) / band;
                        DeEsser unit(rate);
                        unit.set({static_cast<float>(frequency), static_cast<float>(threshold),
                                  static_cast<float>(range), mode, 50.0f},
                                 Change::jump);
                        const Samples x = tone(7000.0, amplitude, rate, 0.2);
                        const Samples y = through(unit, {x, x}).left;
                        const double g = gain(-reduction(over, range));
                        const double expected = mode == kWide ? g : 1.0 - band + band * g;
                        CAPTURE(rate.value);
                        CAPTURE(over);
                        CAPTURE(mode);
                        CHECK(std::fabs(decibels(settled(y, 7000.0, rate) / amplitude / expected)) <
                              0.2);
                    }
}

TEST_CASE("de-esser: a full-scale 200 Hz tone passes, alone and, in split mode, under a sibilant") {
    for (const Hertz rate : kRates)
        for (const bool sibilant : {false, true}) {
            DeEsser unit(rate);
            unit.set({sibilant ? 5000.0f : 2000.0f, -60.0f, 24.0f, kSplit, 50.0f}, Change::jump);
            Samples x = tone(200.0, 1.0, rate, 0.5);
            if (sibilant) {
                const Samples s = tone(9000.0, 0.3, rate, 0.5);
                for (std::size_t n = 0; n < x.size(); ++n) x[n] += s[n];
            }
            const Samples y = through(unit, {x, x}).left;
            CAPTURE(rate.value);
            CHECK(std::fabs(decibels(settled(y, 200.0, rate))) < 0.1);
            // The sine's start is released yet.
            CHECK(std::fabs(unit.reduction().value - (sibilant ? 24.0 : 0.0)) < 0.001);
        }
}

TEST_CASE("de-esser: both sides are turned down by the louder one") {
    DeEsser unit(48_kHz);
    unit.set({3000.0f, -40.0f, 24.0f, kWide, 50.0f}, Change::jump);
    const Samples loud = tone(7000.0, 0.5, 48_kHz, 0.5), soft = tone(300.0, 0.01, 48_kHz, 0.5);
    for (const bool swapped : {false, true}) {
        unit.reset();
        const Stereo y = through(unit, swapped ? Stereo{soft, loud} : Stereo{loud, soft});
        const double taken = decibels(settled(swapped ? y.left : y.right, 300.0, 48_kHz) / 0.01);
        CHECK(taken == doctest::Approx(-24.0).epsilon(0.01));
    }
}

TEST_CASE("de-esser: 63 % of a step are reached in 1 ms up and in the release down") {
    for (const Hertz rate : kRates)
        for (const float release : {10.0f, 80.0f, 500.0f}) {
            DeEsser unit(rate);
            unit.set({3000.0f, -40.0f, 12.0f, kSplit, release}, Change::jump);
            const Samples loud = tone(9000.0, 0.5, rate, 0.1);
            double up = 0.0;
            Stereo x{loud, loud};
            for (std::size_t at = 0; at < loud.size(); at += kQuantum) {
                unit.begin_quantum();
                for (std::size_t n = 0; n < kQuantum; ++n) {
                    unit.process(x.left.data() + at, x.right.data() + at, {n, 1});
                    if (unit.reduction().value < 12.0 * 0.632) up += 1.0 / rate.value;
                }
            }
            CAPTURE(rate.value);
            CHECK(unit.reduction().value == doctest::Approx(12.0).epsilon(0.001));
            // The quadrature needs some frames and the filters a cycle to come up.
            CHECK(up > 0.9e-3);
            CHECK(up < 1.5e-3);
            double down = 0.0;
            while (unit.reduction().value > 12.0 * 0.368) {
                through(unit, {Samples(kQuantum, 0.0f), Samples(kQuantum, 0.0f)});
                down += static_cast<double>(kQuantum) / rate.value;
            }
            // A millisecond is what the band rings on above the threshold.
            CHECK(down * 1000.0 > static_cast<double>(release) * 0.98);
            CHECK(down * 1000.0 < static_cast<double>(release) * 1.02 + 2.0);
        }
}

}  // namespace de_esser_test
