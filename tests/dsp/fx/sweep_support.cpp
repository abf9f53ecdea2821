// What the tests of echo, chorus, flanger and tremolo share: signals, how a unit is run and
// measured.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/dsp/fx/sweep_support.h"

#include "dsp/fx/chorus.h"
#include "dsp/fx/echo.h"
#include "dsp/fx/flanger.h"
#include "dsp/fx/tremolo.h"
#include "tests/dsp/support.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace mixrig::dsp::test::sweep {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

double hann(std::size_t n, std::size_t size) {
    return 0.5 - 0.5 * std::cos(kTurn * static_cast<double>(n) / static_cast<double>(size));
}

using Spectrum = std::vector<std::complex<double>>;

// In place, radix 2, decimation in time.
void transform(Spectrum& x) {
    const std::size_t size = x.size();
    for (std::size_t i = 1, j = 0; i < size; ++i) {
        std::size_t bit = size / 2;
        for (; j & bit; bit /= 2) j ^= bit;
        j ^= bit;
        if (i < j) std::swap(x[i], x[j]);
    }
    for (std::size_t length = 2; length <= size; length *= 2) {
        const auto turn = std::polar(1.0, -kTurn / static_cast<double>(length));
        for (std::size_t start = 0; start < size; start += length) {
            std::complex<double> w = 1.0;
            for (std::size_t k = start; k < start + length / 2; ++k, w *= turn) {
                const auto odd = w * x[k + length / 2];
                x[k + length / 2] = x[k] - odd;
                x[k] += odd;
            }
        }
    }
}

// The part of the values' energy that a sine of this frequency explains, and its amplitude.
double explained(const std::vector<double>& values, double cycles_a_value) {
    std::complex<double> sum = 0.0;
    double weights = 0.0;
    for (std::size_t n = 0; n < values.size(); ++n) {
        const double window = hann(n, values.size());
        sum +=
            window * values[n] * std::polar(1.0, -kTurn * cycles_a_value * static_cast<double>(n));
        weights += window;
    }
    return 2.0 * std::abs(sum) / weights;
}

}  // namespace

Samples sine(Hertz frequency, std::size_t frames, Hertz rate) {
    Samples x(frames);
    for (std::size_t n = 0; n < frames; ++n)
        x[n] = static_cast<float>(
            std::sin(kTurn * frequency.value / rate.value * static_cast<double>(n)));
    return x;
}

Samples noise(std::size_t frames, float peak, std::uint32_t seed) {
    Noise source(seed);
    Samples x(frames);
    for (float& sample : x) sample = peak * source.sample();
    return x;
}

Samples impulse(std::size_t frames) {
    Samples x(frames, 0.0f);
    x[0] = 1.0f;
    return x;
}

Samples scaled(Samples x, double gain) {
    for (float& sample : x) sample = static_cast<float>(gain * static_cast<double>(sample));
    return x;
}

void run(FxUnit& unit, Stereo& x, const Slices& slices) {
    for (std::size_t at = 0; at + kQuantum <= x.left.size(); at += kQuantum) {
        unit.begin_quantum();
        for (const Slice slice : slices)
            unit.process(x.left.data() + at, x.right.data() + at, slice);
    }
}

Stereo through(FxUnit& unit, Stereo x) {
    run(unit, x, kWhole);
    return x;
}

float peak(const Samples& x) {
    float most = 0.0f;
    for (const float sample : x)
        if (!(std::fabs(sample) <= most)) most = std::fabs(sample);  // NaN is kept
    return most;
}

double energy(const Samples& x, std::size_t from, std::size_t to) {
    double sum = 0.0;
    for (std::size_t n = from; n < to; ++n)
        sum += static_cast<double>(x[n]) * static_cast<double>(x[n]);
    return sum;
}

double amplitude(const Samples& x, std::size_t from, std::size_t to, Hertz frequency, Hertz rate) {
    std::vector<double> part(x.begin() + static_cast<std::ptrdiff_t>(from),
                             x.begin() + static_cast<std::ptrdiff_t>(to));
    return explained(part, frequency.value / rate.value);
}

double coherent(const Samples& x, std::size_t from, double cycles) {
    std::complex<double> sum = 0.0, turned = 1.0;
    const auto size = static_cast<double>(x.size() - from);
    const auto turn = std::polar(1.0, -2.0 * std::numbers::pi * cycles / size);
    for (std::size_t n = from; n < x.size(); ++n) {
        sum += static_cast<double>(x[n]) * turned;
        turned *= turn;
    }
    return 2.0 * std::abs(sum) / size;
}

