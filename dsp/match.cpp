// Fits a digital section of second order to the magnitude of an analogue one.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The search (fit.h) starts at the matched z-transform: poles and zeros at exp(s). After M.
// Vicanek, "Matched second order digital filters" (2016), who solves for the numerator at three
// frequencies.
#include "dsp/match.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace mixrig::dsp {
namespace {

constexpr double kFloor = 1e-6;       // -60 dB: what lies below counts less and less
constexpr double kTop = 20.0 / 48.0;  // of the rate
constexpr double kEnd = 0.48;         // likewise
constexpr double kBeyond = 0.1;
constexpr int kSmooth = 48;  // points for what is smooth

// (G - T)^2 + G*K*T of a pair of roots.
struct Pair {
    double g = 1.0, k = 1.0;  // square roots of G and K: corner and damping
    double at(double t) const { return (g * g - t) * (g * g - t) + g * g * k * k * t; }
};

// exp() of the roots of s^2 + b1 s + b0, s in radians a sample, as a pair in T.
Pair matched(double b1, double b0) {
    const double radius = std::exp(-b1 / 2.0);
    const double square = b0 - b1 * b1 / 4.0;
    const double angle = std::sqrt(std::fabs(square));
    const double sum = 2.0 * radius * (square > 0.0 ? std::cos(angle) : std::cosh(angle));
    const double product = radius * radius;
    const double at_nyquist = 1.0 + sum + product;
    const double g = std::sqrt(std::max(1.0 - sum + product, 1e-12) / at_nyquist);
    return {.g = g, .k = 2.0 * (1.0 - product) / (at_nyquist * g)};
}

Zeros zeros_of(const Rational& r) {
    if (r.n0 == 0.0) return r.n1 == 0.0 ? Zeros::both_at_dc : Zeros::one_at_dc;
    return r.n1 == 0.0 && r.n2 != 0.0 ? Zeros::at_centre : Zeros::anywhere;
}

double tangent_squared(double frequency, double rate) {
    const double t = std::tan(std::numbers::pi * frequency / rate);
    return t * t;
}

// Beyond the band only the centre is looked at, so that a resonance there cannot run away; it
// counts little.
void add_point(Search& search, const Rational& analogue, double ratio, double frequency,
               double rate) {
    if (frequency < 20.0 || frequency > kEnd * rate || search.size == kMostPoints) return;
    const double square = magnitude_squared(analogue, ratio * ratio);
    if (square < kFloor * kFloor) return;
    const double trust = square / (square + kFloor);
    search.points[search.size++] = {.t = tangent_squared(frequency, rate),
                                    .goal = std::log(square),
                                    .trust = frequency > kTop * rate ? kBeyond * trust : trust};
}

// Evenly over the band, by octaves at its low end, and around the centre by the width of the
// resonance.
void add_points(Search& search, const Rational& analogue, double centre, double rate) {
    const double top = kTop * rate;
    for (int i = 1; i <= 24; ++i)
        add_point(search, analogue, top * i / 24.0 / centre, top * i / 24.0, rate);
    double low = top / 48.0;
    while (low > 20.0) {
        add_point(search, analogue, low / centre, low, rate);
        low /= 2.0;
    }
    const double width = std::min(analogue.d1 / std::sqrt(analogue.d0), 2.0);
    for (const double d :
         {-8.0, -4.0, -2.0, -1.0, -0.5, -0.25, 0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0}) {
        const double ratio = std::sqrt(1.0 + d * d * width * width / 4.0) + d * width / 2.0;
        add_point(search, analogue, ratio, ratio * centre, rate);
    }
}

// What the numerator must be, divided by T^power, for the model to meet the analogue response at a
// frequency.
double numerator_at(const Rational& analogue, const Pair& poles, double ratio, double t,
                    int power) {
    return magnitude_squared(analogue, ratio * ratio) * poles.at(t) / std::pow(t, power);
}

Parameters start(Search& search, const Rational& analogue, double centre, double rate) {
    const double w = 2.0 * std::numbers::pi * centre / rate;
    const Pair poles = matched(analogue.d1 * w, analogue.d0 * w * w);
    Parameters p{std::log(poles.g), std::log(poles.k)};
    const double t = search.centre;
    if (search.zeros == Zeros::at_centre) {
        search.count = 2;
    } else if (search.zeros == Zeros::both_at_dc) {
        search.count = 3;
        p[2] = std::log(numerator_at(analogue, poles, 1.0, t, 2));
    } else if (search.zeros == Zeros::one_at_dc) {
        search.count = 4;
        const double other = centre > rate / 6.0 ? centre / 3.0 : kTop * rate;
        const double other_t = tangent_squared(other, rate);
        const double here = numerator_at(analogue, poles, 1.0, t, 1);
        const double there = numerator_at(analogue, poles, other / centre, other_t, 1);
        const double high = (there - here) / (other_t - t);
        p[2] = std::log(std::max(here - high * t, 1e-3 * here));
        p[3] = std::log(std::max(high, 1e-3 * here));
    } else {
        search.count = 4;
        Pair zeros{.g = 2.0 * std::max(1.0, poles.g),
                   .k = 2.0};  // where the prototype has them at infinity
        if (analogue.n2 != 0.0)
            zeros = matched(analogue.n1 / analogue.n2 * w, analogue.n0 / analogue.n2 * w * w);
        p[2] = std::log(zeros.g);
        p[3] = std::log(zeros.k);
    }
    return p;
}

// A point of what the resonances leave over: analogue by digital, for all of them together.
void add_remainder(Search& search, std::span<const Resonance> resonances, double frequency,
                   double rate) {
    const double t = tangent_squared(frequency, rate);
    double left = 0.0;
    for (const Resonance& r : resonances) {
        const double ratio = frequency / r.centre.value;
        left += std::log(magnitude_squared(r.analogue, ratio * ratio) /
                         magnitude_squared(r.digital, t));
    }
    search.points[search.size++] = {.t = t, .goal = left, .trust = 1.0};
}

}  // namespace

Rational match(const Rational& analogue, Hertz centre, Hertz rate) {
    const double dc = analogue.n0 / analogue.d0;
    Search search{.zeros = zeros_of(analogue),
                  .dc = dc == 0.0 ? 0.0 : 2.0 * std::log(dc),
                  .centre = tangent_squared(centre.value, rate.value)};
    add_points(search, analogue, centre.value, rate.value);
    Parameters p = start(search, analogue, centre.value, rate.value);
    fit(search, p);
    return section(search, p, dc);
}

Rational match_resonance(const Rational& analogue, Hertz centre, Hertz rate) {
    const double half = std::numbers::pi * centre.value / rate.value;
    const Pair poles = matched(2.0 * analogue.d1 * half, 4.0 * analogue.d0 * half * half);
    const double d0 = poles.g * poles.g;
    // On the slope, far below, tan(w/2) is w/2.
    return {
        .n2 = analogue.n2 / analogue.d0 * d0 / (half * half), .d1 = poles.g * poles.k, .d0 = d0};
}

Rational match_remainder(std::span<const Resonance> resonances, Hertz rate) {
    Search search{.zeros = Zeros::anywhere, .count = 4};
    for (int i = 1; i <= kSmooth; ++i)
        add_remainder(search, resonances, kTop * rate.value * i / kSmooth, rate.value);
    // The remainder falls towards the top: a pair of poles a little below a pair of zeros. From
    // here six resonances are met within 0.01 dB; other starts end in shallow valleys.
    Parameters p{0.7, 0.7, 0.8, 0.8};
    fit(search, p);
    return section(search, p, 1.0);
}

}  // namespace mixrig::dsp
