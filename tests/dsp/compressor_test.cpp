// What the compressor does to levels: curve, times, key, link, makeup and mix.
// definition.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/compressor.h"

#include "dsp/cpu.h"
#include "dsp/denormals.h"
#include "tests/dsp/compressor_support.h"
#include "tests/dsp/dynamics_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace mixrig::dsp;
using namespace mixrig::dsp::literals;
using namespace mixrig::dsp::test;

namespace compressor_test {

// Reduction in dB after a second of a 1 kHz sine of this peak level.
double steady_reduction(const CompressorSettings& settings, double dB, Hertz rate) {
    CompressorBank bank = with(settings, rate);
    Bank x = silence(static_cast<std::size_t>(rate.value));
    fill(x, 3, [&](std::size_t n) { return gain(dB) * sine(n, 1_kHz, rate); });
    process(bank, x, {});
    bank.clear_meters();
    return bank.reduction_dB()[3];
}

// Frames until the reduction has covered 63 % of its way from `from` to `to`, read from the gain of
// a DC step.
double time_of_step(Bank& x, std::size_t start, double input_after, double from, double to) {
    const double goal = from + (1.0 - std::exp(-1.0)) * (to - from);
    for (std::size_t n = start; n < x.size() * kQuantum; ++n) {
        const double reduction =
            -in_dB(std::fabs(static_cast<double>(sample(x, n, 0))) / input_after);
        if ((to > from && reduction >= goal) || (to < from && reduction <= goal))
            return static_cast<double>(n + 1 - start);
    }
    return std::numeric_limits<double>::infinity();
}

TEST_CASE("compressor: static curve within 0.1 dB, peak and RMS, at every rate") {
    struct Row {
        double threshold, ratio, knee, level, expected;  // dB; level is the sine's peak
    };
    const Row rows[] = {
        {-20, 4, 0, -40, 0.0},
        {-20, 4, 0, -20, 0.0},
        {-20, 4, 0, -10, 7.5},
        {-20, 4, 0, 0, 15.0},
        {-20, 2, 0, -6, 7.0},
        {-20, 100, 0, -3, 17.0},
        {-20, 1, 0, 0, 0.0},
        {-20, 4, 12, -26, 0.0},
        {-20, 4, 12, -20, 1.125},
        {-20, 4, 12, -14, 4.5},
        {-20, 4, 12, -10, 7.5},
        {-20, 4, 12, -23, 0.28125},
        {-30, 3, 6, -28, 2.0 / 3.0 * 25.0 / 12.0},
        {-50, 20, 24, -50, 0.95 * 3.0},
        {-60, 10, 0, 0, 54.0},
    };
    for (const Hertz rate : kRates)
        for (const Row& row : rows) {
            CAPTURE(rate.value);
            CAPTURE(row.level);
            CAPTURE(row.knee);
            CompressorSettings settings = plain_compressor();
            settings.threshold = Decibels{row.threshold};
            settings.ratio = row.ratio;
            settings.knee = Decibels{row.knee};
            CHECK(std::fabs(steady_reduction(settings, row.level, rate) - row.expected) < 0.1);
            settings.detector = Detector::rms;  // the RMS of a sine is 3.01 dB below its peak
            settings.threshold = Decibels{row.threshold - in_dB(std::numbers::sqrt2)};
            CHECK(std::fabs(steady_reduction(settings, row.level, rate) - row.expected) < 0.1);
        }
}

TEST_CASE("compressor: detectors read a 1 kHz sine within 0.1 dB whatever attack and release") {
    for (const Hertz rate : kRates)
        for (const Seconds attack : {0_ms, 0.1_ms, 30_ms})
            for (const Seconds release : {5_ms, 50_ms, 500_ms})
                for (const Detector detector : {Detector::peak, Detector::rms}) {
                    CAPTURE(rate.value);
                    CAPTURE(attack.value);
                    CAPTURE(release.value);
                    CompressorSettings settings = plain_compressor();
                    settings.ratio = 100.0;  // reduction is level above threshold
                    settings.threshold = Decibels{-40.0};
                    settings.attack = attack;
                    settings.release = release;
                    settings.detector = detector;
                    const double reading = steady_reduction(settings, -6.0, rate) - 40.0;
                    CHECK(std::fabs(reading - (detector == Detector::peak ? -6.0 : -9.0103)) < 0.1);
                }
}

TEST_CASE("compressor: attack and release cover 63 % of a step in dB in their time, within 5 %") {
    const double low = gain(-40.0), high = gain(-6.0);
    const double reduced = 0.75 * 14.0;
    for (const Hertz rate : kRates) {
        for (const Seconds attack : {1_ms, 3_ms, 10_ms, 50_ms, 200_ms}) {
            for (const std::size_t offset : {0u, 1u, 2u, 3u}) {  // of the step from a tick
                CAPTURE(rate.value);
                CAPTURE(attack.value);
                CAPTURE(offset);
                CompressorSettings settings = plain_compressor();
                settings.attack = attack;
                CompressorBank bank = with(settings, rate);
                const std::size_t start = 3200 + offset;
                Bank x = silence(start + static_cast<std::size_t>(2.0 * attack.value * rate.value));
                fill(x, 0, [&](std::size_t n) { return n < start ? low : high; });
                process(bank, x, {});
                const double frames = time_of_step(x, start, high, 0.0, reduced);
                CHECK(std::fabs(frames / (attack.value * rate.value) - 1.0) < 0.05);
            }
        }
        for (const Seconds release : {20_ms, 100_ms, 500_ms, 2000_ms}) {
            CAPTURE(rate.value);
            CAPTURE(release.value);
            CompressorSettings settings = plain_compressor();
            settings.attack = 1_ms;
            settings.release = release;
            CompressorBank bank = with(settings, rate);
            const auto start = static_cast<std::size_t>(0.05 * rate.value);
            Bank x = silence(start + static_cast<std::size_t>(1.3 * release.value * rate.value));
            fill(x, 0, [&](std::size_t n) { return n < start ? high : low; });
            process(bank, x, {});
            const double frames = time_of_step(x, start, low, reduced, 0.0);
            CHECK(std::fabs(frames / (release.value * rate.value) - 1.0) < 0.05);
        }
    }
}

TEST_CASE("compressor: max_reduction is the most it takes away") {
    CompressorSettings settings = plain_compressor();
    settings.max_reduction = 6_dB;
    CHECK(steady_reduction(settings, 0.0, 48_kHz) == doctest::Approx(6.0).epsilon(0.001));
    CHECK(steady_reduction(settings, -16.0, 48_kHz) == doctest::Approx(3.0).epsilon(0.02));
}

TEST_CASE("compressor: makeup lifts and mix blends the compressed signal with the dry one") {
    CompressorSettings settings = plain_compressor();
    settings.makeup = 6_dB;
    for (const double mix : {0.0, 0.25, 1.0}) {
        CAPTURE(mix);
        settings.mix = mix;
        CompressorBank bank = with(settings, 48_kHz);
        Bank x = silence(48000);
        fill(x, 5, [](std::size_t) { return 0.5; });
        process(bank, x, {});
        const double reduced = 0.75 * (in_dB(0.5) + 20.0);
        const double expected = 0.5 * (1.0 - mix + mix * gain(6.0 - reduced));
        CHECK(std::fabs(in_dB(static_cast<double>(sample(x, 47999, 5)) / expected)) < 0.01);
    }
}

TEST_CASE("compressor: the key decides, not the signal") {
    CompressorBank bank = with(plain_compressor(), 48_kHz);
    Bank x = silence(24000), key = silence(24000);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        fill(x, lane, [](std::size_t) { return 0.001; });
        fill(key, lane, [&](std::size_t n) { return lane % 2 ? sine(n, 1_kHz, 48_kHz) : 0.0; });
    }
    process(bank, x, {.key = &key});
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const double reduced = -in_dB(static_cast<double>(sample(x, 23999, lane)) / 0.001);
        CHECK(std::fabs(reduced - (lane % 2 ? 15.0 : 0.0)) < 0.1);
    }
}

