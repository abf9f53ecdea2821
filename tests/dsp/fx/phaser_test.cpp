// Phaser: its notches, its sweep, its sides, its energy.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/phaser.h"

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

namespace phaser_test {

const std::vector<Hertz> kRates = {44.1_kHz, 48_kHz, 96_kHz, 192_kHz};
constexpr double kPi = std::numbers::pi;

class Response {
public:
    Response(const FxSettings& settings, Hertz rate) : rate_(rate.value) {
        Phaser phaser(rate);
        phaser.set(settings, Change::jump);
        const auto frames = static_cast<std::size_t>(0.1 * rate.value) / kQuantum * kQuantum;
        h_ = through(phaser, {impulse(frames), impulse(frames)}).left;
    }
    double at(double frequency) const {
        std::complex<double> sum = 0.0, turned = 1.0;
        const auto turn = std::polar(1.0, -2.0 * kPi * frequency / rate_);
        for (const float sample : h_) {
            sum += static_cast<double>(sample) * turned;
            turned *= turn;
        }
        return std::abs(sum);
    }

private:
    double rate_;
    Samples h_;
};

// Where the phase of all stages together is an odd multiple of pi.
std::vector<double> notches(double centre, int stages, double rate) {
    std::vector<double> all;
    for (int k = 1; k <= stages / 2; ++k)
        all.push_back(rate / kPi *
                      std::atan(std::tan(kPi * centre / rate) *
                                std::tan((2.0 * k - 1.0) * kPi / (2.0 * stages))));
    return all;
}

// The place of the least magnitude between two frequencies, by golden section.
double lowest(const Response& response, double low, double high) {
    for (int step = 0; step < 24; ++step) {
        const double a = high - 0.618034 * (high - low), b = low + 0.618034 * (high - low);
        const bool left = response.at(a) < response.at(b);
        (left ? high : low) = left ? b : a;
    }
    return 0.5 * (low + high);
}

TEST_CASE("phaser: half as many notches as stages, where the phase is an odd multiple of pi" *
          doctest::test_suite("figures")) {
    for (const Hertz rate : {44.1_kHz, 96_kHz})
        for (const int stages : {4, 6, 8, 10, 12})
            for (const float feedback : {0.0f, 0.6f, -0.6f}) {
                const double centre = 900.0;
                const Response phaser({1.0f, 0.0f, static_cast<float>(centre),
                                       static_cast<float>(stages), feedback, 0.0f, 0.5f},
                                      rate);
                CAPTURE(rate.value);
                CAPTURE(stages);
                CAPTURE(feedback);
                for (const double expected : notches(centre, stages, rate.value)) {
                    const double found = lowest(phaser, expected * 0.97, expected * 1.03);
                    CHECK(found == doctest::Approx(expected).epsilon(0.002));
                    CHECK(phaser.at(expected) < 1e-3);  // -60 dB of the peaks
                }
                // Their number: how often the magnitude dips below -26 dB, in steps of 0.5 %.
                int dips = 0;
                bool below = false;
                for (double f = 40.0; f < 0.48 * rate.value; f *= 1.005) {
                    const bool now = phaser.at(f) < 0.05;
                    if (now && !below) ++dips;
                    below = now;
                }
                CHECK(dips == stages / 2);
            }
}

TEST_CASE("phaser: peaks have gain 1 whatever the feedback, mix 1 passes all at 0 dB") {
    for (const float feedback : {-0.9f, 0.0f, 0.9f}) {
        const Response half({1.0f, 0.0f, 900.0f, 4.0f, feedback, 0.0f, 0.5f}, 48_kHz);
        const Response wet({1.0f, 0.0f, 900.0f, 4.0f, feedback, 0.0f, 1.0f}, 48_kHz);
        double most = 0.0;
        for (double f = 30.0; f < 20000.0; f *= 1.01) {
            most = std::max(most, half.at(f));
            CHECK(wet.at(f) == doctest::Approx(1.0).epsilon(1e-3));
        }
        // Two stages turn by pi at the centre, four by 2 pi: a peak.
        CHECK(half.at(900.0) == doctest::Approx(1.0).epsilon(1e-3));
        CHECK(most < 1.001);
    }
}

TEST_CASE("phaser: sweeps `depth` octaves around the centre at the rate, sides by the spread" *
          doctest::test_suite("figures")) {
    for (const Hertz rate : kRates)
        for (const float depth : {1.0f, 2.0f}) {
            // All wet, four stages: the phase -8 atan(tan(pi F/rate) / tan(pi f/rate)) of a sine at
            // F tells f; at F = 1 kHz and f within an octave of it it stays within one turn of 2
            // pi.
            Phaser phaser(rate);
            phaser.set({2.0f, depth, 1000.0f, 4.0f, 0.0f, 1.0f, 1.0f}, Change::jump);
            const auto frames = static_cast<std::size_t>(3.0 * rate.value) / kQuantum * kQuantum;
            const Samples x = sine(1_kHz, frames, rate);
            const Stereo out = through(phaser, {x, x});
            const auto window = static_cast<std::size_t>(0.004 * rate.value);
            const auto in = demodulated(x, 1_kHz, window, rate);
            const auto octaves = [&](const Samples& y) {
                std::vector<double> all;
                const auto side = demodulated(y, 1_kHz, window, rate);
                for (std::size_t k = 0; k < in.size(); ++k) {
                    const double turned = 2.0 * kPi - std::arg(side[k] / in[k]);  // 2 pi +- pi
                    all.push_back(std::log2(
                        rate.value / kPi / 1000.0 *
                        std::atan(std::tan(kPi * 1000.0 / rate.value) / std::tan(turned / 8.0))));
                }
                return all;
            };
            const std::vector<double> left = octaves(out.left), right = octaves(out.right);
            const Modulation found =
                fitted(left, 2_Hz, {rate.value / static_cast<double>(window / kOverlap)});
            CAPTURE(rate.value);
            CAPTURE(depth);
            CHECK(found.rate.value == doctest::Approx(2.0).epsilon(0.005));
            CHECK(found.mean == doctest::Approx(0.0).epsilon(0.01));
            CHECK(found.amplitude ==
                  doctest::Approx(static_cast<double>(depth) / 2.0).epsilon(0.02));
            const auto [low, high] = std::minmax_element(left.begin(), left.end());
            CHECK(*high - *low == doctest::Approx(static_cast<double>(depth)).epsilon(0.03));
            // Spread 1: the sides are opposite.
            for (std::size_t n = window; n < left.size(); n += 97)
                CHECK(std::fabs(left[n] + right[n]) < 0.03);
        }
}

TEST_CASE("phaser: the wet sound never has more energy than came in, however it is moved") {
    Noise random(5);
    for (const Hertz rate : kRates) {
        Phaser phaser(rate);
        phaser.set({10.0f, 4.0f, 400.0f, 12.0f, 0.9f, 1.0f, 1.0f}, Change::jump);
        double came = 0.0, went = 0.0;
        for (std::uint32_t change = 0; change < 100; ++change) {
            // The number of stages stays: nets that cross over may hold a sound each.
            phaser.set({10.0f, 4.0f, change % 2 == 0 ? 100.0f : 4000.0f, 12.0f,
                        change % 3 == 0 ? -0.9f : 0.9f, 1.0f, 1.0f},
                       Change::glide);
            const Samples x = noise(kQuantum * (1 + random.below(30)), 1.0f, change);
            const Stereo y = through(phaser, {x, x});
            came += energy(x, 0, x.size());
            went += energy(y.left, 0, x.size());
            REQUIRE(went <= came * 1.0001);  // float rounding
        }
    }
}

TEST_CASE("phaser: mix 0 is the input bit for bit; spread 0 keeps mono mono") {
    const Samples a = noise(9600, 0.5f, 50), b = noise(9600, 0.5f, 51);
    Phaser dry(48_kHz);
    dry.set({1.0f, 3.0f, 900.0f, 8.0f, 0.9f, 1.0f, 0.0f}, Change::jump);
    const Stereo same = through(dry, {a, b});
    CHECK(same.left == a);
    CHECK(same.right == b);
    Phaser mono(48_kHz);
    mono.set({1.0f, 3.0f, 900.0f, 8.0f, 0.9f, 0.0f, 0.5f}, Change::jump);
    const Stereo out = through(mono, {a, a});
    CHECK(out.left == out.right);
}

}  // namespace phaser_test
