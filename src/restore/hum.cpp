// Hum: how much of each harmonic, and off with it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/restore/hum.h"

#include "src/restore/mains.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

namespace mixrig::restore {
namespace {

constexpr std::size_t kEachSide = 8;  // moments
// 17 moments share their windows: about as many as are free of each other.
constexpr double kIndependent = 6.0;
constexpr double kErrors = 3.0;
constexpr double kLeastLevel = 1e-5;  // -100 dBFS
constexpr double kHighest = 0.32;     // of the low band's rate: where its filter still passes

struct Middle {
    double value, spread;  // the spread as a standard deviation
};

Middle middle(std::vector<double>& values) {
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), at, values.end());
    const double value = *at;
    for (double& one : values) one = std::fabs(one - value);
    std::nth_element(values.begin(), at, values.end());
    return {value, 1.4826 * *at};
}

// Of the moments around `moment`, what is there all the time.
std::complex<double> lasting(const Tones& tones, std::size_t moment, std::size_t harmonic) {
    const std::size_t from = moment - std::min(moment, kEachSide),
                      to = std::min(moment + kEachSide + 1, tones.moments());
    std::vector<double> real, imaginary;
    for (std::size_t m = from; m < to; ++m) {
        real.push_back(tones.at(m, harmonic).real());
        imaginary.push_back(tones.at(m, harmonic).imag());
    }
    const Middle re = middle(real), im = middle(imaginary);
    const std::complex<double> value(re.value, im.value);
    // The median's error is 1.25 times that of the mean.
    const double variance =
        1.25 * 1.25 * (re.spread * re.spread + im.spread * im.spread) / kIndependent;
    const double power = std::norm(value);
    if (power <= 0.0) return 0.0;
    return value * std::max(0.0, 1.0 - kErrors * kErrors * variance / power);
}

// What to subtract, in the layout of Tones.
Tones what_lasts(const Tones& heard, const LowBand& low, double hertz) {
    Tones raw{.harmonics = heard.harmonics, .values = {}}, out = raw;
    for (std::size_t m = 0; m < heard.moments(); ++m)
        for (std::size_t h = 0; h < heard.harmonics; ++h)
            raw.values.push_back(lasting(heard, m, h) /
                                 low.response(hertz * static_cast<double>(h + 1)));
    // A median jumps.
    constexpr double kWeights[] = {1.0, 2.0, 3.0, 2.0, 1.0};
    for (std::size_t m = 0; m < raw.moments(); ++m)
        for (std::size_t h = 0; h < raw.harmonics; ++h) {
            std::complex<double> sum = 0.0;
            double weights = 0.0;
            for (std::size_t w = 0; w < 5; ++w) {
                if (m + w < 2 || m + w - 2 >= raw.moments()) continue;
                sum += kWeights[w] * raw.at(m + w - 2, h);
                weights += kWeights[w];
            }
            out.values.push_back(sum / weights);
        }
    return out;
}

void subtract(std::span<float> samples, dsp::Hertz rate, const Drift& drift, const Tones& off) {
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const double seconds = static_cast<double>(n) / rate.value;
        const double place = std::clamp((seconds - Tones::seconds(0)) / kToneSpacing, 0.0,
                                        static_cast<double>(off.moments() - 1));
        const auto moment = static_cast<std::size_t>(place);
        const std::size_t next = std::min(moment + 1, off.moments() - 1);
        const double share = place - static_cast<double>(moment);
        const double cycles = drift.cycles(seconds);
        const std::complex<double> turn =
            std::polar(1.0, 2.0 * std::numbers::pi * (cycles - std::floor(cycles)));
        double re = turn.real(), im = turn.imag(), sum = 0.0;
        for (std::size_t h = 0; h < off.harmonics; ++h) {
            const std::complex<double> a = off.at(moment, h), b = off.at(next, h);
            sum += (a.real() + share * (b.real() - a.real())) * re -
                   (a.imag() + share * (b.imag() - a.imag())) * im;
            const double then = re * turn.real() - im * turn.imag();
            im = re * turn.imag() + im * turn.real();
            re = then;
        }
        samples[n] = static_cast<float>(static_cast<double>(samples[n]) - sum);
    }
}

}  // namespace

HumFound remove_hum(std::span<float> samples, dsp::Hertz rate, const HumSettings& settings) {
    HumFound found;
    const LowBand low(samples, rate);
    const auto most = static_cast<std::size_t>(kHighest * low.rate() / 60.5);
    const std::size_t harmonics = std::min(settings.harmonics, most);
    if (harmonics == 0) return found;
    const auto drift = find_mains(low, {.may_be_50 = settings.mains != Mains::at_60,
                                        .may_be_60 = settings.mains != Mains::at_50,
                                        .harmonics = harmonics});
    if (!drift) return found;
    const auto points = drift->points();
    for (const double hertz : points) found.hertz += hertz / static_cast<double>(points.size());
    const Tones off = what_lasts(tones(low, *drift, harmonics), low, found.hertz);
    double power = 0.0;
    for (std::size_t h = 0; h < harmonics; ++h) {
        double one = 0.0;
        for (std::size_t m = 0; m < off.moments(); ++m) one += std::norm(off.at(m, h)) / 2.0;
        if (one > 0.0) ++found.harmonics;
        power += one / static_cast<double>(off.moments());
    }
    found.level = std::sqrt(power);
    if (found.level < kLeastLevel) return {};
    found.found = true;
    found.lowest = *std::min_element(points.begin(), points.end());
    found.highest = *std::max_element(points.begin(), points.end());
    subtract(samples, rate, *drift, off);
    return found;
}

}  // namespace mixrig::restore
