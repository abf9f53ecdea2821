// Chorus: the sweep against its settings, voices, sides, mix.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/chorus.h"

#include "tests/dsp/fx/sweep_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::sweep;
using namespace mixrig::dsp::literals;

namespace chorus_test {

// Hann windows of 8 ms: the image at 2 kHz stands far beyond the main lobe, and of a sweep of 10 Hz
// they average 0.4 % away.
std::size_t window_of(Hertz rate) {
    return static_cast<std::size_t>(0.008 * rate.value) / kOverlap * kOverlap;
}

// The deviation of a 1 kHz sine's frequency behind a unit, as a ratio, kOverlap times a window.
std::vector<double> deviation(const Samples& out, Hertz rate) {
    const std::size_t window = window_of(rate);
    const auto pointers = demodulated(out, 1_kHz, window, rate);
    std::vector<double> ratios;
    for (std::size_t n = 1; n < pointers.size(); ++n) {
        const double turn = std::arg(pointers[n] / pointers[n - 1]) / (2.0 * std::numbers::pi);
        ratios.push_back(turn / static_cast<double>(window / kOverlap) * rate.value / 1000.0);
    }
    return ratios;
}

double correlation(const Stereo& x, std::size_t from) {
    double both = 0.0;
    for (std::size_t n = from; n < x.left.size(); ++n)
        both += static_cast<double>(x.left[n]) * static_cast<double>(x.right[n]);
    const std::size_t to = x.left.size();
    return both / std::sqrt(energy(x.left, from, to) * energy(x.right, from, to));
}

TEST_CASE("chorus: a sine's pitch deviates by 2 pi rate depth, at the rate" *
          doctest::test_suite("figures")) {
    struct Sweep {
        float rate, depth, delay;
    };
    for (const Hertz rate : {44.1_kHz, 48_kHz, 192_kHz})
        for (const Sweep sweep :
             {Sweep{0.5f, 5.0f, 15.0f}, Sweep{2.0f, 2.0f, 7.0f}, Sweep{5.0f, 1.0f, 30.0f},
              Sweep{10.0f, 2.0f, 5.0f}, Sweep{3.0f, 10.0f, 1.0f}}) {
            CAPTURE(rate.value);
            CAPTURE(sweep.rate);
            CAPTURE(sweep.depth);
            Chorus chorus(rate);
            chorus.set({sweep.rate, sweep.depth, sweep.delay, 1.0f, 0.0f, 1.0f}, Change::jump);
            const auto cycles = static_cast<std::size_t>(6.0 / double{sweep.rate} * rate.value);
            const std::size_t frames = (cycles / kQuantum + 1) * kQuantum;
            const Samples x = sine(1_kHz, frames + 9600, rate);
            Samples out = through(chorus, {x, x}).left;
            out.erase(out.begin(), out.begin() + 9600);
            const std::vector<double> ratios = deviation(out, rate);
            const auto hop = static_cast<double>(window_of(rate) / kOverlap);
            const Modulation found = fitted(ratios, {double{sweep.rate}}, {rate.value / hop});
            const double expected =
                2.0 * std::numbers::pi * double{sweep.rate} * 1e-3 * double{sweep.depth};
            const auto [low, high] = std::minmax_element(ratios.begin(), ratios.end());
            MESSAGE(rate.value << " Hz: " << sweep.rate << " Hz " << sweep.depth << " ms: rate "
                               << found.rate.value << ", deviation " << -*low << " and " << *high
                               << " of " << expected);
            CHECK(off(found.rate.value, double{sweep.rate}) < 0.005);
            CHECK(off(found.amplitude, expected) < 0.03);
            CHECK(off(0.5 * (*high - *low), expected) < 0.03);
        }
}

TEST_CASE("chorus: at depth 0 a voice is the input, `delay` later") {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz, 192_kHz}) {
        Chorus chorus(rate);
        chorus.set({1.0f, 0.0f, 10.0f, 1.0f, 0.0f, 1.0f}, Change::jump);
        const std::size_t delay = static_cast<std::size_t>(std::lround(0.01 * rate.value));
        const Stereo out = through(chorus, {impulse(3200), impulse(3200)});
        for (std::size_t n = 0; n < 3200; ++n)
            REQUIRE(std::abs(out.left[n] - (n == delay ? 1.0f : 0.0f)) < 1e-5f);
    }
}

TEST_CASE("chorus: the delay's middle makes way for a depth that is larger") {
    Chorus chorus(48_kHz);
    chorus.set({10.0f, 10.0f, 1.0f, 1.0f, 0.0f, 1.0f}, Change::jump);
    const Samples x = noise(4800, 1.0f, 40);
    const Stereo out = through(chorus, {x, x});
    // Half a cycle on the sweep is at its shortest, 2 frames; a quarter later in the middle, 482.
    CHECK(std::abs(out.left[2400] - x[2398]) < 2e-4f);
    CHECK(std::abs(out.left[3600] - x[3118]) < 1e-3f);
}

TEST_CASE("chorus: mix 0 is the input bit for bit, and voices are as loud as one") {
    const Samples a = noise(192000, 0.5f, 41), b = noise(192000, 0.5f, 42);
    Chorus dry(48_kHz);
    dry.set({1.0f, 3.0f, 10.0f, 4.0f, 1.0f, 0.0f}, Change::jump);
    const Stereo same = through(dry, {a, b});
    CHECK(same.left == a);
    CHECK(same.right == b);
    for (const float voices : {1.0f, 2.0f, 3.0f, 4.0f}) {
        CAPTURE(voices);
        Chorus chorus(48_kHz);
        chorus.set({1.0f, 3.0f, 10.0f, voices, 1.0f, 1.0f}, Change::jump);
        const Stereo out = through(chorus, {a, b});
        // White noise loses 1.0 dB on average to the cubic between frames; what voices share while
        // their sweeps meet adds and takes some tenths.
        const double level =
            10.0 * std::log10(energy(out.left, 4800, 192000) / energy(a, 4800, 192000));
        MESSAGE(voices << " voices: " << level << " dB");
        CHECK(std::abs(level + 1.0) < 0.5);
    }
}

TEST_CASE("chorus: spread 0 keeps mono mono, spread 1 parts the sides for every count of voices") {
    const Samples x = noise(96000, 0.5f, 43);
    for (const float voices : {1.0f, 2.0f, 3.0f, 4.0f}) {
        CAPTURE(voices);
        Chorus narrow(48_kHz), wide(48_kHz);
        narrow.set({1.0f, 3.0f, 10.0f, voices, 0.0f, 1.0f}, Change::jump);
        const Stereo same = through(narrow, {x, x});
        CHECK(same.left == same.right);
        wide.set({1.0f, 3.0f, 10.0f, voices, 1.0f, 1.0f}, Change::jump);
        const Stereo out = through(wide, {x, x});
        CHECK(std::abs(correlation(out, 4800)) < 0.2);
    }
}

}  // namespace chorus_test
