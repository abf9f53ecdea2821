// What saturator and clipper are measured with.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/units.h"
#include "tests/dsp/master/support.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <vector>

namespace mixrig::dsp::test::master {

template <typename Unit, typename Settings>
Samples shaped(const Settings& settings, const Samples& x, Hertz rate) {
    Unit unit(rate);
    unit.set(settings, Change::jump);
    return through(unit, both(x)).left;
}

// The harmonic of a wave of one period, by its Fourier integral.
template <typename Wave>
double harmonic(const Wave& wave, int number) {
    constexpr int kSteps = 4096;
    std::complex<double> total = 0.0;
    for (int n = 0; n < kSteps; ++n) {
        const double phase = 2.0 * std::numbers::pi * n / kSteps;
        total += wave(phase) * std::polar(1.0, -number * phase);
    }
    return 2.0 * std::abs(total) / kSteps;
}

// The harmonics 1 to 7 of what comes out for a sine of 200 Hz at -6.02 dB.
template <typename Unit, typename Settings>
std::vector<double> heard_harmonics(const Settings& settings, Hertz rate) {
    const auto frames = static_cast<std::size_t>(rate.value * 0.6);
    const Samples y = shaped<Unit>(settings, scaled(sweep::sine({200.0}, frames, rate), 0.5), rate);
    std::vector<double> found;
    for (int number = 1; number <= 7; ++number)
        found.push_back(coherent(y, frames / 6, 100.0 * number));
    return found;
}

// The loudest of all that is no harmonic, against the fundamental, for 5 kHz and 3.7 kHz at -6 dB.
// All that can fold lies at multiples of 100 Hz: a tenth of a second holds whole cycles of it.
template <typename Unit, typename Settings>
double aliases_dB(const Settings& settings, Hertz rate) {
    double worst = -300.0;
    for (const int hundreds : {50, 37}) {
        const auto size = static_cast<std::size_t>(rate.value / 10.0);
        // Of a high-pass at 5 Hz, to -120 dB; and whole quanta.
        const std::size_t all = 6 * size / kQuantum * kQuantum, settle = all - size;
        const Samples y = shaped<Unit>(
            settings, scaled(sweep::sine({hundreds * 100.0}, all, rate), 0.501187), rate);
        const double fundamental = coherent(y, settle, hundreds * 10);
        for (int bin = 1; bin * 100 < static_cast<int>(std::min(rate.value / 2.0, 24e3)); ++bin)
            if (bin % hundreds != 0)
                worst = std::max(worst, in_dB(coherent(y, settle, bin * 10) / fundamental));
    }
    return worst;
}

// The largest deviation from 0 dB of small sines up to 20 kHz.
template <typename Unit, typename Settings>
double worst_unity_dB(const Settings& settings, Hertz rate) {
    double worst = 0.0;
    for (const double frequency : {100.0, 1000.0, 10000.0, 18000.0, 20000.0}) {
        if (rate.value < 48000.0 && frequency > 18000.0) continue;
        const auto frames = static_cast<std::size_t>(rate.value * 0.1) / kQuantum * kQuantum;
        const Samples x = scaled(sweep::sine({frequency}, frames, rate), 1e-3);
        const Samples y = shaped<Unit>(settings, x, rate);
        const auto level = [&](const Samples& of) {
            return sweep::amplitude(of, frames / 4, frames, {frequency}, rate);
        };
        worst = std::max(worst, std::fabs(in_dB(level(y) / level(x))));
    }
    return worst;
}

// How much rougher (third differences, which weigh 1 kHz at 0.0022 and a step at 2) a change of
// settings under a sine is than both settings are, less a tenth.
template <typename Unit, typename Settings>
double click(const Settings& from, const Settings& to, Hertz tone) {
    Unit unit(Hertz{48000.0});
    unit.set(from, Change::jump);
    const Samples x = scaled(sweep::sine(tone, 28800, {48000.0}), 0.5);
    double roughest[3] = {};
    Samples all;
    for (std::size_t k = 0; k < 3; ++k) {
        const auto begin = x.begin() + static_cast<std::ptrdiff_t>(9600 * k);
        if (k == 1) unit.set(to, Change::glide);
        const Samples y = through(unit, both({begin, begin + 9600})).left;
        all.insert(all.end(), y.begin(), y.end());
    }
    for (std::size_t n = 4800; n < all.size(); ++n) {
        const double third = static_cast<double>(all[n]) - 3.0 * static_cast<double>(all[n - 1]) +
                             3.0 * static_cast<double>(all[n - 2]) -
                             static_cast<double>(all[n - 3]);
        roughest[n / 9600] = std::max(roughest[n / 9600], std::fabs(third));
    }
    return roughest[1] - 1.1 * std::max(roughest[0], roughest[2]);
}

}  // namespace mixrig::dsp::test::master
