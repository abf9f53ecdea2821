// Sound as what its past predicts, and holes in it filled by that prediction.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace mixrig::restore {

// a[0] = 1, then `order` more, such that the error e(n) = sum_k a[k] x(n - k) is small: J. P. Burg,
// "Maximum entropy spectral analysis" (1975), which needs no window and is stable. Precondition:
// x is longer than order + 1.
std::vector<double> burg(std::span<const double> x, std::size_t order);

// e(n) for first <= n < first + out.size(), from the past or, as sound is predicted backwards just
// as well, from the future. Precondition: `x` reaches a.size() - 1 samples before and behind.
void prediction_error(std::span<const double> x, std::span<const double> a, std::size_t first,
                      std::span<double> out);
void backward_prediction_error(std::span<const double> x, std::span<const double> a,
                               std::size_t first, std::span<double> out);

// Gives x[n] for each n of `unknown` (rising) the value that makes the sum of e(n)^2 smallest:
// A. J. E. M. Janssen, R. N. J. Veldhuis, L. B. Vries, "Adaptive interpolation of discrete-time
// signals that can be modeled as autoregressive processes", IEEE Trans. ASSP 34 (1986). With
// b(l) = sum_k a[k] a[k + l] that is sum_j b(i - j) x(j) = 0 for each unknown i. Beyond the ends of
// x there is silence.
class Filler {
public:
    void fill(std::span<double> x, std::span<const std::size_t> unknown, std::span<const double> a);

private:
    bool factorise(std::span<const std::size_t> unknown);

    std::vector<double> b_;       // b(l)
    std::vector<double> matrix_;  // of the unknown, row by row, from the first that is near
    std::vector<std::size_t> row_, near_;  // where each begins in matrix_; its first column
    std::vector<double> right_;
};

}  // namespace mixrig::restore
