// Fits a section of second order to a magnitude that is given at points.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// With T = tan^2(w/2) the squared magnitude of a digital section is a ratio of quadratics in T.
// Both are written as (G - T)^2 + G*K*T with G, K > 0, which every stable polynomial of second
// order is and no other, so the search over ln G and ln K needs no constraints. Gauss and Newton
// need some five steps in the least-squares sense; where that leaves more than a tenth of a decibel
// anywhere, weights are raised there (Lawson) to bring the largest error down.
#pragma once

#include <array>
#include <cstddef>

namespace mixrig::dsp {

// (n2 s^2 + n1 s + n0) / (s^2 + d1 s + d0). An analogue prototype has s in units of its centre; a
// digital section has s = (z - 1)/(z + 1), so that on the unit circle s = j tan(w/2).
struct Rational {
    double n2 = 1.0, n1 = 0.0, n0 = 0.0;
    double d1 = 0.0, d0 = 0.0;
};

// |H|^2 where s^2 = -t.
double magnitude_squared(const Rational& rational, double t);

// What is known of the numerator beforehand.
enum class Zeros { anywhere, one_at_dc, both_at_dc, at_centre };

// ln g and ln k of the poles (square roots of G and K: corner and damping); then of the zeros, or
// ln of the numerator's free factors.
inline constexpr std::size_t kMostParameters = 4;
using Parameters = std::array<double, kMostParameters>;

struct Point {
    double t = 0.0;       // tan^2(w/2)
    double goal = 0.0;    // ln |H|^2
    double trust = 0.0;   // 1 where the response is well above the floor
    double weight = 1.0;  // Lawson's
};

inline constexpr std::size_t kMostPoints = 64;

struct Search {
    Zeros zeros = Zeros::anywhere;
    std::size_t count = 0;  // of parameters
    double dc = 0.0;        // ln |H(0)|^2, where the zeros are not at 0 Hz
    double centre = 0.0;    // T of the centre
    std::array<Point, kMostPoints> points{};
    std::size_t size = 0;
};

// From the parameters given to better ones.
void fit(Search& search, Parameters& p);

// The section that the parameters stand for. `dc` is H(0), where the zeros are not at 0 Hz.
Rational section(const Search& search, const Parameters& p, double dc);

}  // namespace mixrig::dsp
