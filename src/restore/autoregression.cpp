// Burg's recursion and least squares in a band.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/restore/autoregression.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace mixrig::restore {

std::vector<double> burg(std::span<const double> x, std::size_t order) {
    assert(x.size() > order + 1);
    std::vector<double> a(order + 1, 0.0), last(order + 1), forward(x.begin(), x.end()),
        backward(x.begin(), x.end());
    a[0] = 1.0;
    for (std::size_t m = 1; m <= order; ++m) {
        const std::size_t count = x.size() - m;
        double *const f = forward.data() + m, *const b = backward.data();
        double both = 0.0, power = 0.0;
        for (std::size_t n = 0; n < count; ++n) {
            both += f[n] * b[n];
            power += f[n] * f[n] + b[n] * b[n];
        }
        if (power <= 0.0) break;
        const double k = -2.0 * both / power;
        std::copy_n(a.begin(), m, last.begin());
        last[m] = 0.0;
        for (std::size_t i = 1; i <= m; ++i) a[i] = last[i] + k * last[m - i];
        for (std::size_t n = 0; n < count; ++n) {
            const double was = f[n];
            f[n] += k * b[n];
            b[n] += k * was;
        }
    }
    return a;
}

void prediction_error(std::span<const double> x, std::span<const double> a, std::size_t first,
                      std::span<double> out) {
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t k = 0; k < a.size(); ++k) {
        const double* const past = x.data() + first - k;
        for (std::size_t n = 0; n < out.size(); ++n) out[n] += a[k] * past[n];
    }
}

void backward_prediction_error(std::span<const double> x, std::span<const double> a,
                               std::size_t first, std::span<double> out) {
    std::fill(out.begin(), out.end(), 0.0);
    for (std::size_t k = 0; k < a.size(); ++k) {
        const double* const future = x.data() + first + k;
        for (std::size_t n = 0; n < out.size(); ++n) out[n] += a[k] * future[n];
    }
}

// Cholesky's L, each row from its first column on that is not 0: what is further away than the
// order does not touch.
bool Filler::factorise(std::span<const std::size_t> unknown) {
    const std::size_t order = b_.size() - 1;
    matrix_.clear();
    row_.clear();
    near_.clear();
    std::size_t first = 0;
    for (std::size_t i = 0; i < unknown.size(); ++i) {
        while (unknown[i] - unknown[first] > order) ++first;
        row_.push_back(matrix_.size());
        near_.push_back(first);
        for (std::size_t j = first; j <= i; ++j) {
            const double* const of_i = matrix_.data() + row_[i];
            const double* const of_j = matrix_.data() + row_[j];
            double sum = b_[unknown[i] - unknown[j]];
            // Rows of a band begin later and later: near_[j] <= first.
            for (std::size_t k = first; k < j; ++k) sum -= of_i[k - first] * of_j[k - near_[j]];
            if (j < i) {
                matrix_.push_back(sum / of_j[j - near_[j]]);
            } else if (sum > 0.0) {
                matrix_.push_back(std::sqrt(sum));
            } else {
                return false;
            }
        }
    }
    return true;
}

void Filler::fill(std::span<double> x, std::span<const std::size_t> unknown,
                  std::span<const double> a) {
    const std::size_t order = a.size() - 1;
    b_.assign(order + 1, 0.0);
    for (std::size_t l = 0; l <= order; ++l)
        for (std::size_t k = 0; k + l <= order; ++k) b_[l] += a[k] * a[k + l];
    b_[0] *= 1.0 + 1e-12;  // against rounding where a tone is predicted almost perfectly
    if (unknown.empty() || !factorise(unknown)) return;
    for (const std::size_t i : unknown) x[i] = 0.0;
    right_.resize(unknown.size());
    for (std::size_t i = 0; i < unknown.size(); ++i) {
        const std::size_t at = unknown[i];
        double sum = 0.0;
        for (std::size_t l = 1; l <= order; ++l) {
            if (at >= l) sum -= b_[l] * x[at - l];
            if (at + l < x.size()) sum -= b_[l] * x[at + l];
        }
        for (std::size_t k = near_[i]; k < i; ++k)
            sum -= matrix_[row_[i] + k - near_[i]] * right_[k];
        right_[i] = sum / matrix_[row_[i] + i - near_[i]];
    }
    for (std::size_t i = unknown.size(); i-- > 0;) {
        right_[i] /= matrix_[row_[i] + i - near_[i]];
        for (std::size_t k = near_[i]; k < i; ++k)
            right_[k] -= matrix_[row_[i] + k - near_[i]] * right_[i];
        x[unknown[i]] = right_[i];
    }
}

}  // namespace mixrig::restore
