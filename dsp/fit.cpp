// Fits a section of second order by the squared distance, and then by the largest one.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fit.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::dsp {
namespace {

constexpr double kDecibel = std::numbers::ln10 / 10.0;  // of a squared magnitude, in nepers
constexpr double kGood = 0.1 * kDecibel;

using Matrix = std::array<Parameters, kMostParameters>;

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
    std::array<double, kMostPoints> errors{};
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

}  // namespace

double magnitude_squared(const Rational& r, double t) {
    const double numerator = (r.n0 - r.n2 * t) * (r.n0 - r.n2 * t) + r.n1 * r.n1 * t;
    return numerator / ((r.d0 - t) * (r.d0 - t) + r.d1 * r.d1 * t);
}

void fit(Search& search, Parameters& p) {
    least_squares(search, p);
    for (int round = 0; round < 8 && raise_weights(search, p); ++round) least_squares(search, p);
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

}  // namespace mixrig::dsp
