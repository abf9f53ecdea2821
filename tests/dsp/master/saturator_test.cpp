// The saturator: curves, aliases, unity gain of what is small, settings that move.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/saturator.h"

#include "tests/dsp/master/shaper_support.h"

#include <doctest/doctest.h>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::master;
using namespace mixrig::dsp::literals;

namespace saturator_test {

constexpr SaturatorCurve kCurves[] = {SaturatorCurve::soft, SaturatorCurve::tube,
                                      SaturatorCurve::firm};

// As the header has them.
double curve(SaturatorCurve which, double x) {
    const auto s = [](double u) { return u / std::sqrt(1.0 + u * u); };
    if (which == SaturatorCurve::soft) return s(x);
    if (which == SaturatorCurve::tube) return (s(x + 0.2) - s(0.2)) * std::pow(1.04, 1.5);
    return x / std::pow(1.0 + x * x * x * x, 0.25);
}

SaturatorSettings driven(SaturatorCurve which, double drive) {
    return {.drive = {drive}, .curve = which, .on = true};
}

TEST_CASE("saturator: harmonics of every curve are those of its formula") {
    for (const Hertz rate : {48_kHz, 192_kHz})
        for (const SaturatorCurve which : kCurves)
            for (const double drive : {0.0, 12.0, 24.0}) {
                const double amplitude = 0.5 * gain_of(drive);
                const auto wave = [&](double phase) {
                    return curve(which, amplitude * std::sin(phase));
                };
                const auto found = heard_harmonics<Saturator>(driven(which, drive), rate);
                for (std::size_t k = 0; k < found.size(); ++k) {
                    CAPTURE(k);
                    const double expected = harmonic(wave, static_cast<int>(k) + 1);
                    // The tube's high-pass takes 0.003 dB at 200 Hz.
                    CHECK(std::fabs(found[k] - expected) < 0.002 * expected + 2e-6);
                }
            }
}

TEST_CASE("saturator: aliases of 5 kHz at -6 dB and full drive are below -80 dB") {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz})
        for (const SaturatorCurve which : kCurves) {
            const double found = aliases_dB<Saturator>(driven(which, 24.0), rate);
            MESSAGE(rate.value << " Hz, curve " << static_cast<int>(which) << ": " << found
                               << " dB");
            CHECK(found < -80.0);
        }
}

TEST_CASE("saturator: what is small passes at unity gain, dry and wet in line") {
    for (const Hertz rate : kRates)
        for (const SaturatorCurve which : kCurves)
            for (const float mix : {1.0f, 0.5f}) {
                SaturatorSettings s = driven(which, 0.0);
                s.mix = mix;
                CHECK(worst_unity_dB<Saturator>(s, rate) < 0.1);
            }
}

TEST_CASE("saturator: mix and output scale what they say") {
    SaturatorSettings s = driven(SaturatorCurve::firm, 18.0);
    const Samples x = sweep::noise(9600, 0.5f, 3);
    const Samples full = shaped<Saturator>(s, x, 48_kHz);
    s.output = {-20.0};
    s.mix = 0.25f;
    const Samples part = shaped<Saturator>(s, x, 48_kHz);
    s.mix = 0.0f;
    const Samples none = shaped<Saturator>(s, x, 48_kHz);
    const std::size_t late = Saturator(48_kHz).latency();
    for (std::size_t n = late; n < x.size(); ++n) {
        REQUIRE(none[n] == x[n - late]);
        REQUIRE(part[n] == doctest::Approx(0.025f * full[n] + 0.75f * x[n - late]).epsilon(1e-5));
    }
}

TEST_CASE("saturator: the tube leaves no DC") {
    const Samples y = shaped<Saturator>(driven(SaturatorCurve::tube, 18.0),
                                        scaled(sweep::sine(100_Hz, 96000, 48_kHz), 0.5), 48_kHz);
    double mean = 0.0;
    for (std::size_t n = 72000; n < 96000; ++n) mean += static_cast<double>(y[n]) / 24000.0;
    CHECK(std::fabs(mean) < 1e-5);
}

TEST_CASE("saturator: any setting may jump from end to end under a sine without a click") {
    const SaturatorSettings usual = driven(SaturatorCurve::soft, 12.0);
    std::vector<std::array<SaturatorSettings, 2>> jumps(5, {usual, usual});
    jumps[0][0].drive = {0.0};
    jumps[0][1].drive = {24.0};
    jumps[1][1].curve = SaturatorCurve::tube;
    jumps[2][1].curve = SaturatorCurve::firm;
    jumps[3][1].mix = 0.0f;
    jumps[4][0].output = {-24.0};
    jumps[4][1].output = {12.0};
    for (std::size_t k = 0; k < jumps.size(); ++k)
        for (const Hertz tone : {1_kHz, 100_Hz}) {
            CAPTURE(k);
            CHECK(click<Saturator>(jumps[k][0], jumps[k][1], tone) < 2e-3);
            CHECK(click<Saturator>(jumps[k][1], jumps[k][0], tone) < 2e-3);
        }
}

}  // namespace saturator_test
