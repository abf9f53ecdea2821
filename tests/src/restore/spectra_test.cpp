// Hum, noise and offset: how much of it goes, and how much of the music.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/restore/restore.h"
#include "tests/src/restore/damage.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>

using namespace mixrig;
using namespace mixrig::tests;
using restore::reduce_noise;
using restore::remove_dc;
using restore::remove_hum;

namespace {

const restore::Settings kAll{.clipping = true,
                             .dc = true,
                             .clicks = restore::ClickSettings{},
                             .hum = restore::HumSettings{}};
constexpr double kSeconds = 10.0;

// Twelve harmonics, the fundamental at -34 dBFS; the frequency swings by `drift` once in 40 s.
Samples hum(double hertz, double drift) {
    Samples out(static_cast<std::size_t>(kSeconds * kRate.value));
    double cycles = 0.0;
    for (std::size_t n = 0; n < out.size(); ++n) {
        const double t = static_cast<double>(n) / kRate.value;
        cycles += (hertz + drift * std::sin(2.0 * std::numbers::pi * t / 40.0)) / kRate.value;
        double x = 0.0;
        for (int h = 1; h <= 12; ++h)
            x += 0.02 / h * std::sin(2.0 * std::numbers::pi * h * cycles + h);
        out[n] = static_cast<float>(x);
    }
    return out;
}

double error(const Samples& clean, const Samples& other) {
    Samples off = clean;
    for (std::size_t n = 0; n < off.size(); ++n) off[n] -= other[n];
    return dB(rms(off) + 1e-12);
}

// A note of a second every six: what is not there all the time is no hum.
Samples notes(double hertz) {
    Samples out = sine(kSeconds, hertz, 0.2);
    for (std::size_t n = 0; n < out.size(); ++n) {
        const double t = std::fmod(static_cast<double>(n) / kRate.value, 6.0);
        const double s = std::sin(std::numbers::pi * t);
        out[n] = t < 1.0 ? out[n] * static_cast<float>(s * s) : 0.0f;
    }
    return out;
}

}  // namespace

TEST_CASE("hum: it is found to a hundredth of a hertz, also when it drifts, and goes") {
    struct Case {
        std::string name;
        Samples clean;
        double hertz, drift, reduction;
    };
    for (const Case& one :
         {Case{"silence", Samples(static_cast<std::size_t>(kSeconds * kRate.value)), 50.0, 0.0,
               60.0},
          Case{"white noise", white(kSeconds, 0.01, 1), 49.93, 0.0, 25.0},
          Case{"white noise", white(kSeconds, 0.01, 1), 50.0, 0.03, 15.0},
          Case{"voice", voice(kSeconds, 1), 60.02, 0.0, 10.0},
          Case{"bass of 55 Hz", sine(kSeconds, 55.0, 0.3), 49.93, 0.03, 18.0},
          Case{"notes of 50 Hz", notes(50.0), 50.02, 0.0, 10.0}}) {
        const Samples hums = hum(one.hertz, one.drift);
        Samples x = sum(one.clean, hums);
        const auto found = remove_hum(x, kRate, {});
        const double before = dB(rms(hums)), after = error(one.clean, x);
        MESSAGE("hum of " << one.hertz << " Hz drifting by " << one.drift << " in " << one.name
                          << ": found " << found.hertz << " Hz, " << dB(found.level)
                          << " dBFS; error " << before << " -> " << after << " dBFS");
        REQUIRE(found.found);
        CHECK(before - after >= one.reduction);
        // Over 10 s of the 40 the drift is the mean of the sine's beginning.
        if (one.drift == 0.0) CHECK(std::fabs(found.hertz - one.hertz) < 0.01);
    }
}

TEST_CASE("hum: a bass beside it stays") {
    const Samples bass = sine(kSeconds, 55.0, 0.3);
    Samples x = sum(bass, hum(50.0, 0.0));
    remove_hum(x, kRate, {});
    const double lost = dB(level_at(bass, 55.0) / level_at(x, 55.0));
    MESSAGE("a bass of 55 Hz beside a hum of 50 Hz lost " << lost << " dB");
    CHECK(std::fabs(lost) < 0.01);
}

TEST_CASE("hum: where there is none every bit stays") {
    for (const Samples& clean :
         {music(4.0, 1), voice(4.0, 1), white(4.0, 0.05, 1), notes(50.0), sine(4.0, 55.0, 0.3),
          Samples(200000), Samples(1000, 0.1f), Samples()}) {
        Samples x = clean;
        CHECK_FALSE(remove_hum(x, kRate, {}).found);
        CHECK(x == clean);
    }
}

