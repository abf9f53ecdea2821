// The limiter: samples and true peaks under the ceiling on hostile material, transparency, latency,
// slicing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/limiter.h"

#include "dsp/denormals.h"
#include "tests/dsp/dynamics_support.h"
#include "tests/dsp/support.h"
#include "tests/dsp/true_peak_meter.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::literals;
using namespace mixrig::dsp::test;

namespace limiter_test {

using Samples = std::vector<float>;
using Stereo = std::array<Samples, 2>;

constexpr double kTwoPi = 2.0 * std::numbers::pi;

void run(Limiter& limiter, Stereo& x, std::size_t block) {
    for (std::size_t n = 0; n < x[0].size(); n += block)
        limiter.process(x[0].data() + n, x[1].empty() ? nullptr : x[1].data() + n,
                        std::min(block, x[0].size() - n));
}

// A second opinion with another filter: eightfold, 32 taps, Hann window.
double true_peak_eightfold(const Samples& x) {
    constexpr int kHalf = 16;
    double peak = 0.0;
    for (int phase = 0; phase < 8; ++phase) {
        double weights[2 * kHalf];
        for (int k = 0; k < 2 * kHalf; ++k) {
            const double distance = k - kHalf + 1 - phase / 8.0;
            const double window = 0.5 + 0.5 * std::cos(std::numbers::pi * distance / kHalf);
            const double angle = std::numbers::pi * distance;
            weights[k] = std::fabs(distance) < 1e-9 ? 1.0 : window * std::sin(angle) / angle;
        }
        for (std::size_t n = 0; n + 2 * kHalf <= x.size(); ++n) {
            double sum = 0.0;
            for (std::size_t k = 0; k < 2 * kHalf; ++k)
                sum += weights[k] * static_cast<double>(x[n + k]);
            peak = std::max(peak, std::fabs(sum));
        }
    }
    return peak;
}

// A third: the coefficients that ITU-R BS.1770-4, annex 2, prints for 48 kHz.
double true_peak_annex2(const Samples& x) {
    constexpr std::size_t kTaps = 12;
    constexpr double kPhases[2][kTaps] = {
        {0.0017089843750, 0.0109863281250, -0.0196533203125, 0.0332031250000, -0.0594482421875,
         0.1373291015625, 0.9721679687500, -0.1022949218750, 0.0476074218750, -0.0266113281250,
         0.0148925781250, -0.0083007812500},
        {-0.0291748046875, 0.0292968750000, -0.0517578125000, 0.0891113281250, -0.1665039062500,
         0.4650878906250, 0.7797851562500, -0.2003173828125, 0.1015625000000, -0.0582275390625,
         0.0330810546875, -0.0189208984375}};
    double peak = 0.0;
    for (const auto& phase : kPhases)  // the other two are these, mirrored
        for (std::size_t n = 0; n + kTaps <= x.size(); ++n) {
            double forwards = 0.0, backwards = 0.0;
            for (std::size_t k = 0; k < kTaps; ++k) {
                forwards += phase[k] * static_cast<double>(x[n + k]);
                backwards += phase[kTaps - 1 - k] * static_cast<double>(x[n + k]);
            }
            peak = std::max({peak, std::fabs(forwards), std::fabs(backwards)});
        }
    return peak;
}

double sample_peak(const Samples& x) {
    float peak = 0.0f;
    for (const float y : x) peak = std::max(peak, std::fabs(y));
    return static_cast<double>(peak);
}

struct Material {
    std::string name;
    Stereo x;
};

template <typename Left, typename Right>
Material material(std::string name, Hertz rate, const Left& left, const Right& right) {
    const auto frames = static_cast<std::size_t>(0.25 * rate.value);
    Material m{.name = std::move(name), .x = {Samples(frames), Samples(frames)}};
    for (std::size_t n = 0; n < frames; ++n) {
        m.x[0][n] = static_cast<float>(left(n));
        m.x[1][n] = static_cast<float>(right(n));
    }
    return m;
}

std::vector<Material> hostile(Hertz rate) {
    std::vector<Material> all;
    Noise noise(77);
    const auto white = [&](std::size_t) { return noise.between(-1.0, 1.0); };
    const auto tone = [&](double cycles, double phase, double level) {
        return [=](std::size_t n) {
            return level * std::sin(kTwoPi * (cycles * static_cast<double>(n) + phase));
        };
    };
    all.push_back(
        material("fs/4 at 45 degrees", rate, tone(0.25, 0.125, 1.4), tone(0.25, 0.125, 4.0)));
    all.push_back(
        material("fs/6 and fs/3", rate, tone(1.0 / 6, 1.0 / 12, 1.3), tone(1.0 / 3, 0.09, 1.3)));
    all.push_back(material("near Nyquist", rate, tone(0.45, 0.0, 2.0), tone(0.49, 0.1, 2.0)));
    all.push_back(material(
        "white noise", rate, [&](std::size_t n) { return 8.0 * white(n); }, white));
    const auto burst = [&](std::size_t n) { return (n / 700 % 2 ? 100.0 : 1.0) * 0.1 * white(n); };
    all.push_back(material("random bursts of 40 dB", rate, burst, burst));
    const auto nyquist_burst = [&](std::size_t n) {
        return n / 300 % 3 == 0 ? 3.0 * std::sin(kTwoPi * 0.4531 * static_cast<double>(n)) : 0.0;
    };
    all.push_back(material("bursts near Nyquist", rate, nyquist_burst, white));
    const auto square = [&](std::size_t n) { return n / 37 % 2 ? 1.2 : -1.2; };
    all.push_back(material("square wave", rate, square,
                           [&](std::size_t n) { return n / 5 % 2 ? 2.0 : -2.0; }));
    const auto impulse = [&](std::size_t n) { return n % 997 == 0 ? 10.0 : 0.0; };
    all.push_back(
        material("impulses", rate, impulse, [&](std::size_t n) { return n % 61 < 2 ? 3.0 : 0.0; }));
    const auto signs = [&](std::size_t) { return noise.below(2) ? 1.5 : -1.5; };
    all.push_back(material("random signs", rate, signs, signs));
    // Signs that agree with every lobe of a sinc around a point between two samples.
    const auto worst = [&](std::size_t n) {
        const std::size_t place = n % 400;
        return place < 100 || place >= 124 ? 0.0 : (place % 2 == 0) == (place < 112) ? 1.0 : -1.0;
    };
    all.push_back(material("worst case between samples", rate, worst,
                           [&](std::size_t n) { return 0.9 * worst(n + 7); }));
    const auto steps = [&](std::size_t n) { return n < 4000 ? 0.001 * white(n) : 30.0 * white(n); };
    all.push_back(material("from whisper to roar", rate, steps, tone(0.0103, 0.0, 6.0)));
    return all;
}

Limiter limiter_at(Decibels ceiling, Hertz rate) {
    Limiter limiter(rate);
    limiter.set({.ceiling = ceiling, .release = 50_ms, .on = true});
    return limiter;
}

TEST_CASE("limiter: no sample above the ceiling, no true peak more than 0.1 dB above it") {
    double worst_ebur128 = -100.0, worst_eightfold = -100.0, worst_annex2 = -100.0;
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz})
        for (const Seconds release : {1_ms, 50_ms})
            for (const Material& m : hostile(rate)) {
                CAPTURE(m.name);
                CAPTURE(rate.value);
                CAPTURE(release.value);
                const Decibels ceiling{-1.0};
                Limiter limiter(rate);
                limiter.set({.ceiling = ceiling, .release = release, .on = true});
                Stereo x = m.x;
                run(limiter, x, 64);
                for (const Samples& side : x) {
                    CHECK(sample_peak(side) <= gain(ceiling.value) * (1.0 + 1e-7));
                    const double ebur128 = in_dB(true_peak_ebur128(side, rate)) - ceiling.value;
                    const double eightfold = in_dB(true_peak_eightfold(side)) - ceiling.value;
                    const double annex2 = in_dB(true_peak_annex2(side)) - ceiling.value;
                    CHECK(ebur128 < 0.1);
                    CHECK(annex2 < 0.1);
                    worst_annex2 = std::max(worst_annex2, annex2);
                    CHECK(eightfold < 0.1);
                    worst_ebur128 = std::max(worst_ebur128, ebur128);
                    worst_eightfold = std::max(worst_eightfold, eightfold);
                }
            }
    MESSAGE("highest true peak above the ceiling: " << worst_ebur128 << " dB (libebur128), "
                                                    << worst_eightfold << " dB (eightfold), "
                                                    << worst_annex2 << " dB (annex 2)");
}