TEST_CASE("compressor: linked lanes obey the louder one of their own pair") {
    for (const Target& target : targets()) {
        use_target(target);
        CAPTURE(target.name);
        for (std::size_t loud = 0; loud < kLanes; ++loud) {
            CompressorBank bank = with(plain_compressor(), 48_kHz);
            Bank x = silence(9600);
            for (std::size_t lane = 0; lane < kLanes; ++lane)
                fill(x, lane, [&](std::size_t) { return lane == loud ? 1.0 : 0.01; });
            process(bank, x, {.linked = 0x0fff});
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                CAPTURE(lane);
                const bool follows = lane == loud || (lane == (loud ^ 1u) && lane < 12);
                CHECK(bank.reduction_dB()[lane] ==
                      doctest::Approx(follows ? 15.0 : 0.0).epsilon(0.01));
            }
        }
    }
    init();
}

TEST_CASE("compressor: a lane that is on hears a linked partner that is off") {
    CompressorBank bank(48_kHz);
    bank.set(4, design_compressor(plain_compressor(), 48_kHz), Change::jump);
    Bank x = silence(9600);
    fill(x, 5, [](std::size_t) { return 1.0; });
    process(bank, x, {.linked = 0x0030});
    CHECK(bank.reduction_dB()[4] == doctest::Approx(15.0).epsilon(0.01));
    CHECK(sample(x, 9599, 5) == 1.0f);
}

}  // namespace compressor_test
