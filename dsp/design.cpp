// Filter design: magnitudes follow the analogue prototype up to 20 kHz, not its bilinear image.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/design.h"

#include "dsp/match.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace mixrig::dsp {
namespace {

constexpr double kHighest = 0.49;  // of the rate

// R. Bristow-Johnson's analogue prototypes, for a gain >= 0 dB.
Rational rational(FilterType type, double q, Decibels gain) {
    const double a = std::pow(10.0, gain.value / 40.0), root = std::sqrt(a);
    switch (type) {
        case FilterType::bell:
            return {.n2 = 1.0, .n1 = a / q, .n0 = 1.0, .d1 = 1.0 / (a * q), .d0 = 1.0};
        case FilterType::low_shelf:
            return {.n2 = 1.0, .n1 = root / q, .n0 = a, .d1 = 1.0 / (root * q), .d0 = 1.0 / a};
        case FilterType::high_shelf:
            return {.n2 = a * a, .n1 = a * root / q, .n0 = a, .d1 = root / q, .d0 = a};
        case FilterType::notch:
            return {.n2 = 1.0, .n1 = 0.0, .n0 = 1.0, .d1 = 1.0 / q, .d0 = 1.0};
        case FilterType::hpf:
            return {.n2 = 1.0, .n1 = 0.0, .n0 = 0.0, .d1 = 1.0 / q, .d0 = 1.0};
        case FilterType::lpf:
            return {.n2 = 0.0, .n1 = 0.0, .n0 = 1.0, .d1 = 1.0 / q, .d0 = 1.0};
        case FilterType::bandpass:
            return {.n2 = 0.0, .n1 = 1.0 / q, .n0 = 0.0, .d1 = 1.0 / q, .d0 = 1.0};
    }
    return {};
}

bool has_gain(FilterType type) {
    return type == FilterType::bell || type == FilterType::low_shelf ||
           type == FilterType::high_shelf;
}

Rational inverse(const Rational& r) {
    return {.n2 = 1.0 / r.n2,
            .n1 = r.d1 / r.n2,
            .n0 = r.d0 / r.n2,
            .d1 = r.n1 / r.n2,
            .d0 = r.n0 / r.n2};
}

// The numerator of the section in u = z - 1, over the denominator's leading coefficient, divided
// among the taps.
SvfLane svf_from_rational(const Rational& r) {
    const double scale = 1.0 + r.d1 + r.d0;
    const double a2 = 2.0 * std::sqrt(r.d0) / scale;
    const double a3 = 2.0 * r.d0 / scale;
    const double c1 = 2.0 * (r.d1 + r.d0) / scale;
    const double d0 = r.n0 / r.d0;
    const double d2 = (r.n2 + r.n1 + r.n0) / scale - d0;
    const double d1 = ((2.0 * r.n1 + 4.0 * r.n0) / scale - d0 * (c1 + a3) - d2 * c1) / a2;
    return {.a2 = static_cast<float>(a2),
            .a3 = static_cast<float>(a3),
            .c1 = static_cast<float>(c1),
            .d0 = static_cast<float>(d0),
            .d1 = static_cast<float>(d1),
            .d2 = static_cast<float>(d2)};
}

Hertz within_band(Hertz frequency, Hertz rate) {
    return {std::clamp(frequency.value, 1.0, kHighest * rate.value)};
}

// Butterworth's pole pairs: the quality of pair k of order n is 1 / (2 sin((2k+1) pi/(2n))).
constexpr double kQuality2 = std::numbers::sqrt2 / 2.0;
constexpr double kQuality3 = 1.0;
constexpr double kQuality4[2] = {0.54119610014619698, 1.30656296487637653};

// A pole that has no partner gets one high up, together with a zero that cancels it in the
// prototype; in the digital section the two are free to correct the curve.
Rational first_order(FilterType type, Hertz frequency, Hertz rate) {
    const double partner = rate.value / (std::numbers::pi * frequency.value);
    Rational r{.n2 = 0.0, .n1 = 1.0, .n0 = partner, .d1 = 1.0 + partner, .d0 = partner};
    if (type == FilterType::hpf) {
        r.n2 = 1.0;
        r.n1 = partner;
        r.n0 = 0.0;
    }
    return r;
}

std::array<SvfLane, 2> butterworth(FilterType type, Hertz frequency, Slope slope, Hertz rate) {
    const Hertz corner = within_band(frequency, rate);
    const auto section = [&](const Rational& prototype) {
        return svf_from_rational(match(prototype, corner, rate));
    };
    const auto pair = [&](double q) { return section(rational(type, q, {})); };
    switch (slope) {
        case Slope::dB12:
            return {pair(kQuality2), kSvfIdentity};
        case Slope::dB18:
            return {pair(kQuality3), section(first_order(type, corner, rate))};
        case Slope::dB24:
            return {pair(kQuality4[0]), pair(kQuality4[1])};
    }
    return {};
}

// Elsewhere design_eq stays within 0.1 dB of the analogue curve where there is a resonance.
constexpr double kSharp = 1.0;             // q
constexpr double kSharpFrom = 1.0 / 12.0;  // of the rate

bool is_sharp(const EqBand& band, Hertz rate) {
    return band.type == FilterType::hpf && band.q > kSharp &&
           band.frequency.value > kSharpFrom * rate.value;
}

Resonance resonance(const EqBand& band, Hertz rate) {
    const Hertz centre = within_band(band.frequency, rate);
    const Rational analogue = rational(band.type, band.q, {});
    return {analogue, match_resonance(analogue, centre, rate), centre};
}

}  // namespace

