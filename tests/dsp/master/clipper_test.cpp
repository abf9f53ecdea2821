// The clipper: its curve, aliases, what is left alone, how far the last filter passes the ceiling.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/clipper.h"

#include "tests/dsp/master/shaper_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::master;
using namespace mixrig::dsp::literals;

namespace clipper_test {

// As the header has it.
double curve(double x, double knee) {
    const double size = std::fabs(x), bent = size - (1.0 - knee);
    if (bent <= 0.0) return x;
    if (size >= 1.0 + knee) return x > 0.0 ? 1.0 : -1.0;
    return std::copysign(size - bent * bent / (4.0 * knee), x);
}

ClipperSettings clipping(double drive, double ceiling, double knee) {
    return {.drive = {drive}, .ceiling = {ceiling}, .knee = knee, .on = true};
}

Samples squares(std::size_t half, std::size_t frames) {
    Samples x(frames);
    for (std::size_t n = 0; n < frames; ++n) x[n] = n / half % 2 == 0 ? 1.0f : -1.0f;
    return x;
}

TEST_CASE("clipper: harmonics are those of its curve") {
    for (const Hertz rate : {48_kHz, 192_kHz})
        for (const double knee : {0.001, 0.25, 1.0})
            for (const double drive : {0.0, 12.0, 24.0}) {
                const double ceiling = gain_of(-3.0), amplitude = 0.5 * gain_of(drive) / ceiling;
                const auto wave = [&](double phase) {
                    return ceiling * curve(amplitude * std::sin(phase), knee);
                };
                const auto found = heard_harmonics<Clipper>(clipping(drive, -3.0, knee), rate);
                for (std::size_t k = 0; k < found.size(); ++k) {
                    CAPTURE(knee);
                    CAPTURE(drive);
                    CAPTURE(k);
                    const double expected = harmonic(wave, static_cast<int>(k) + 1);
                    CHECK(std::fabs(found[k] - expected) < 0.002 * expected + 3e-6);
                }
            }
}

TEST_CASE("clipper: aliases of 5 kHz at -6 dB and full drive are below -80 dB") {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz})
        for (const double knee : {0.0, 0.25, 1.0}) {
            const double found = aliases_dB<Clipper>(clipping(24.0, 0.0, knee), rate);
            MESSAGE(rate.value << " Hz, knee " << knee << ": " << found << " dB");
            CHECK(found < -80.0);
        }
}

TEST_CASE("clipper: what lies below the knee passes at unity gain, and nothing is added") {
    for (const Hertz rate : kRates)
        CHECK(worst_unity_dB<Clipper>(clipping(0.0, -1.0, 0.25), rate) < 0.1);
    Clipper unit(48_kHz);
    unit.set(clipping(0.0, 0.0, 0.25), Change::jump);
    Stereo x = both(sweep::noise(9600, 0.2f, 3));
    for (std::size_t at = 0; at < x.left.size(); at += kQuantum) {
        unit.begin_quantum();
        unit.process(x.left.data() + at, x.right.data() + at, {0, kQuantum});
        const auto& gains = unit.gains().side[0];
        REQUIRE(std::all_of(gains.begin(), gains.end(), [](float gain) { return gain == 1.0f; }));
    }
}

TEST_CASE("clipper: gains lie between 0 and 1") {
    for (const double knee : {0.0, 0.3, 1.0}) {
        Clipper unit(48_kHz);
        unit.set(clipping(24.0, 0.0, knee), Change::jump);
        Stereo x = {sweep::noise(4800, 1.0f, 3), squares(7, 4800)};
        for (std::size_t at = 0; at < x.left.size(); at += kQuantum) {
            unit.begin_quantum();
            unit.process(x.left.data() + at, x.right.data() + at, {0, kQuantum});
            for (const auto& side : unit.gains().side) {
                const auto [least, most] = std::minmax_element(side.begin(), side.end());
                REQUIRE(*least > 0.0f);
                REQUIRE(*most <= 1.0f);
            }
        }
    }
}

TEST_CASE("clipper: how far the last filter passes the ceiling") {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz})
        for (const double knee : {0.0, 1.0}) {
            double most = 0.0;
            for (const std::size_t half : {2u, 3u, 5u, 64u})
                most = std::max(most, static_cast<double>(sweep::peak(shaped<Clipper>(
                                          clipping(12.0, 0.0, knee), squares(half, 9600), rate))));
            const double noise = static_cast<double>(sweep::peak(
                shaped<Clipper>(clipping(24.0, 0.0, knee), sweep::noise(48000, 1.0f, 5), rate)));
            const double sine = static_cast<double>(sweep::peak(shaped<Clipper>(
                clipping(12.0, 0.0, knee), sweep::sine({997.0}, 48000, rate), rate)));
            MESSAGE(rate.value << " Hz, knee " << knee << ": above the ceiling squares "
                               << in_dB(most) << ", noise " << in_dB(noise) << ", a sine "
                               << in_dB(sine) << " dB");
            CHECK(in_dB(most) < 2.4);
            CHECK(in_dB(noise) < 5.1);
            CHECK(in_dB(sine) < 0.3);
        }
}

TEST_CASE("clipper: any setting may jump from end to end under a sine without a click") {
    const ClipperSettings usual = clipping(6.0, -6.0, 0.5);
    std::vector<std::array<ClipperSettings, 2>> jumps(3, {usual, usual});
    jumps[0][0].drive = {0.0};
    jumps[0][1].drive = {24.0};
    jumps[1][0].ceiling = {-24.0};
    jumps[1][1].ceiling = {0.0};
    jumps[2][0].knee = 0.0;
    jumps[2][1].knee = 1.0;
    for (std::size_t k = 0; k < jumps.size(); ++k)
        for (const Hertz tone : {1_kHz, 100_Hz}) {
            CAPTURE(k);
            CAPTURE(tone.value);
            CHECK(click<Clipper>(jumps[k][0], jumps[k][1], tone) < 2e-3);
            CHECK(click<Clipper>(jumps[k][1], jumps[k][0], tone) < 2e-3);
        }
}

}  // namespace clipper_test
