// The interpolators of the true-peak detector, and its scalar definition.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/true_peak.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::dsp {
namespace {

constexpr double kShape = 5.5;  // of the Kaiser window, by measurement: see limiter_test.cpp

double bessel_i0(double x) {
    double term = 1.0, sum = 1.0;
    for (int k = 1; k < 40; ++k) {
        term *= (x / 2.0 / k) * (x / 2.0 / k);
        sum += term;
    }
    return sum;
}

double kaiser(double place) {
    return bessel_i0(kShape * std::sqrt(1.0 - place * place)) / bessel_i0(kShape);
}

double hann(double place) {
    return 0.5 + 0.5 * std::cos(std::numbers::pi * place);
}

// Weights of the frames from kPairs - 1 before to kPairs after, for a point between frames 0 and 1.
template <std::size_t kPairs>
using Phase = std::array<double, 2 * kPairs>;

template <std::size_t kPairs, typename Window>
Phase<kPairs> windowed_sinc(std::size_t eighths, const Window& window) {
    Phase<kPairs> weights;
    for (std::size_t k = 0; k < weights.size(); ++k) {
        const double distance = static_cast<double>(k) - static_cast<double>(kPairs - 1) -
                                static_cast<double>(eighths) / 8.0;
        const double angle = std::numbers::pi * distance;
        weights[k] = window(distance / static_cast<double>(kPairs)) * std::sin(angle) / angle;
    }
    return weights;
}

template <std::size_t kPairs>
float largest_gain(const Phase<kPairs>& weights) {
    constexpr double kRoundingRoom = 1.0001;
    double sum = 0.0;
    for (const double weight : weights) sum += std::fabs(weight);
    return static_cast<float>(sum * kRoundingRoom);
}

template <std::size_t kPairs, std::size_t kMirrored>
MirroredFilter<kPairs, kMirrored> mirrored(const std::array<Phase<kPairs>, kMirrored>& phases,
                                           const Phase<kPairs>& middle) {
    MirroredFilter<kPairs, kMirrored> filter;
    filter.bound = std::max(1.0f, largest_gain<kPairs>(middle));
    for (std::size_t p = 0; p < kMirrored; ++p) {
        filter.bound = std::max(filter.bound, largest_gain<kPairs>(phases[p]));
        for (std::size_t k = 0; k < kPairs; ++k) {
            const double before = phases[p][kPairs - 1 - k], after = phases[p][kPairs + k];
            filter.even[p][k] = static_cast<float>((before + after) / 2.0);
            filter.odd[p][k] = static_cast<float>((before - after) / 2.0);
        }
    }
    for (std::size_t k = 0; k < kPairs; ++k)
        filter.middle[k] = static_cast<float>(middle[kPairs + k]);
    return filter;
}

TruePeakFilters design() {
    constexpr std::size_t kLong = kTruePeakTaps / 2, kShort = TruePeakFilters::kShortPairs;
    // ITU-R BS.1770-4, annex 2: two of the four phases; the others are these, mirrored.
    constexpr std::array<Phase<kShort>, 2> kPrinted = {
        Phase<kShort>{-0.0083007812500, 0.0148925781250, -0.0266113281250, 0.0476074218750,
                      -0.1022949218750, 0.9721679687500, 0.1373291015625, -0.0594482421875,
                      0.0332031250000, -0.0196533203125, 0.0109863281250, 0.0017089843750},
        Phase<kShort>{-0.0189208984375, 0.0330810546875, -0.0582275390625, 0.1015625000000,
                      -0.2003173828125, 0.7797851562500, 0.4650878906250, -0.1665039062500,
                      0.0891113281250, -0.0517578125000, 0.0292968750000, -0.0291748046875}};
    return {.fine = mirrored<kLong, 3>(
                {windowed_sinc<kLong>(1, kaiser), windowed_sinc<kLong>(2, kaiser),
                 windowed_sinc<kLong>(3, kaiser)},
                windowed_sinc<kLong>(4, kaiser)),
            .coarse = mirrored<kShort, 1>({windowed_sinc<kShort>(2, hann)},
                                          windowed_sinc<kShort>(4, hann)),
            .printed = mirrored<kShort, 2>(kPrinted, {})};
}

const TruePeakFilters kFilters = design();

template <std::size_t kPairs, std::size_t kMirrored>
float highest_between(const float* x, const MirroredFilter<kPairs, kMirrored>& filter) {
    float even[kMirrored] = {}, odd[kMirrored] = {}, middle = 0.0f;
    for (std::size_t k = 0; k < kPairs; ++k) {
        const float before = *(x - k), after = x[1 + k];
        const float sum = before + after, difference = before - after;
        for (std::size_t p = 0; p < kMirrored; ++p) {
            even[p] = std::fma(filter.even[p][k], sum, even[p]);
            odd[p] = std::fma(filter.odd[p][k], difference, odd[p]);
        }
        middle = std::fma(filter.middle[k], sum, middle);
    }
    float peak = std::fabs(middle);
    for (std::size_t p = 0; p < kMirrored; ++p)
        peak = std::max(peak, std::fabs(even[p]) + std::fabs(odd[p]));
    return peak;
}

}  // namespace

const TruePeakFilters& true_peak_filters() MIXRIG_REALTIME {
    return kFilters;
}

float true_peak_bound() MIXRIG_REALTIME {
    return std::max({kFilters.fine.bound, kFilters.coarse.bound, kFilters.printed.bound});
}

void true_peaks_scalar(const float* x, float* peaks, std::size_t frames) MIXRIG_REALTIME {
    for (std::size_t n = 0; n < frames; ++n)
        peaks[n] = std::max({std::fabs(x[n]), highest_between(x + n, kFilters.fine),
                             highest_between(x + n, kFilters.coarse),
                             highest_between(x + n, kFilters.printed)});
}

}  // namespace mixrig::dsp