TEST_CASE("limiter: it does not take away more than it must") {
    Limiter limiter = limiter_at(Decibels{-1.0}, 48_kHz);
    Stereo x = {Samples(48000), Samples(48000)};
    for (std::size_t n = 0; n < 48000; ++n)
        x[0][n] = static_cast<float>(2.0 * sine(n, 997_Hz, 48_kHz));
    run(limiter, x, 64);
    CHECK(std::fabs(in_dB(true_peak_ebur128(x[0], 48_kHz)) + 1.0) < 0.1);
    CHECK(limiter.reduction_dB() == doctest::Approx(7.02).epsilon(0.01));
}

TEST_CASE("limiter: a steady tone stays a tone, the gain stands still between its peaks") {
    for (const Hertz hertz : {100_Hz, 1_kHz}) {
        Limiter limiter = limiter_at(0_dB, 48_kHz);
        Stereo x = {Samples(48000), {}};
        for (std::size_t n = 0; n < 48000; ++n)
            x[0][n] = static_cast<float>(2.0 * sine(n, hertz, 48_kHz));
        run(limiter, x, 64);
        const auto tone = [&](std::size_t n) {
            return sine(n - limiter.latency_frames(), hertz, 48_kHz);
        };
        double product = 0.0, power = 0.0, error = 0.0;
        for (std::size_t n = 24000; n < 48000; ++n) {
            product += static_cast<double>(x[0][n]) * tone(n);
            power += tone(n) * tone(n);
        }
        const double level = product / power;
        for (std::size_t n = 24000; n < 48000; ++n)
            error = std::max(error, std::fabs(static_cast<double>(x[0][n]) - level * tone(n)));
        MESSAGE("error of a tone of " << hertz.value
                                      << " Hz 6 dB above the ceiling: " << in_dB(error) << " dB");
        CHECK(in_dB(error) < -100.0);
    }
}

