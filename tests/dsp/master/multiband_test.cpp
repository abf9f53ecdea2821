// The multiband compressor: a flat sum, its bands, static curve, times, modes, mute and solo.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/multiband.h"

#include "tests/dsp/master/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::master;
using namespace mixrig::dsp::literals;

namespace multiband_test {

MultibandSettings idle(std::size_t bands) {
    MultibandSettings s{.bands = bands, .on = true};
    for (MultibandBand& band : s.band) band.ratio = 1.0;
    return s;
}

Multiband made(const MultibandSettings& settings, Hertz rate) {
    Multiband unit(rate);
    unit.set(settings, Change::jump);
    return unit;
}

// One band that compresses; the frequency lies in its middle.
MultibandSettings one_band(const MultibandBand& band) {
    MultibandSettings s = idle(3);
    s.splits = {{{40.0}, {10000.0}, {11000.0}, {12000.0}}};
    s.band[1] = band;
    return s;
}
constexpr Hertz kMiddle{630.0};

// The static curve as the header has it.
double reduction(double level, const MultibandBand& band) {
    const double over = level - band.threshold.value, half = band.knee.value / 2.0;
    const double slope = band.ratio >= 100.0 ? 1.0 : 1.0 - 1.0 / band.ratio;
    double reduced = 0.0;
    if (over >= half)
        reduced = slope * over;
    else if (over > -half)
        reduced = slope * (over + half) * (over + half) / (4.0 * half);
    return std::min(reduced, band.max_reduction.value);
}

// Of the output against the input, in the last third.
double steady_dB(Multiband& unit, const Samples& x, Hertz frequency, double right, Hertz rate) {
    const std::size_t from = x.size() / 3 * 2;
    const Stereo y = through(unit, {x, scaled(x, right)});
    return in_dB(sweep::amplitude(y.left, from, x.size(), frequency, rate) /
                 sweep::amplitude(x, from, x.size(), frequency, rate));
}

TEST_CASE("multiband: idle, the sum of the bands is flat within 0.1 dB") {
    double worst = 0.0;
    for (const Hertz rate : kRates)
        for (const std::size_t bands : {3u, 4u, 5u}) {
            Multiband unit = made(idle(bands), rate);
            const SideGains found =
                gains_dB(unit, pitches(20_Hz, {0.45 * rate.value}, 40), -0.5, rate);
            for (const double dB : found.left) worst = std::max(worst, std::fabs(dB));
            for (const double dB : found.right) worst = std::max(worst, std::fabs(dB + 6.0206));
        }
    MESSAGE("largest deviation of the sum: " << worst << " dB");
    CHECK(worst < 0.1);
}

TEST_CASE("multiband: bands are those of Linkwitz and Riley, 6 dB down at the split") {
    for (const Hertz rate : kRates)
        for (const std::size_t solo : {0u, 1u, 2u}) {
            MultibandSettings s = idle(3);
            s.splits = {{{200.0}, {3000.0}, {8000.0}, {9000.0}}};
            s.band[solo].soloed = true;
            Multiband unit = made(s, rate);
            const std::vector<Hertz> at = pitches(50_Hz, 12_kHz, 13);
            const std::vector<double> found = gains_dB(unit, at, 1.0, rate).left;
            for (std::size_t k = 0; k < at.size(); ++k) {
                const auto fourth = [&](double split) {
                    const double w = std::tan(std::numbers::pi * at[k].value / rate.value) /
                                     std::tan(std::numbers::pi * split / rate.value);
                    return w * w * w * w;
                };
                const double above = fourth(200.0), below = 1.0 / (1.0 + fourth(3000.0));
                const double high = above / (1.0 + above);
                const double gain =
                    solo == 0 ? 1.0 - high : high * (solo == 1 ? below : 1.0 - below);
                CAPTURE(rate.value);
                CAPTURE(solo);
                CAPTURE(at[k].value);
                // What floats leave of a pulse of 0.1 is at -150 dB.
                CHECK(std::fabs(gain_of(found[k]) - gain) < 1e-4 * gain + 1e-6);
            }
        }
}

TEST_CASE("multiband: the static curve of a band is that of its settings within 0.1 dB") {
    const std::vector<MultibandBand> bands = {
        {.threshold = {-30.0}, .ratio = 4.0, .knee = {0.0}, .makeup = {3.0}},
        {.threshold = {-20.0}, .ratio = 2.0, .knee = {12.0}},
        {.threshold = {-24.0}, .ratio = 100.0, .knee = {6.0}},
        {.threshold = {-40.0}, .ratio = 10.0, .knee = {6.0}, .max_reduction = {2.0}},
        {.threshold = {-10.0}, .ratio = 1.0, .makeup = {-6.0}}};
    for (const Hertz rate : {48_kHz, 192_kHz})
        for (const MultibandBand& band : bands)
            for (const double level : {-50.0, -33.0, -25.0, -19.0, -3.0}) {
                Multiband unit = made(one_band(band), rate);
                const auto frames = static_cast<std::size_t>(0.6 * rate.value) / 32 * 32;
                const Samples x = scaled(sweep::sine(kMiddle, frames, rate), gain_of(level));
                steady_dB(unit, x, kMiddle, 0.5, rate);
                unit.clear_meters();  // which have seen the splits ring as the sine began
                const double found = steady_dB(unit, x, kMiddle, 0.5, rate);
                const double expected = band.makeup.value - reduction(level, band);
                CAPTURE(rate.value);
                CAPTURE(level);
                CAPTURE(band.ratio);
                // The neighbours pass their part of the sine, 96 dB down, as it is.
                CHECK(std::fabs(found - expected) < 0.1);
                CHECK(std::fabs(unit.reduction(1).value - reduction(level, band)) < 0.1);
                CHECK(unit.reduction(0).value == 0.0);
            }
}

TEST_CASE("multiband: attack and release are the times to 63 % of a step") {
    const MultibandBand band{
        .threshold = {-40.0}, .ratio = 100.0, .knee = {0.0}, .attack = {0.030}, .release = {0.200}};
    Multiband unit = made(one_band(band), 48_kHz);
    const std::size_t step = 48000;
    Stereo x = both(sweep::sine(kMiddle, 4 * step, 48_kHz));
    for (std::size_t n = 0; n < x.left.size(); ++n) {
        const float level = n >= step && n < 2 * step ? 0.1f : 0.01f;
        x.left[n] *= level;
        x.right[n] = x.left[n];
    }
    // The gain as it is told, in dB, once a quantum.
    std::vector<double> reduced;
    for (std::size_t at = 0; at < x.left.size(); at += kQuantum) {
        unit.begin_quantum();
        unit.process(x.left.data() + at, x.right.data() + at, {0, kQuantum});
        reduced.push_back(-in_dB(unit.gains().band[1].direct[kQuantum - 1]));
    }
    const auto crossing = [&](std::size_t from, double share, bool rising) {
        const auto first = reduced.begin() + static_cast<std::ptrdiff_t>(from / kQuantum);
        const auto found = std::find_if(first, reduced.end(), [&](double r) {
            return rising ? r > 20.0 * share : r < 20.0 * share;
        });
        return static_cast<double>(found - first) * kQuantum / 48000.0;
    };
    CHECK(reduced[2 * step / kQuantum - 1] == doctest::Approx(20.0).epsilon(0.005));
    // The level is held for up to two half periods of the band's lower edge, 40 Hz.
    CHECK(crossing(step, 0.632, true) == doctest::Approx(0.030).epsilon(0.1));
    const double back = crossing(2 * step, 0.368, false);
    CHECK(back > 0.200);
    CHECK(back < 0.227);
}

TEST_CASE("multiband: a steady bass keeps its wave, the gain stands still") {
    for (const double frequency : {30.0, 50.0, 80.0}) {
        MultibandSettings s = idle(4);
        s.band[0] = {.threshold = {-30.0},
                     .ratio = 8.0,
                     .attack = {0.001},
                     .release = {0.010},
                     .max_reduction = {60.0}};
        Multiband unit = made(s, 48_kHz);
        const std::size_t half = 48000;
        const Samples x = scaled(sweep::sine({frequency}, 2 * half, 48_kHz), 0.5);
        const Samples y = through(unit, both(x)).left;
        const double tone = coherent(y, half, frequency);
        for (const double harmonic : {2.0, 3.0, 4.0, 5.0}) {
            CAPTURE(frequency);
            CHECK(in_dB(coherent(y, half, harmonic * frequency) / tone) < -100.0);
        }
        CHECK(unit.reduction(0).value > 15.0);
    }
}

TEST_CASE("multiband: mid and side are turned down alone") {
    for (const BandMode mode : {BandMode::stereo, BandMode::mid, BandMode::side})
        for (const double right : {1.0, -1.0}) {
            Multiband unit =
                made(one_band({.threshold = {-40.0}, .ratio = 100.0, .knee = {0.0}, .mode = mode}),
                     48_kHz);
            const Samples x = scaled(sweep::sine(kMiddle, 48000, 48_kHz), 0.1);
            const double found = steady_dB(unit, x, kMiddle, right, 48_kHz);
            const bool heard = mode != (right > 0.0 ? BandMode::side : BandMode::mid);
            CAPTURE(right);
            CHECK(found == doctest::Approx(heard ? -20.0 : 0.0).epsilon(0.1));
        }
}

TEST_CASE("multiband: a muted band is gone, a soloed one is alone") {
    for (const bool solo : {false, true}) {
        MultibandSettings s = idle(4);
        (solo ? s.band[2].soloed : s.band[2].muted) = true;
        Multiband unit = made(s, 48_kHz);
        // The middle of each band; a neighbour is three octaves or more away.
        const std::vector<Hertz> at = {{30.0}, {268.0}, {1342.0}, {20000.0}};
        const std::vector<double> found = gains_dB(unit, at, 1.0, 48_kHz).left;
        for (std::size_t k = 0; k < at.size(); ++k) {
            CAPTURE(k);
            const bool heard = (k == 2) == solo;
            CHECK((heard ? std::fabs(found[k]) < 1.0 : found[k] < -20.0));
        }
    }
}

TEST_CASE("multiband: a new number of bands is reached, and then is as if set at once") {
    Multiband moved = made(idle(3), 48_kHz), fresh = made(idle(5), 48_kHz);
    const Samples x = sweep::noise(48000, 0.25f, 3);
    through(moved, both(x));
    moved.set(idle(5), Change::glide);
    const Samples a = through(moved, both(x)).left, b = through(fresh, both(x)).left;
    double worst = 0.0;
    for (std::size_t n = 24000; n < 48000; ++n)
        worst = std::max(worst, std::fabs(static_cast<double>(a[n]) - static_cast<double>(b[n])));
    CHECK(in_dB(worst) < -120.0);
}

TEST_CASE("multiband: while splits glide the sum stays within 0.1 dB") {
    Multiband unit = made(idle(4), 48_kHz);
    const Samples x = scaled(sweep::sine(1_kHz, 48000, 48_kHz), 0.5);
    through(unit, both(x));
    MultibandSettings s = idle(4);
    s.splits = {{{900.0}, {3000.0}, {9000.0}, {9500.0}}};
    unit.set(s, Change::glide);
    const Samples y = through(unit, both(x)).left;
    double low = 1e9, high = 0.0;
    // Short windows: the all-passes turn the tone's phase, by some Hz.
    for (const auto& pointer : sweep::demodulated(y, 1_kHz, 240, 48_kHz)) {
        low = std::min(low, std::abs(pointer));
        high = std::max(high, std::abs(pointer));
    }
    MESSAGE("level of a tone while splits glide: " << in_dB(low / 0.5) << " to "
                                                   << in_dB(high / 0.5) << " dB");
    CHECK(in_dB(low / 0.5) > -0.1);
    CHECK(in_dB(high / 0.5) < 0.1);
}

}  // namespace multiband_test
