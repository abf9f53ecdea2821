// Tremolo: depth, rate, shapes, sides.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/tremolo.h"

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

namespace tremolo_test {

// The gains of both sides: what becomes of ones.
Stereo gains(const FxSettings& settings, std::size_t frames, Hertz rate) {
    Tremolo tremolo(rate);
    tremolo.set(settings, Change::jump);
    return through(tremolo, {Samples(frames, 1.0f), Samples(frames, 1.0f)});
}

// Hz, from the first and the last time a gain falls through its middle.
double rate_of(const Samples& gain, float middle, Hertz rate) {
    std::vector<double> falls;
    for (std::size_t n = 1; n < gain.size(); ++n)
        if (gain[n - 1] > middle && gain[n] <= middle)
            falls.push_back(static_cast<double>(n) -
                            double{(middle - gain[n]) / (gain[n - 1] - gain[n])});
    return static_cast<double>(falls.size() - 1) * rate.value / (falls.back() - falls.front());
}

TEST_CASE("tremolo: the gain goes from 0 dB to 1 - depth, at the rate, in every shape" *
          doctest::test_suite("figures")) {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz, 192_kHz})
        for (const float shape : {0.0f, 1.0f, 2.0f})
            for (const float speed : {0.5f, 5.3f, 20.0f})
                for (const float depth : {0.1f, 0.5f, 0.9f, 1.0f}) {
                    CAPTURE(rate.value);
                    CAPTURE(shape);
                    CAPTURE(speed);
                    CAPTURE(depth);
                    const auto frames =
                        static_cast<std::size_t>(2.3 / double{speed} * rate.value + 64.0);
                    const Samples gain =
                        gains({speed, depth, shape, 0.0f}, frames / kQuantum * kQuantum, rate).left;
                    const float low = *std::min_element(gain.begin(), gain.end());
                    CHECK(*std::max_element(gain.begin(), gain.end()) == 1.0f);
                    // 0.1 dB; a triangle's tip falls between frames, by rate / 192 kHz at most.
                    if (depth < 1.0f)
                        CHECK(std::abs(20.0 * std::log10(double{low} / (1.0 - double{depth}))) <
                              0.1);
                    else
                        CHECK(low < 2e-3f);
                    CHECK(off(rate_of(gain, 1.0f - 0.5f * depth, rate), double{speed}) < 0.001);
                }
}

TEST_CASE("tremolo: the gain follows its formula") {
    const float depth = 0.8f;
    const Samples sine_gain = gains({4.0f, depth, 0.0f, 0.0f}, 48000, 48_kHz).left;
    const Samples triangle_gain = gains({4.0f, depth, 1.0f, 0.0f}, 48000, 48_kHz).left;
    const Samples square_gain = gains({4.0f, depth, 2.0f, 0.0f}, 48000, 48_kHz).left;
    for (std::size_t n = 0; n < 48000; ++n) {
        const double phase = std::fmod(4.0 * static_cast<double>(n) / 48000.0, 1.0);
        const double t = 4.0 * std::abs(phase - 0.5) - 1.0;
        const double wave = std::cos(2.0 * std::numbers::pi * phase);
        const double edge = std::clamp(t / (2.0 * 4.0 * 0.010), -1.0, 1.0);
        const double square = std::sin(0.5 * std::numbers::pi * edge);
        // Phase in float is 6e-8 of a cycle, which an edge makes 25 times steeper.
        REQUIRE(off(sine_gain[n], 1.0 - 0.4 * (1.0 - wave)) < 2e-6);
        REQUIRE(off(triangle_gain[n], 1.0 - 0.4 * (1.0 - t)) < 2e-6);
        REQUIRE(off(square_gain[n], 1.0 - 0.4 * (1.0 - square)) < 2e-5);
    }
}

TEST_CASE("tremolo: the square does not click, at any rate") {
    for (const float speed : {0.5f, 4.0f, 20.0f}) {
        Tremolo tremolo(48_kHz);
        tremolo.set({speed, 1.0f, 2.0f, 0.0f}, Change::jump);
        const Samples x = sine(1_kHz, 192000, 48_kHz);
        const Decibels level = loudest_above(through(tremolo, {x, x}).left, 4_kHz, 48_kHz);
        MESSAGE(speed << " Hz: " << level.value << " dB above 4 kHz");
        CHECK(level.value < -90.0);  // a mute's raised cosine over 10 ms reads about -100 dB
    }
}

TEST_CASE("tremolo: spread 0 keeps the sides alike, spread 1 pans: the sides' sum stands still") {
    const Stereo alike = gains({5.0f, 1.0f, 0.0f, 0.0f}, 48000, 48_kHz);
    CHECK(alike.left == alike.right);
    for (const float shape : {0.0f, 1.0f, 2.0f}) {
        const Stereo apart = gains({5.0f, 1.0f, shape, 1.0f}, 48000, 48_kHz);
        for (std::size_t n = 0; n < 48000; ++n)
            REQUIRE(off(apart.left[n] + apart.right[n], 1.0) < 1e-4);
    }
}

TEST_CASE("tremolo: depth 0 is the input bit for bit") {
    const Samples a = noise(9600, 1.0f, 60), b = noise(9600, 1.0f, 61);
    Tremolo tremolo(48_kHz);
    tremolo.set({20.0f, 0.0f, 2.0f, 1.0f}, Change::jump);
    const Stereo out = through(tremolo, {a, b});
    CHECK(out.left == a);
    CHECK(out.right == b);
}

}  // namespace tremolo_test