TEST_CASE(
    "limiter: below the ceiling the output is the input, latency_frames() late, bit for bit") {
    for (const Hertz rate : kRates) {
        CAPTURE(rate.value);
        Limiter limiter = limiter_at(Decibels{-1.0}, rate);
        CHECK(std::fabs(static_cast<double>(limiter.latency_frames()) / rate.value - 0.0015) <
              0.00002);
        Noise noise(4);
        Stereo x = {Samples(9600), Samples(9600)};
        for (Samples& side : x)
            for (float& y : side) y = 0.4f * noise.sample();  // its true peaks reach about 0.7
        const Stereo before = x;
        run(limiter, x, 64);
        CHECK(limiter.reduction_dB() == 0.0f);
        const std::size_t late = limiter.latency_frames();
        for (std::size_t s = 0; s < 2; ++s) {
            CHECK(same_bits(x[s].data() + late, before[s].data(), (9600 - late) * sizeof(float)));
            CHECK(std::all_of(x[s].begin(), x[s].begin() + static_cast<std::ptrdiff_t>(late),
                              [](float y) { return y == 0.0f; }));
        }
    }
}

TEST_CASE("limiter: after an overload it lets go completely") {
    Limiter limiter = limiter_at(Decibels{-1.0}, 48_kHz);
    Noise noise(4);
    Stereo x = {Samples(96000), {}};
    for (float& y : x[0]) y = 0.4f * noise.sample();
    x[0][1000] = 20.0f;
    const Samples before = x[0];
    run(limiter, x, 64);
    CHECK(limiter.reduction_dB() > 20.0f);
    limiter.clear_meter();
    const std::size_t late = limiter.latency_frames();
    CHECK(same_bits(x[0].data() + 60000 + late, before.data() + 60000, 30000 * sizeof(float)));
}

TEST_CASE("limiter: off it does nothing and has no latency") {
    Limiter limiter(48_kHz);
    Stereo x = {Samples(100, 5.0f), Samples(100, -5.0f)};
    run(limiter, x, 64);
    CHECK(x[0] == Samples(100, 5.0f));
    CHECK(x[1] == Samples(100, -5.0f));
}

TEST_CASE("limiter: output does not depend on how time is cut, on any target") {
    on_every_target([](const Target& target) {
        CAPTURE(target.name);
        for (const Material& m : hostile(48_kHz)) {
            CAPTURE(m.name);
            Limiter whole = limiter_at(Decibels{-1.0}, 48_kHz);
            Stereo expected = m.x;
            run(whole, expected, 480);
            for (const std::size_t block : {1u, 7u, 32u, 1000u}) {
                CAPTURE(block);
                Limiter cut = limiter_at(Decibels{-1.0}, 48_kHz);
                Stereo got = m.x;
                run(cut, got, block);
                CHECK(got == expected);
                CHECK(cut.reduction_dB() == whole.reduction_dB());
            }
        }
    });
}

