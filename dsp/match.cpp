// Fits a digital section of second order to the magnitude of an analogue one.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// With T = tan^2(w/2) the squared magnitude of a digital section is a ratio of quadratics in T.
// Both are written as (G - T)^2 + G*K*T with G, K > 0, which every stable polynomial of second
// order is and no other, so the search over ln G and ln K needs no constraints. It starts at the
// matched z-transform (poles and zeros at exp(s)), from where Gauss and Newton need some five steps
// in the least-squares sense; where that leaves more than kGood anywhere, weights are raised there
// (Lawson) to bring the largest error down. After M. Vicanek, "Matched second order digital
// filters" (2016), who solves for the numerator at three frequencies.
#include "dsp/match.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

namespace mixrig::dsp {
namespace {

constexpr double kDecibel = std::numbers::ln10 / 10.0;  // of a squared magnitude, in nepers
constexpr double kGood = 0.1 * kDecibel;
constexpr double kFloor = 1e-6;       // -60 dB: what lies below counts less and less
constexpr double kTop = 20.0 / 48.0;  // of the rate
constexpr double kEnd = 0.48;         // likewise
constexpr double kBeyond = 0.1;

constexpr std::size_t kMost = 4;  // parameters
using Parameters = std::array<double, kMost>;
using Matrix = std::array<Parameters, kMost>;

// What is known of the numerator beforehand.
enum class Zeros { anywhere, one_at_dc, both_at_dc, at_centre };

// (G - T)^2 + G*K*T of a pair of roots.
struct Pair {
    double g = 1.0, k = 1.0;  // square roots of G and K: corner and damping
    double at(double t) const { return (g * g - t) * (g * g - t) + g * g * k * k * t; }
};

struct Point {
    double t = 0.0;       // tan^2(w/2)
    double goal = 0.0;    // ln |H|^2
    double trust = 0.0;   // 1 where the response is well above the floor
    double weight = 1.0;  // Lawson's
};

// Parameters: ln g and ln k of the poles; then of the zeros, or ln of the numerator's free factors.
struct Search {
    Zeros zeros = Zeros::anywhere;
    std::size_t count = 0;  // of parameters
    double dc = 0.0;        // ln |H(0)|^2
    double centre = 0.0;    // T of the centre
    std::array<Point, 64> points{};
    std::size_t size = 0;
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

// ln |H|^2 at T and its derivatives.
double model(const Search& search, const Parameters& p, double t, Parameters& slope) {
    const double g = std::exp(2.0 * p[0]), k = std::exp(2.0 * p[1]);
    const double poles = (g - t) * (g - t) + g * k * t;
    double value = -std::log(poles);
    slope = {-2.0 * g * (2.0 * (g - t) + k * t) / poles, -2.0 * g * k * t / poles};
    switch (search.zeros) {
        case Zeros::anywhere: {
            const double h = std::exp(2.0 * p[2]), l = std::exp(2.0 * p[3]);
            const double zeros = (h - t) * (h - t) + h * l * t;
            slope[0] += 4.0;
            slope[2] = 2.0 * h * (2.0 * (h - t) + l * t) / zeros - 4.0;
            slope[3] = 2.0 * h * l * t / zeros;
            return value + std::log(zeros) + search.dc + 4.0 * (p[0] - p[2]);
        }
        case Zeros::one_at_dc: {
            const double low = std::exp(p[2]), high = std::exp(p[3]) * t;
            slope[2] = low / (low + high);
            slope[3] = high / (low + high);
            return value + std::log(t * (low + high));
        }
        case Zeros::both_at_dc:
            slope[2] = 1.0;
            return value + 2.0 * std::log(t) + p[2];
        case Zeros::at_centre:
            slope[0] += 4.0;
            value += 4.0 * p[0] + search.dc;
            return value + 2.0 * std::log(std::max(std::fabs(1.0 - t / search.centre), 1e-9));
    }
    return value;
}

double error(const Search& search, const Parameters& p, const Point& point, Parameters& slope) {
    return point.trust * (model(search, p, point.t, slope) - point.goal);
}

double cost(const Search& search, const Parameters& p) {
    double sum = 0.0;
    Parameters slope{};
    for (std::size_t i = 0; i < search.size; ++i) {
        const double e = error(search, p, search.points[i], slope);
        sum += search.points[i].weight * e * e;
    }
    return sum;
}

// Solves a*x = b for a symmetric positive definite matrix of `count` rows by Cholesky's square
// roots.
Parameters solve(Matrix a, Parameters b, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = a[i][j];
            for (std::size_t k = 0; k < j; ++k) sum -= a[i][k] * a[j][k];
            a[i][j] = i == j ? std::sqrt(std::max(sum, 1e-30)) : sum / a[j][j];
        }
        for (std::size_t k = 0; k < i; ++k) b[i] -= a[i][k] * b[k];
        b[i] /= a[i][i];
    }
    for (std::size_t i = count; i-- > 0;) {
        for (std::size_t k = i + 1; k < count; ++k) b[i] -= a[k][i] * b[k];
        b[i] /= a[i][i];
    }
    return b;
}

struct Normal {
    Matrix matrix{};
    Parameters side{};
};

Normal normal_equations(const Search& search, const Parameters& p) {
    Normal normal;
    Parameters slope{};
    for (std::size_t i = 0; i < search.size; ++i) {
        const Point& point = search.points[i];
        const double e = error(search, p, point, slope);
        for (std::size_t row = 0; row < search.count; ++row) {
            const double scaled = point.weight * point.trust * slope[row];
            normal.side[row] -= scaled * e;
            for (std::size_t column = 0; column <= row; ++column)
                normal.matrix[row][column] += scaled * point.trust * slope[column];
        }
    }
    return normal;
}

// Corners from 1e-6 to 1100 and dampings from 1/1100: beyond, single precision no longer tells such
// poles from ones on the unit circle. No sensible filter comes near.
double lowest(const Search& search, std::size_t i) {
    if (i >= 2 && search.zeros != Zeros::anywhere) return -100.0;
    return i % 2 == 0 ? -14.0 : -7.0;
}

double highest(const Search& search, std::size_t i) {
    return i >= 2 && search.zeros != Zeros::anywhere ? 100.0 : 7.0;
}

// One damped step; the damping grows until the step helps. No parameter moves by more than a factor
// e.
bool step(const Search& search, Parameters& p, double& best, double& damping) {
    const Normal normal = normal_equations(search, p);
    for (int attempt = 0; attempt < 6; ++attempt, damping *= 10.0) {
        Matrix damped = normal.matrix;
        for (std::size_t i = 0; i < search.count; ++i)
            damped[i][i] += damping * (normal.matrix[i][i] + 1e-6);
        const Parameters move = solve(damped, normal.side, search.count);
        double longest = 1.0;
        for (std::size_t i = 0; i < search.count; ++i)
            longest = std::max(longest, std::fabs(move[i]));
        Parameters next = p;
        for (std::size_t i = 0; i < search.count; ++i)
            next[i] =
                std::clamp(next[i] + move[i] / longest, lowest(search, i), highest(search, i));
        const double now = cost(search, next);
        if (!(now < best)) continue;
        const bool goes_on = best - now > 1e-3 * best;
        p = next;
        best = now;
        damping = std::max(damping * 0.1, 1e-9);
        return goes_on;
    }
    return false;
}

void least_squares(const Search& search, Parameters& p) {
    double best = cost(search, p), damping = 1e-3;
    for (int i = 0; i < 20; ++i)
        if (!step(search, p, best, damping)) return;
}

// More weight where the error is large. False if it is small everywhere.
bool raise_weights(Search& search, const Parameters& p) {
    std::array<double, 64> errors{};
    Parameters slope{};
    double largest = 0.0, sum = 0.0;
    for (std::size_t i = 0; i < search.size; ++i) {
        errors[i] = std::fabs(error(search, p, search.points[i], slope));
        largest = std::max(largest, errors[i]);
    }
    if (largest < kGood) return false;
    for (std::size_t i = 0; i < search.size; ++i) {
        search.points[i].weight *= errors[i] / largest + 0.02;
        sum += search.points[i].weight;
    }
    for (std::size_t i = 0; i < search.size; ++i)
        search.points[i].weight *= static_cast<double>(search.size) / sum;
    return true;
}

// Beyond the band only the centre is looked at, so that a resonance there cannot run away; it
// counts little.
void add_point(Search& search, const Rational& analogue, double ratio, double frequency,
               double rate) {
    if (frequency < 20.0 || frequency > kEnd * rate || search.size == search.points.size()) return;
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

Rational section(const Search& search, const Parameters& p, double dc) {
    const double g = std::exp(p[0]);
    Rational r{.d1 = g * std::exp(p[1]), .d0 = g * g};
    switch (search.zeros) {
        case Zeros::anywhere: {
            const double h = std::exp(p[2]);
            const double scale = dc * r.d0 / (h * h);
            r.n2 = scale;
            r.n1 = scale * h * std::exp(p[3]);
            r.n0 = dc * r.d0;
            break;
        }
        case Zeros::one_at_dc:
            r.n2 = std::exp(p[3] / 2.0);
            r.n1 = std::exp(p[2] / 2.0);
            break;
        case Zeros::both_at_dc:
            r.n2 = std::exp(p[2] / 2.0);
            break;
        case Zeros::at_centre:
            r.n2 = dc * r.d0 / search.centre;
            r.n0 = dc * r.d0;
            break;
    }
    return r;
}

}  // namespace

double magnitude_squared(const Rational& r, double t) {
    const double numerator = (r.n0 - r.n2 * t) * (r.n0 - r.n2 * t) + r.n1 * r.n1 * t;
    return numerator / ((r.d0 - t) * (r.d0 - t) + r.d1 * r.d1 * t);
}

Rational match(const Rational& analogue, Hertz centre, Hertz rate) {
    const double dc = analogue.n0 / analogue.d0;
    Search search{.zeros = zeros_of(analogue),
                  .dc = dc == 0.0 ? 0.0 : 2.0 * std::log(dc),
                  .centre = tangent_squared(centre.value, rate.value)};
    add_points(search, analogue, centre.value, rate.value);
    Parameters p = start(search, analogue, centre.value, rate.value);
    least_squares(search, p);
    for (int round = 0; round < 8 && raise_weights(search, p); ++round) least_squares(search, p);
    return section(search, p, dc);
}

}  // namespace mixrig::dsp
