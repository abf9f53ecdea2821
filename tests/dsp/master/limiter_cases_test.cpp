// The limiter on 200 hostile signals drawn at random, read by two meters that are not its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/limiter.h"
#include "dsp/master/master_limiter.h"
#include "tests/dsp/master/support.h"
#include "tests/dsp/support.h"
#include "tests/dsp/true_peak_meter.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::master;

namespace limiter_cases_test {

constexpr double kTurn = 2.0 * std::numbers::pi;
constexpr Hertz kAllRates[] = {{44100.0}, {48000.0}, {88200.0}, {96000.0}, {176400.0}, {192000.0}};

// Sixteen points a frame by a sinc over 48 frames, Blackman's window: flat within 0.01 dB to 0.45
// of the rate. Only where a sample comes near the peak can a point between be the largest.
double true_peak_sinc(const Samples& x) {
    constexpr std::size_t kPhases = 16, kHalf = 24;
    static const auto kWeights = [] {
        std::array<std::array<double, 2 * kHalf>, kPhases> all;
        for (std::size_t p = 0; p < kPhases; ++p)
            for (std::size_t k = 0; k < 2 * kHalf; ++k) {
                const double distance = static_cast<double>(k) - static_cast<double>(kHalf - 1) -
                                        static_cast<double>(p) / kPhases;
                const double place = std::numbers::pi * distance / static_cast<double>(kHalf);
                const double window = 0.42 + 0.5 * std::cos(place) + 0.08 * std::cos(2.0 * place);
                const double angle = std::numbers::pi * distance;
                all[p][k] = std::fabs(distance) < 1e-9 ? 1.0 : window * std::sin(angle) / angle;
            }
        return all;
    }();
    const double near = 0.5 * static_cast<double>(sweep::peak(x));
    double peak = 0.0;
    for (std::size_t n = 0; n + 2 * kHalf <= x.size(); ++n) {
        const float *here = x.data() + n + kHalf - 1, *next = here + 1;
        if (static_cast<double>(std::max(std::fabs(*here), std::fabs(*next))) < near) continue;
        for (const auto& weights : kWeights) {
            double total = 0.0;
            for (std::size_t k = 0; k < 2 * kHalf; ++k)
                total += weights[k] * static_cast<double>(x[n + k]);
            peak = std::max(peak, std::fabs(total));
        }
    }
    return peak;
}

enum Type : std::size_t { tone, impulses, squares, up_sweep, bursts, signs, chord, types };

// A quarter of a second of one type, at a level of up to 30 dB above full scale.
Samples hostile(std::size_t type, Hertz rate, Noise& random) {
    const auto frames = static_cast<std::size_t>(0.25 * rate.value) / kQuantum * kQuantum;
    const double level = std::pow(10.0, random.between(0.0, 1.5));
    const double phase = random.between(0.0, 1.0), cycles = random.between(0.01, 0.45);
    const std::size_t period = 2 + random.below(400), held = 1 + random.below(period - 1);
    constexpr double kNice[] = {1.0 / 2.5, 1.0 / 3.0, 1.0 / 4.0, 1.0 / 6.0, 1.0 / 8.0};
    const double nice = random.below(2) ? kNice[random.below(5)] : cycles;
    Samples x(frames);
    for (std::size_t n = 0; n < frames; ++n) {
        const auto t = static_cast<double>(n);
        double y = 0.0;
        if (type == tone) y = std::sin(kTurn * (nice * t + phase));
        if (type == impulses) y = n % period < 1 + held % 3 ? 1.0 : 0.0;
        if (type == squares) y = n % period < held ? 1.0 : -1.0;
        // In pitch from 20 Hz to 0.45 of the rate.
        if (type == up_sweep) {
            const double octaves = std::log(0.45 * rate.value / 20.0);
            const double share = t / static_cast<double>(frames);
            y = std::sin(kTurn * 20.0 / rate.value * static_cast<double>(frames) / octaves *
                         std::expm1(octaves * share));
        }
        if (type == bursts)
            y = random.between(-1.0, 1.0) * (n / 500 % (2 + period % 5) == 0 ? 1.0 : 0.02);
        if (type == signs) y = random.below(2) ? 1.0 : -1.0;
        if (type == chord)
            y = 0.4 * (std::sin(kTurn * nice * t) + std::sin(kTurn * cycles * t + phase) +
                       std::sin(kTurn * 0.2501 * t));
        x[n] = static_cast<float>(level * y);
    }
    return x;
}

// The limiter does not know the filters of these meters: without it, libebur128 (which at 88.2 to
// 176.4 kHz interpolates twofold) reads up to 0.129 dB above the ceiling in one of the 200.
constexpr double kRoom = 0.05;  // dB

struct Over {
    double samples = -100.0, ebur128 = -100.0, sinc = -100.0;  // dB above the ceiling
};

Over over_ceiling(std::size_t number) {
    Noise random(static_cast<std::uint32_t>(number));
    const Hertz rate = kAllRates[number % std::size(kAllRates)];
    const std::size_t type = number / std::size(kAllRates) % types;
    const double ceiling = random.between(-6.0, 0.0);
    Limiter limiter(rate);
    limiter.set({.ceiling = {ceiling - kRoom},
                 .release = {std::pow(10.0, random.between(-3.0, 0.0))},
                 .on = true});
    Stereo x{hostile(type, rate, random), hostile(random.below(types), rate, random)};
    for (std::size_t at = 0; at < x.left.size(); at += kQuantum)
        limiter.process(x.left.data() + at, x.right.data() + at, kQuantum);
    Over over;
    for (const Samples* side : {&x.left, &x.right}) {
        const auto above = [&](double peak) { return in_dB(peak) - ceiling; };
        over.samples = std::max(over.samples, above(static_cast<double>(sweep::peak(*side))));
        over.ebur128 = std::max(over.ebur128, above(true_peak_ebur128(*side, rate)));
        over.sinc = std::max(over.sinc, above(true_peak_sinc(*side)));
    }
    return over;
}

constexpr std::size_t kCases = 200;

void check_cases(std::size_t first, std::size_t step) {
    Over worst;
    for (std::size_t number = first; number < kCases; number += step) {
        const Over over = over_ceiling(number);
        CAPTURE(number);
        CHECK(over.samples < 1e-5);  // rounding of the ceiling to a float
        CHECK(over.ebur128 < 0.1);
        CHECK(over.sinc < 0.3);  // on noise and pulses; longer filters see more near Nyquist
        worst.samples = std::max(worst.samples, over.samples);
        worst.ebur128 = std::max(worst.ebur128, over.ebur128);
        worst.sinc = std::max(worst.sinc, over.sinc);
    }
    MESSAGE("above the ceiling: samples " << worst.samples << ", true peak " << worst.ebur128
                                          << " (libebur128), " << worst.sinc
                                          << " dB (sixteenfold sinc)");
}

TEST_CASE("master limiter: on, it is the limiter, bit for bit") {
    const Hertz rate{48000.0};
    Noise random(3);
    const LimiterSettings settings{.ceiling = {-3.0}, .on = true};
    Limiter limiter(rate);
    MasterLimiter master(rate);
    limiter.set(settings);
    master.set(settings, Change::jump);
    Stereo x{hostile(bursts, rate, random), hostile(chord, rate, random)};
    const Stereo y = through(master, x);
    limiter.process(x.left.data(), x.right.data(), x.left.size());
    CHECK(y.left == x.left);
    CHECK(y.right == x.right);
    CHECK(master.reduction().value == static_cast<double>(limiter.reduction_dB()));
    CHECK(master.reduction().value > 3.0);
}

TEST_CASE("limiter: no sample above the ceiling, no true peak 0.1 dB above it, every 17th case") {
    check_cases(3, 17);
}

TEST_CASE("limiter: no sample above the ceiling, no true peak 0.1 dB above it, 200 cases" *
          doctest::test_suite("figures")) {
    check_cases(0, 1);
}

}  // namespace limiter_cases_test