TEST_CASE("limiter: a new ceiling is reached by a glide and then holds") {
    for (const std::size_t block : {1u, 64u, 100u}) {
        Limiter limiter = limiter_at(0_dB, 48_kHz);
        Stereo x = {Samples(14400), {}};
        for (std::size_t n = 0; n < 14400; ++n)
            x[0][n] = static_cast<float>(2.0 * sine(n, 1_kHz, 48_kHz));
        Stereo loud = {Samples(x[0].begin(), x[0].begin() + 4800), {}};
        Stereo low = {Samples(x[0].begin() + 4800, x[0].begin() + 9600), {}};
        Stereo high = {Samples(x[0].begin() + 9600, x[0].end()), {}};
        run(limiter, loud, block);
        limiter.set({.ceiling = Decibels{-12.0}, .release = 50_ms, .on = true});
        run(limiter, low, block);
        limiter.set({.ceiling = Decibels{-3.0}, .release = 50_ms, .on = true});
        run(limiter, high, block);
        const std::size_t there = 480 + 32 + limiter.latency_frames();
        CHECK(sample_peak(Samples(low[0].begin() + static_cast<std::ptrdiff_t>(there),
                                  low[0].end())) <= gain(-12.0) * 1.0000001);
        CHECK(sample_peak(high[0]) <= gain(-3.0) * 1.0000001);
        CHECK(sample_peak(high[0]) > gain(-5.0));  // a tenth of a second later, two of its release
        CHECK(sample_peak(Samples(low[0].begin(), low[0].begin() + 100)) > gain(-3.0));  // no step
    }
}

TEST_CASE("limiter: both sides get one gain") {
    Limiter limiter = limiter_at(0_dB, 48_kHz);
    Stereo x = {Samples(4800, 4.0f), Samples(4800, -0.5f)};
    run(limiter, x, 64);
    CHECK(x[0].back() <= 1.0f);
    CHECK(x[0].back() > 0.9f);
    CHECK(x[1].back() == x[0].back() * -0.125f);
}

TEST_CASE("limiter: reset makes it as new") {
    const Stereo m = hostile(48_kHz)[4].x;
    Limiter used = limiter_at(Decibels{-1.0}, 48_kHz), fresh = limiter_at(Decibels{-1.0}, 48_kHz);
    Stereo a = m, b = m;
    run(used, a, 64);
    used.reset();
    a = m;
    run(used, a, 64);
    run(fresh, b, 64);
    CHECK(a == b);
}

TEST_CASE("limiter: silence in, silence out, and no subnormals after the tail") {
    const FlushSubnormals flush;
    Limiter limiter = limiter_at(Decibels{-1.0}, 48_kHz);
    Stereo x = hostile(48_kHz)[4].x;
    run(limiter, x, 64);
    Stereo quiet = {Samples(48000), Samples(48000)};
    run(limiter, quiet, 64);
    for (const Samples& side : quiet)
        for (std::size_t n = limiter.latency_frames(); n < side.size(); ++n)
            REQUIRE(side[n] == 0.0f);
}

TEST_CASE("limiter: extreme levels and settings stay finite") {
    for (const double ceiling : {-60.0, 0.0, 24.0})
        for (const double level : {1e-30, 1.0, 1e15})
            for (const Seconds release : {0_s, 10_s}) {
                Limiter limiter(48_kHz);
                limiter.set({.ceiling = Decibels{ceiling}, .release = release, .on = true});
                Noise noise(1);
                Stereo x = {Samples(4800), Samples(4800)};
                for (Samples& side : x)
                    for (float& y : side) y = static_cast<float>(level) * noise.sample();
                run(limiter, x, 64);
                for (const Samples& side : x)
                    for (const float y : side) {
                        REQUIRE(std::isfinite(y));
                        REQUIRE(static_cast<double>(std::fabs(y)) <= gain(ceiling) * 1.0000001);
                    }
            }
}

TEST_CASE("limiter: NaN and infinity do not stay") {
    Limiter limiter = limiter_at(Decibels{-1.0}, 48_kHz);
    Stereo x = {Samples(24000, 0.25f), Samples(24000, 0.25f)};
    x[0][1000] = std::numeric_limits<float>::quiet_NaN();
    x[1][2000] = std::numeric_limits<float>::infinity();
    run(limiter, x, 64);
    for (const Samples& side : x)
        for (std::size_t n = 3000; n < side.size(); ++n) REQUIRE(std::isfinite(side[n]));
    CHECK(x[0].back() > 0.24f);  // infinity took all; it comes back with the release
}

TEST_CASE("limiter: works without allocation") {
    Limiter limiter = limiter_at(Decibels{-1.0}, 48_kHz);
    Stereo x = hostile(48_kHz)[4].x;
    const std::size_t before = allocations();
    run(limiter, x, 64);
    limiter.set({.ceiling = Decibels{-3.0}, .release = 50_ms, .on = true});
    limiter.reset();
    CHECK(allocations() == before);
}

}  // namespace limiter_test
