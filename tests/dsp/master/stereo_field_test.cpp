// The stereo field: widths of its bands, mono below a frequency, what must stay.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/stereo_field.h"

#include "tests/dsp/master/support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::master;
using namespace mixrig::dsp::literals;

namespace stereo_field_test {

StereoField made(const StereoFieldSettings& settings, Hertz rate) {
    StereoField unit(rate);
    unit.set(settings, Change::jump);
    return unit;
}

TEST_CASE("stereo field: side is as wide as its band says, mid stays") {
    for (const Hertz rate : kRates) {
        const StereoFieldSettings s{
            .splits = {{{250.0}, {4000.0}}}, .width = {0.25, 2.0, 0.5}, .on = true};
        // Far inside the bands; four octaves from a split an LR4 leaves 1e-5 of the other band.
        const std::vector<Hertz> at = {{15.0}, {1000.0}, {20000.0}};
        StereoField unit = made(s, rate);
        const std::vector<double> side = gains_dB(unit, at, -1.0, rate).left;
        CAPTURE(rate.value);
        CHECK(std::fabs(side[0] - in_dB(0.25)) < 0.01);
        CHECK(std::fabs(side[1] - in_dB(2.0)) < 0.1);
        CHECK(std::fabs(side[2] - in_dB(0.5)) < 0.1);
        unit.reset();
        const SideGains mid = gains_dB(unit, pitches(20_Hz, {0.45 * rate.value}, 30), 1.0, rate);
        for (std::size_t k = 0; k < mid.left.size(); ++k) {
            CHECK(std::fabs(mid.left[k]) < 1e-4);
            CHECK(std::fabs(mid.right[k]) < 1e-4);
        }
    }
}

TEST_CASE("stereo field: below the frequency it is mono, by 24 dB an octave") {
    for (const Hertz rate : kRates) {
        StereoField unit = made({.mono_below = {120.0}, .on = true}, rate);
        const std::vector<Hertz> at = {{30.0}, {60.0}, {120.0}, {480.0}, {5000.0}};
        const std::vector<double> side = gains_dB(unit, at, -1.0, rate).left;
        CAPTURE(rate.value);
        CHECK(side[2] == doctest::Approx(-6.02).epsilon(0.005));
        CHECK(side[1] - side[0] > 23.0);
        CHECK(side[1] < -24.0);
        CHECK(std::fabs(side[3]) < 0.05);
        CHECK(std::fabs(side[4]) < 0.001);
        unit.reset();
        for (const double dB : gains_dB(unit, pitches(20_Hz, 20_kHz, 30), 1.0, rate).left)
            CHECK(std::fabs(dB) < 1e-4);
    }
}

TEST_CASE("stereo field: what stands on one side stays in place, phase and all, at width 1") {
    // All-passes are in the way of mid and side alike: nothing of the left reaches the right.
    StereoField unit = made({.width = {1.0, 1.0, 1.0000001}, .on = true}, 48_kHz);
    const Samples x = sweep::noise(48000, 0.5f, 3);
    const Stereo y = through(unit, {x, Samples(48000, 0.0f)});
    CHECK(in_dB(sweep::peak(y.right)) < -120.0);
}

TEST_CASE("stereo field: a mono sum does not hear it but as an all-pass") {
    const StereoFieldSettings s{.width = {0.0, 2.0, 1.5}, .mono_below = {100.0}, .on = true};
    StereoField wide = made(s, 48_kHz), twin = made(s, 48_kHz);
    const Samples left = sweep::noise(48000, 0.5f, 3), right = sweep::noise(48000, 0.5f, 4);
    Samples mono(48000);
    for (std::size_t n = 0; n < mono.size(); ++n) mono[n] = 0.5f * (left[n] + right[n]);
    const Stereo a = through(wide, {left, right}), b = through(twin, both(mono));
    for (std::size_t n = 0; n < mono.size(); ++n)
        REQUIRE(std::fabs(0.5f * (a.left[n] + a.right[n]) - b.left[n]) < 1e-6f);
}

TEST_CASE("stereo field: width 1 and mono below 0 are the input, bit for bit") {
    StereoField unit = made({.on = true}, 48_kHz);
    const Stereo x{sweep::noise(9600, 1.0f, 3), sweep::noise(9600, 1.0f, 4)};
    Stereo y = through(unit, x);
    CHECK(y.left == x.left);
    CHECK(y.right == x.right);
    unit.set({.width = {2.0, 2.0, 2.0}, .mono_below = {100.0}, .on = true}, Change::glide);
    y = through(unit, x);
    CHECK(y.left != x.left);
    unit.set({.on = true}, Change::glide);
    through(unit, x);
    y = through(unit, x);
    CHECK(y.left == x.left);
    CHECK(y.right == x.right);
}

}  // namespace stereo_field_test