TEST_CASE("noise: it goes down by what was asked for, and the music stays") {
    Samples clean = music(4.0, 1);
    std::fill_n(clean.begin(), 48000, 0.0f);
    const Samples noisy = sum(clean, white(4.0, 0.005, 9));
    for (const double reduction : {6.0, 12.0, 20.0}) {
        Samples x = noisy;
        const auto found =
            reduce_noise(x, kRate, {.from = {0.1}, .to = {0.9}, .reduction = {reduction}});
        REQUIRE(found);
        const double less = dB(found->floor) - dB(found->after);
        MESSAGE("noise at " << dB(found->floor) << " dBFS, " << reduction << " dB: " << less
                            << " dB less; SNR " << snr(clean, noisy) << " -> " << snr(clean, x)
                            << " dB");
        CHECK(less > 0.85 * reduction);
        CHECK(less < reduction + 0.5);
        CHECK(snr(clean, x) > snr(clean, noisy) + 2.0);
    }
}

TEST_CASE("noise: a tone 30 dB over it loses next to nothing; no reduction changes no bit") {
    Samples clean = sine(3.0, 1000.0, 0.2);
    std::fill_n(clean.begin(), 48000, 0.0f);
    const Samples noisy = sum(clean, white(3.0, 0.005, 9));
    Samples x = noisy;
    REQUIRE(reduce_noise(x, kRate, {.from = {0.1}, .to = {0.9}}));
    const auto tone = [](const Samples& of) {
        return level_at(std::span(of).subspan(72000, 48000), 1000.0);
    };
    const double lost = dB(tone(noisy) / tone(x));
    MESSAGE("a tone 30 dB over the noise lost " << lost << " dB");
    CHECK(std::fabs(lost) < 0.1);
    x = noisy;
    REQUIRE(reduce_noise(x, kRate, {.from = {0.1}, .to = {0.9}, .reduction = {0.0}}));
    CHECK(x == noisy);
}

TEST_CASE("noise: a passage that is not there is refused") {
    Samples x = white(1.0, 0.1, 1);
    const Samples before = x;
    CHECK_FALSE(reduce_noise(x, kRate, {.from = {0.5}, .to = {1.5}}));
    CHECK_FALSE(reduce_noise(x, kRate, {.from = {0.5}, .to = {0.55}}));
    CHECK_FALSE(reduce_noise(x, kRate, {.from = {0.5}, .to = {0.4}}));
    CHECK(x == before);
}

TEST_CASE("offset: a constant and a drifting one go, none leaves every bit") {
    const Samples clean = voice(kSeconds, 1);
    for (const double offset : {0.01, -0.1}) {
        Samples x = clean, drifting = clean;
        for (std::size_t n = 0; n < x.size(); ++n) {
            const double t = static_cast<double>(n) / static_cast<double>(x.size());
            x[n] += static_cast<float>(offset);
            drifting[n] += static_cast<float>(offset * (1.0 + 0.5 * t));
        }
        CHECK(remove_dc(x, kRate).offset == doctest::Approx(offset).epsilon(0.02));
        CHECK(remove_dc(drifting, kRate).removed);
        MESSAGE("an offset of " << offset << ": error " << error(clean, x)
                                << " dBFS, drifting by half " << error(clean, drifting) << " dBFS");
        CHECK(error(clean, x) < -65.0);
        CHECK(error(clean, drifting) < dB(std::fabs(offset)) - 20.0);
    }
    for (const Samples& whole : {clean, sine(5.0, 55.0, 0.9), Samples(7, 0.5f), Samples()}) {
        Samples x = whole;
        CHECK_FALSE(remove_dc(x, kRate).removed);
        CHECK(x == whole);
    }
}

TEST_CASE("restore: the lowest of rates and the shortest of sounds are no trouble") {
    for (const std::size_t frames : {1u, 100u, 4000u}) {
        Samples x = sine(1.0, 3000.0, 0.5);
        x.resize(frames);
        const Samples before = x;
        REQUIRE(restore::restore(x, dsp::Hertz{100.0}, kAll));
        CHECK(x == before);
    }
}

TEST_CASE("restore: what is no number becomes silence, and is counted") {
    Samples x = sine(1.0, 440.0, 0.5);
    x[100] = std::numeric_limits<float>::quiet_NaN();
    x[200] = std::numeric_limits<float>::infinity();
    const auto found = restore::restore(x, kRate, kAll);
    REQUIRE(found);
    CHECK(found->not_finite == 2);
    for (const float one : x) REQUIRE(std::isfinite(one));
}
