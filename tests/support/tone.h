// Tones in long stretches of samples: their level, and what else there is.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <complex>
#include <cstddef>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

namespace mixrig::test {

inline std::vector<float> sine(double cycles, std::size_t frames, double amplitude) {
    std::vector<float> out(frames);
    for (std::size_t n = 0; n < frames; ++n)
        out[n] = static_cast<float>(
            amplitude * std::sin(2.0 * std::numbers::pi * cycles * static_cast<double>(n)));
    return out;
}

struct FoundTone {
    double amplitude = 0.0;
    double rest = 0.0;  // RMS of what is left without it
    double rest_dB() const { return 20.0 * std::log10(rest * std::numbers::sqrt2 / amplitude); }
};

// The best sine of so many cycles a sample, in the sense of least squares.
inline FoundTone find_tone(std::span<const float> x, double cycles) {
    double ss = 0.0, cc = 0.0, sc = 0.0, xs = 0.0, xc = 0.0;
    const auto phase = [cycles](std::size_t n) {
        return 2.0 * std::numbers::pi * cycles * static_cast<double>(n);
    };
    for (std::size_t n = 0; n < x.size(); ++n) {
        const double s = std::sin(phase(n)), c = std::cos(phase(n));
        const auto value = static_cast<double>(x[n]);
        ss += s * s, cc += c * c, sc += s * c, xs += value * s, xc += value * c;
    }
    const double whole = ss * cc - sc * sc;
    const double a = (xs * cc - xc * sc) / whole, b = (xc * ss - xs * sc) / whole;
    double power = 0.0;
    for (std::size_t n = 0; n < x.size(); ++n) {
        const double left =
            static_cast<double>(x[n]) - a * std::sin(phase(n)) - b * std::cos(phase(n));
        power += left * left;
    }
    return {std::hypot(a, b), std::sqrt(power / static_cast<double>(x.size()))};
}

// In place, of a power of two.
inline void fourier(std::vector<std::complex<double>>& x) {
    const std::size_t size = x.size();
    for (std::size_t n = 1, j = 0; n < size; ++n) {
        std::size_t bit = size >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (n < j) std::swap(x[n], x[j]);
    }
    for (std::size_t half = 1; half < size; half *= 2) {
        std::vector<std::complex<double>> turn(half);
        for (std::size_t k = 0; k < half; ++k)
            turn[k] = std::polar(
                1.0, -std::numbers::pi * static_cast<double>(k) / static_cast<double>(half));
        for (std::size_t at = 0; at < size; at += 2 * half)
            for (std::size_t k = 0; k < half; ++k) {
                const auto even = x[at + k], odd = x[at + k + half] * turn[k];
                x[at + k] = even + odd;
                x[at + k + half] = even - odd;
            }
    }
}

// The window of Blackman and Harris with seven terms: side lobes below -180 dB, seven bins to a
// side. (Albrecht, "A family of cosine-sum windows for high-resolution measurements", 2001.)
inline constexpr double kWindowTerms[] = {0.27105140069342, 0.43329793923448, 0.21812299954311,
                                          0.06592544638803, 0.01081174209837, 0.00077658482522,
                                          0.00001388721735};
inline std::vector<double> window_of(std::size_t size) {
    std::vector<double> window(size);
    for (std::size_t n = 0; n < size; ++n) {
        double sign = 1.0;
        for (std::size_t k = 0; k < std::size(kWindowTerms); ++k, sign = -sign)
            window[n] += sign * kWindowTerms[k] *
                         std::cos(2.0 * std::numbers::pi * static_cast<double>(k * n) /
                                  static_cast<double>(size));
    }
    return window;
}

// Levels of the bins 0 to half the size, which is a power of two and that of `window`; a full-scale
// sine has 0 dB.
inline std::vector<double> spectrum_dB(std::span<const double> x, std::span<const double> window) {
    std::vector<std::complex<double>> bins(x.size());
    for (std::size_t n = 0; n < x.size(); ++n) bins[n] = window[n] * x[n];
    fourier(bins);
    std::vector<double> levels(x.size() / 2 + 1);
    const double scale = 2.0 / (kWindowTerms[0] * static_cast<double>(x.size()));
    for (std::size_t k = 0; k < levels.size(); ++k)
        levels[k] = 20.0 * std::log10(std::abs(bins[k]) * scale + 1e-12);
    return levels;
}

}  // namespace mixrig::test
