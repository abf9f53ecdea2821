// What a click is measured by: the largest step between frames, and what is above 4 kHz.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/src/engine/rig.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

namespace mixrig::test {

inline constexpr double kClickRate = 48000.0;

// A Kaiser window's modified Bessel function.
inline double bessel_i0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; k < 60; ++k) {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        sum += term;
    }
    return sum;
}

// Passes what is above 4 kHz (-6 dB there) and stops what is below 3.5 kHz, by 130 dB.
inline const std::vector<double>& high_pass() {
    static const std::vector<double> taps = [] {
        constexpr int kHalf = 200;
        constexpr double kBeta = 13.5, kCorner = 4000.0 / kClickRate;
        std::vector<double> h;
        for (int n = -kHalf; n <= kHalf; ++n) {
            const double edge = static_cast<double>(n) / (kHalf + 1);
            const double window =
                bessel_i0(kBeta * std::sqrt(1.0 - edge * edge)) / bessel_i0(kBeta);
            const double low =
                n == 0 ? 2.0 * kCorner
                       : std::sin(2.0 * std::numbers::pi * kCorner * n) / (std::numbers::pi * n);
            h.push_back(((n == 0 ? 1.0 : 0.0) - low) * window);
        }
        return h;
    }();
    return taps;
}

inline double peak(const Samples& x, std::size_t begin, std::size_t end) {
    float largest = 0.0f;
    for (std::size_t i = begin; i < end; ++i) largest = std::max(largest, std::fabs(x[i]));
    return static_cast<double>(largest);
}

inline double step(const Samples& x, std::size_t begin, std::size_t end) {
    double largest = 0.0;
    for (std::size_t i = begin; i < end; ++i)
        largest =
            std::max(largest, std::fabs(static_cast<double>(x[i]) - static_cast<double>(x[i - 1])));
    return largest;
}

inline double peak_above_4_kHz(const Samples& x, std::size_t begin, std::size_t end) {
    const std::vector<double>& h = high_pass();
    double largest = 0.0;
    for (std::size_t i = begin; i + h.size() < end; ++i) {
        double sum = 0.0;
        for (std::size_t k = 0; k < h.size(); ++k) sum += h[k] * static_cast<double>(x[i + k]);
        largest = std::max(largest, std::fabs(sum));
    }
    return largest;
}

}  // namespace mixrig::test