Decibels loudest_above(const Samples& x, Hertz low, Hertz rate) {
    constexpr std::size_t kSize = 2048;
    const auto first =
        static_cast<std::size_t>(low.value / rate.value * static_cast<double>(kSize));
    std::vector<double> window(kSize);
    for (std::size_t n = 0; n < kSize; ++n) window[n] = hann(n, kSize);
    double most = 0.0;
    for (std::size_t at = 0; at + kSize <= x.size(); at += kSize / 4) {
        Spectrum bins(kSize);
        for (std::size_t n = 0; n < kSize; ++n)
            bins[n] = window[n] * static_cast<double>(x[at + n]);
        transform(bins);
        double sum = 0.0;
        for (std::size_t bin = first; bin <= kSize / 2; ++bin) sum += 2.0 * std::norm(bins[bin]);
        most = std::max(most, sum);
    }
    // A full-scale sine: mean square 1/2, Hann window 3/8, size squared.
    const double full = 0.5 * 0.375 * static_cast<double>(kSize) * static_cast<double>(kSize);
    return {10.0 * std::log10(most / full + 1e-30)};
}

std::vector<std::complex<double>> demodulated(const Samples& x, Hertz carrier, std::size_t window,
                                              Hertz rate) {
    std::vector<std::complex<double>> turned(x.size());
    for (std::size_t n = 0; n < x.size(); ++n)
        turned[n] = static_cast<double>(x[n]) *
                    std::polar(1.0, -kTurn * carrier.value / rate.value * static_cast<double>(n));
    std::vector<double> weights(window);
    for (std::size_t k = 0; k < window; ++k)
        weights[k] = 4.0 * hann(k, window) / static_cast<double>(window);
    std::vector<std::complex<double>> pointers;
    for (std::size_t at = 0; at + window <= x.size(); at += window / kOverlap) {
        std::complex<double> sum = 0.0;
        for (std::size_t k = 0; k < window; ++k) sum += weights[k] * turned[at + k];
        pointers.push_back(sum);
    }
    return pointers;
}

Modulation fitted(const std::vector<double>& values, Hertz expected, Hertz value_rate) {
    Modulation found;
    for (const double value : values) found.mean += value / static_cast<double>(values.size());
    std::vector<double> moving = values;
    for (double& value : moving) value -= found.mean;
    // The frequency at which a sine explains most: by golden section, 20 % around what is expected.
    constexpr double kGolden = 0.6180339887498949;
    double low = 0.8 * expected.value / value_rate.value, high = 1.5 * low;
    for (int step = 0; step < 30; ++step) {
        const double a = high - kGolden * (high - low), b = low + kGolden * (high - low);
        const bool left = explained(moving, a) > explained(moving, b);
        (left ? high : low) = left ? b : a;
    }
    found.amplitude = explained(moving, 0.5 * (low + high));
    found.rate = {0.5 * (low + high) * value_rate.value};
    return found;
}

FxSettings Kind::usual() const {
    FxSettings settings{};
    for (std::size_t k = 0; k < ranges.size(); ++k) settings[k] = ranges[k].usual;
    return settings;
}

const std::vector<Kind>& kinds() {
    static const std::vector<Kind> all = {
        {"echo",
         [](Hertz rate) { return std::make_unique<Echo>(rate); },
         {{1, 4000, 31},
          {0, 0.98f, 0.7f},
          {0, 1, 0},
          {20, 2000, 100},
          {500, 20000, 8000},
          {0.25f, 2, 1}}},
        {"chorus",
         [](Hertz rate) { return std::make_unique<Chorus>(rate); },
         {{0.05f, 10, 0.8f}, {0, 10, 2}, {1, 30, 12}, {1, 4, 2}, {0, 1, 1}, {0, 1, 0.5f}}},
        {"flanger",
         [](Hertz rate) { return std::make_unique<Flanger>(rate); },
         {{0.02f, 10, 0.3f},
          {0, 8, 3},
          {0.1f, 10, 1},
          {-0.95f, 0.95f, 0.5f},
          {0, 1, 0.5f},
          {0, 1, 0.5f}}},
        {"tremolo",
         [](Hertz rate) { return std::make_unique<Tremolo>(rate); },
         {{0.05f, 20, 4}, {0, 1, 0.5f}, {0, 2, 0}, {0, 1, 0}}},
    };
    return all;
}

}  // namespace mixrig::dsp::test::sweep
