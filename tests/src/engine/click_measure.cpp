// A high-pass of a finite response, sixteen frames abreast.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/engine/click_measure.h"

#include <array>
#include <numbers>

namespace mixrig::test {
namespace {

// A Kaiser window's modified Bessel function.
double bessel_i0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; k < 60; ++k) {
        term *= (x / (2.0 * k)) * (x / (2.0 * k));
        sum += term;
    }
    return sum;
}

}  // namespace

const std::vector<double>& high_pass() {
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

double peak_above_4_kHz(const Samples& x, std::size_t begin, std::size_t end) {
    constexpr std::size_t kAbreast = 16;
    const std::vector<double>& h = high_pass();
    if (begin + h.size() >= end) return 0.0;
    std::vector<double> in(x.begin() + static_cast<std::ptrdiff_t>(begin),
                           x.begin() + static_cast<std::ptrdiff_t>(end));
    const std::size_t count = in.size() - h.size();
    in.resize(in.size() + kAbreast, 0.0);
    double largest = 0.0;
    for (std::size_t i = 0; i < count; i += kAbreast) {
        std::array<double, kAbreast> sum{};
        for (std::size_t k = 0; k < h.size(); ++k)
            for (std::size_t j = 0; j < kAbreast; ++j) sum[j] += h[k] * in[i + k + j];
        for (std::size_t j = 0; j < std::min(kAbreast, count - i); ++j)
            largest = std::max(largest, std::fabs(sum[j]));
    }
    return largest;
}

}  // namespace mixrig::test