SvfLane svf_from_biquad(const Biquad& b) {
    const double scale = 1.0 - b.a1 + b.a2;
    return svf_from_rational({.n2 = (b.b0 - b.b1 + b.b2) / scale,
                              .n1 = 2.0 * (b.b0 - b.b2) / scale,
                              .n0 = (b.b0 + b.b1 + b.b2) / scale,
                              .d1 = 2.0 * (1.0 - b.a2) / scale,
                              .d0 = (1.0 + b.a1 + b.a2) / scale});
}

SvfLane design_eq(FilterType type, Hertz frequency, double q, Decibels gain, Hertz rate) {
    if (has_gain(type) && std::fabs(gain.value) < 1e-6) return kSvfIdentity;
    const Rational analogue = rational(type, q, {std::fabs(gain.value)});
    const Rational digital = match(analogue, within_band(frequency, rate), rate);
    // A cut is the inverse of the boost, so that the two cancel exactly.
    return svf_from_rational(has_gain(type) && gain.value < 0.0 ? inverse(digital) : digital);
}

SvfLane design_eq_band(const EqBand& band, Hertz rate) {
    return is_sharp(band, rate) ? svf_from_rational(resonance(band, rate).digital)
                                : design_eq(band.type, band.frequency, band.q, band.gain, rate);
}

SvfLane design_touch_up(std::span<const EqBand> bands, Hertz rate) {
    std::vector<Resonance> resonances;
    for (const EqBand& band : bands)
        if (is_sharp(band, rate)) resonances.push_back(resonance(band, rate));
    return resonances.empty() ? kSvfIdentity : svf_from_rational(match_remainder(resonances, rate));
}

std::array<SvfLane, 2> design_hpf(Hertz frequency, Slope slope, Hertz rate) {
    return butterworth(FilterType::hpf, frequency, slope, rate);
}

std::array<SvfLane, 2> design_lpf(Hertz frequency, Slope slope, Hertz rate) {
    return butterworth(FilterType::lpf, frequency, slope, rate);
}

std::complex<double> response(const SvfLane& section, Hertz frequency, Hertz rate) {
    const double w = 2.0 * std::numbers::pi * frequency.value / rate.value;
    const double half = std::sin(w / 2.0);
    const std::complex<double> u(-2.0 * half * half, std::sin(w));  // z - 1
    const double a2 = section.a2, a3 = section.a3, c1 = section.c1;
    const std::complex<double> poles = (u + a3) * (u + c1) + a2 * a2;
    const std::complex<double> band = static_cast<double>(section.d1) * a2 * u;
    const std::complex<double> high = static_cast<double>(section.d2) * u * (u + c1);
    // The identity has u*u for poles, which is 0 at 0 Hz and cancels nowhere: it has no taps.
    if (section.d1 == 0.0f && section.d2 == 0.0f) return static_cast<double>(section.d0);
    return static_cast<double>(section.d0) + (band + high) / poles;
}

std::complex<double> prototype(FilterType type, Hertz centre, double q, Decibels gain,
                               Hertz frequency) {
    const Rational r = rational(type, q, {std::fabs(gain.value)});
    const std::complex<double> s(0.0, frequency.value / centre.value);
    const std::complex<double> boost = ((r.n2 * s + r.n1) * s + r.n0) / ((s + r.d1) * s + r.d0);
    return has_gain(type) && gain.value < 0.0 ? 1.0 / boost : boost;
}

}  // namespace mixrig::dsp
