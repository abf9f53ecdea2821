// The equaliser of the master chain: its curves, and that mid and side are kept apart.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/mid_side_eq.h"

#include "tests/dsp/master/support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::master;
using namespace mixrig::dsp::literals;

namespace mid_side_eq_test {

MidSideEqSettings one_band(const EqBand& curve, Place place) {
    MidSideEqSettings s{.on = true};
    s.band[3] = {.curve = curve, .place = place, .on = true};
    return s;
}

MidSideEq made(const MidSideEqSettings& settings, Hertz rate) {
    MidSideEq unit(rate);
    unit.set(design_mid_side_eq(settings, rate), Change::jump);
    return unit;
}

double prototype_dB(const EqBand& band, Hertz at) {
    return in_dB(std::abs(prototype(band.type, band.frequency, band.q, band.gain, at)));
}

// Up to 5/12 of the rate, 20 kHz at 48 kHz. What lies 60 dB down counts by its amplitude.
// Shelves of q 2, which overshoot by 3 dB, are a little off high up.
TEST_CASE("mid-side eq: curves follow the analogue prototypes within 0.1 dB") {
    double worst = 0.0, worst_sharp = 0.0;
    for (const Hertz rate : kRates)
        for (const FilterType type : {FilterType::bell, FilterType::low_shelf,
                                      FilterType::high_shelf, FilterType::hpf, FilterType::lpf})
            for (const double centre : {30.0, 120.0, 1000.0, 5000.0, 10000.0, 16000.0})
                for (const double q : {0.5, 0.7071, 2.0, 10.0, 60.0})
                    for (const double gain : {-12.0, 12.0}) {
                        const bool shelf =
                            type == FilterType::low_shelf || type == FilterType::high_shelf;
                        const bool pass = type == FilterType::hpf || type == FilterType::lpf;
                        if ((shelf && q > 2.0) || (pass && (q > 10.0 || gain > 0.0))) continue;
                        const EqBand band{type, {centre}, q, {gain}};
                        const MidSideEqDesign design =
                            design_mid_side_eq(one_band(band, Place::mid), rate);
                        std::vector<Hertz> at = pitches(20_Hz, {rate.value * 5.0 / 12.0}, 25);
                        for (const double d : {0.98, 0.99, 0.995, 1.0, 1.005, 1.01, 1.02})
                            at.push_back({centre * d});
                        for (const Hertz f : at) {
                            std::complex<double> found = 1.0;
                            for (const auto& section : design.section)
                                found *= response(section[0], f, rate);
                            const double wanted = gain_of(prototype_dB(band, f));
                            const double off = std::fabs(std::abs(found) - wanted);
                            const double dB = in_dB(1.0 + off / (wanted + 1e-3));
                            CAPTURE(rate.value);
                            CAPTURE(static_cast<int>(type));
                            CAPTURE(centre);
                            CAPTURE(q);
                            CAPTURE(gain);
                            CAPTURE(f.value);
                            CHECK(dB < (shelf && q > 1.0 ? 0.15 : 0.1));
                            (shelf && q > 1.0 ? worst_sharp : worst) =
                                std::max(shelf && q > 1.0 ? worst_sharp : worst, dB);
                        }
                    }
    MESSAGE("largest deviation from the prototypes: " << worst << " dB, of shelves of q 2 "
                                                      << worst_sharp << " dB");
}

TEST_CASE("mid-side eq: what is heard is what was designed, by three probes and at q 60") {
    for (const Hertz rate : kRates)
        for (const Place place : {Place::stereo, Place::mid, Place::side})
            for (const double q : {1.0, 60.0}) {
                const EqBand band{FilterType::bell, 1_kHz, q, {-12.0}};
                for (const double right : {1.0, -1.0}) {
                    MidSideEq unit = made(one_band(band, place), rate);
                    const std::vector<Hertz> at = {{30.0}, {990.0}, {1000.0}, {15000.0}};
                    const std::vector<double> found = gains_dB(unit, at, right, rate).left;
                    const bool heard = place != (right > 0.0 ? Place::side : Place::mid);
                    for (std::size_t k = 0; k < at.size(); ++k) {
                        CAPTURE(rate.value);
                        CAPTURE(q);
                        CAPTURE(at[k].value);
                        const double wanted = heard ? prototype_dB(band, at[k]) : 0.0;
                        CHECK(std::fabs(found[k] - wanted) < 0.05);
                    }
                }
            }
}

TEST_CASE("mid-side eq: mid and side do not leak into each other") {
    MidSideEqSettings s = one_band({FilterType::high_shelf, 500_Hz, 0.7, {12.0}}, Place::mid);
    s.band[0] = {.curve = {FilterType::hpf, 90_Hz, 0.7, {}}, .place = Place::side, .on = true};
    MidSideEq unit = made(s, 48_kHz);
    const Samples x = sweep::noise(48000, 0.5f, 3);
    const Stereo mid = through(unit, {x, x});
    CHECK(mid.left == mid.right);
    unit.reset();
    const Stereo side = through(unit, {x, scaled(x, -1.0)});
    for (std::size_t n = 0; n < x.size(); ++n) REQUIRE(side.left[n] == -side.right[n]);
}

// A float state would lose the digits: -70 dB.
TEST_CASE("mid-side eq: a surgical cut in the bass at 192 kHz adds no noise of its own") {
    MidSideEq unit =
        made(one_band({FilterType::bell, 40_Hz, 60.0, {-24.0}}, Place::stereo), 192_kHz);
    const std::size_t second = 192000;
    const Samples x = scaled(sweep::sine(41_Hz, 4 * second, 192_kHz), 0.5);
    const Samples y = through(unit, both(x)).left;
    const double tone = coherent(y, 3 * second, 41.0);
    for (const double other : {3.0, 39.0, 43.0, 82.0, 123.0, 1000.0, 20000.0})
        CHECK(in_dB(coherent(y, 3 * second, other) / tone) < -125.0);
}

TEST_CASE("mid-side eq: working does not allocate") {
    MidSideEq unit(48_kHz);
    MidSideEqSettings s = one_band({FilterType::bell, 1_kHz, 1.0, {6.0}}, Place::side);
    const MidSideEqDesign first = design_mid_side_eq(s, 48_kHz);
    s.band[3].place = Place::stereo;
    const MidSideEqDesign second = design_mid_side_eq(s, 48_kHz);
    Stereo x = both(sweep::noise(1600, 1.0f, 4));
    const std::size_t before = allocations();
    unit.set(first, Change::glide);
    run(unit, x, sweep::kWhole);
    unit.set(second, Change::glide);
    run(unit, x, sweep::kWhole);
    unit.reset();
    CHECK(allocations() == before);
}

}  // namespace mid_side_eq_test
