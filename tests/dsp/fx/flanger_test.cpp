// Flanger: its comb, its sweep, its sides, its loop.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/flanger.h"

#include "tests/dsp/fx/sweep_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::sweep;
using namespace mixrig::dsp::literals;

namespace flanger_test {

// What a standing flanger does to a sine, from its impulse response.
class Response {
public:
    Response(const FxSettings& settings, std::size_t frames, Hertz rate) : rate_(rate) {
        Flanger flanger(rate);
        flanger.set(settings, Change::jump);
        h_ = through(flanger, {impulse(frames), impulse(frames)}).left;
    }
    double at(double frequency) const {
        std::complex<double> sum = 0.0;
        for (std::size_t n = 0; n < h_.size(); ++n)
            if (h_[n] != 0.0f)
                sum += static_cast<double>(h_[n]) *
                       std::polar(1.0, -6.283185307179586 * frequency / rate_.value *
                                           static_cast<double>(n));
        return std::abs(sum);
    }
    // The deepest place within a quarter of a notch's distance.
    double notch_near(double frequency, double spacing) const {
        double best = frequency;
        for (double f = frequency - spacing / 4; f <= frequency + spacing / 4; f += spacing / 2000)
            if (at(f) < at(best)) best = f;
        return best;
    }

private:
    Samples h_;
    Hertz rate_;
};

TEST_CASE("flanger: at depth 0 notches stand at odd multiples of 1 / (2 delay)") {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz, 192_kHz})
        for (const float delay : {0.1f, 0.37f, 1.0f, 3.21f, 10.0f}) {
            CAPTURE(rate.value);
            CAPTURE(delay);
            const Response comb({1.0f, 0.0f, delay, 0.0f, 0.0f, 0.5f}, 2400, rate);
            const double spacing = 1000.0 / double{delay};
            for (int k = 0; k < 8; ++k) {
                const double expected = (k + 0.5) * spacing;
                if (expected > 12000.0) break;
                const double found = comb.notch_near(expected, spacing);
                CHECK(off(found, expected) < 0.01);
                // Its depth is what the cubic loses between frames: 2.2 dB at 12 kHz and 44.1 kHz,
                // of half the sum.
                CHECK(comb.at(found) < 0.15);
            }
        }
}

TEST_CASE("flanger: feedback makes peaks of 1 / (1 - feedback), at both signs") {
    // 48 frames, so no cubic is in the way. All wet: v's comb itself.
    const Response up({1.0f, 0.0f, 1.0f, 0.9f, 0.0f, 1.0f}, 48000, 48_kHz);
    CHECK(off(up.at(1000.0), 10.0) < 0.001);
    CHECK(off(up.at(1500.0), 1.0 / 1.9) < 0.001);
    const Response down({1.0f, 0.0f, 1.0f, -0.9f, 0.0f, 1.0f}, 48000, 48_kHz);
    CHECK(off(down.at(1500.0), 10.0) < 0.001);
    CHECK(off(down.at(1000.0), 1.0 / 1.9) < 0.001);
}

TEST_CASE("flanger: the delay sweeps from `delay` to `delay + depth` at the rate") {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 192_kHz}) {
        Flanger flanger(rate);
        flanger.set({2.0f, 4.0f, 1.0f, 0.0f, 1.0f, 1.0f}, Change::jump);
        // A 100 Hz sine's phase tells the delay: 5 ms are half a turn.
        const auto frames = static_cast<std::size_t>(3.0 * rate.value) / kQuantum * kQuantum;
        const Samples x = sine(100_Hz, frames, rate);
        const Stereo out = through(flanger, {x, x});
        const auto window = static_cast<std::size_t>(0.02 * rate.value) / kOverlap * kOverlap;
        const auto hop = static_cast<double>(window / kOverlap);
        const auto in = demodulated(x, 100_Hz, window, rate);
        const auto left = demodulated(out.left, 100_Hz, window, rate);
        const auto right = demodulated(out.right, 100_Hz, window, rate);
        std::vector<double> delays, others;
        for (std::size_t n = static_cast<std::size_t>(rate.value / hop); n < in.size(); ++n) {
            delays.push_back(-std::arg(left[n] / in[n]) / 6.283185307179586 * 10.0);  // ms
            others.push_back(-std::arg(right[n] / in[n]) / 6.283185307179586 * 10.0);
        }
        const auto [low, high] = std::minmax_element(delays.begin(), delays.end());
        // The window of 20 ms averages 0.6 % of the sweep away at either end.
        CHECK(off(*low, 1.0) < 0.04);
        CHECK(off(*high, 5.0) < 0.02);
        const Modulation found = fitted(delays, 2_Hz, {rate.value / hop});
        CHECK(off(found.rate.value, 2.0) < 0.005);
        CHECK(off(found.amplitude, 2.0) < 0.02);
        // Spread 1: the sides are opposite, so their delays add up to twice the mean.
        for (std::size_t n = 0; n < delays.size(); n += 5)
            CHECK(off(delays[n] + others[n], 6.0) < 0.02);
    }
}

TEST_CASE("flanger: mix 0 is the input bit for bit; spread 0 keeps mono mono") {
    const Samples a = noise(48000, 0.5f, 50), b = noise(48000, 0.5f, 51);
    Flanger dry(48_kHz);
    dry.set({1.0f, 3.0f, 1.0f, 0.9f, 1.0f, 0.0f}, Change::jump);
    const Stereo same = through(dry, {a, b});
    CHECK(same.left == a);
    CHECK(same.right == b);
    Flanger mono(48_kHz);
    mono.set({1.0f, 3.0f, 1.0f, 0.9f, 0.0f, 0.5f}, Change::jump);
    const Stereo out = through(mono, {a, a});
    CHECK(out.left == out.right);
}

TEST_CASE("flanger: no sine is amplified beyond 1 / (1 - |feedback|)") {
    for (const float feedback : {-0.95f, 0.95f})
        for (const float delay : {0.1f, 0.33f, 2.0f}) {
            const Response comb({1.0f, 0.0f, delay, feedback, 0.0f, 1.0f}, 96000, 48_kHz);
            double most = 0.0;
            for (double f = 10.0; f < 24000.0; f += 250.0) {
                most = std::max(most, comb.at(f));
                most = std::max(
                    most, comb.at(std::round(f * double{delay} / 500.0) * 500.0 / double{delay}));
            }
            CHECK(most < 20.02);
        }
}

}  // namespace flanger_test
