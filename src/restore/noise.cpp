// Noise: its spectrum, gains against it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/restore/noise.h"

#include "src/fft/fft.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

namespace mixrig::restore {
namespace {

constexpr double kNoiseFrame = 0.043;  // seconds
constexpr std::size_t kOverlap = 4;    // frames over each sample
constexpr double kWindowsSum = 2.0;    // of Hann's, at this overlap
constexpr double kMemory = 0.98;       // of the decision-directed estimate
constexpr double kLeastPriori = 3e-3;  // xi; -25 dB, as is usual against musical noise

// The exponential integral of v > 0 by its series or its continued fraction (M. Abramowitz,
// I. A. Stegun, "Handbook of mathematical functions", 5.1.11 and 5.1.22).
double exponential_integral(double v) {
    if (v < 1.0) {
        double sum = -std::numbers::egamma - std::log(v), term = 1.0;
        for (int k = 1; k < 20; ++k) {
            term *= -v / k;
            sum -= term / k;
        }
        return sum;
    }
    double fraction = v;
    for (int k = 20; k > 0; --k) fraction = v + k / (1.0 + k / fraction);
    return std::exp(-v) / fraction;
}

// exp(E1(v) / 2), which every bin of every frame asks for: between 16 points an octave along
// straight lines, 0.03 dB exact.
class LogAmplitude {
public:
    LogAmplitude() {
        for (int point = 0; point <= kOctaves * kEach; ++point)
            points_.push_back(
                std::exp(0.5 * exponential_integral(std::exp2(kFirst + point / double{kEach}))));
    }
    double operator()(double v) const {
        int exponent = 0;
        const double mantissa = 2.0 * std::frexp(v, &exponent) - 1.0;  // 0 to 1
        const int octave = exponent - 1 - kFirst;
        if (octave < 0) return points_.front();
        if (octave >= kOctaves) return 1.0;
        const double place = std::log2(1.0 + mantissa) * kEach;
        const auto point = static_cast<std::size_t>(place);
        const double share = place - static_cast<double>(point);
        const std::size_t at = static_cast<std::size_t>(octave * kEach) + point;
        return points_[at] + share * (points_[at + 1] - points_[at]);
    }

private:
    static constexpr int kFirst = -34, kOctaves = 40, kEach = 16;
    std::vector<double> points_;
};

class Noise {
public:
    Noise(std::span<float> samples, std::size_t frame, dsp::Decibels reduction)
        : samples_(samples),
          fft_(frame),
          hop_(frame / kOverlap),
          least_(std::pow(10.0, -reduction.value / 20.0)),
          window_(frame),
          noise_(frame / 2 + 1, 0.0),
          heard_(frame / 2 + 1, 1.0),
          off_(frame, 0.0) {
        const double step = 2.0 * std::numbers::pi / static_cast<double>(frame);
        for (std::size_t n = 0; n < frame; ++n)
            window_[n] = std::sqrt(0.5 - 0.5 * std::cos(step * static_cast<double>(n)));
    }

    void learn(std::size_t from, std::size_t to);
    void reduce();

private:
    void transform(std::ptrdiff_t begin);
    void take_off();

    std::span<float> samples_;
    fft::RealFft fft_;
    std::size_t hop_;
    double least_;
    LogAmplitude amplitude_;
    std::vector<double> window_;
    std::vector<double> noise_;  // mean power of each bin in the passage
    std::vector<double> heard_;  // G^2 gamma of the frame before
    std::vector<double> off_;    // what will be subtracted, from the frame's begin on
};

void Noise::transform(std::ptrdiff_t begin) {
    const auto time = fft_.time();
    const auto size = static_cast<std::ptrdiff_t>(samples_.size());
    for (std::size_t n = 0; n < time.size(); ++n) {
        const std::ptrdiff_t at = begin + static_cast<std::ptrdiff_t>(n);
        time[n] = at < 0 || at >= size
                      ? 0.0
                      : window_[n] * static_cast<double>(samples_[static_cast<std::size_t>(at)]);
    }
    fft_.forward();
}

void Noise::learn(std::size_t from, std::size_t to) {
    double count = 0.0;
    for (std::size_t at = from; at + fft_.size() <= to; at += hop_, ++count) {
        transform(static_cast<std::ptrdiff_t>(at));
        for (std::size_t k = 0; k < noise_.size(); ++k)
            noise_[k] += std::norm(fft_.frequencies()[k]);
    }
    for (double& power : noise_) power = std::max(power / count, 1e-20);
}

// The share of each bin that is noise.
void Noise::take_off() {
    const auto bins = fft_.frequencies();
    for (std::size_t k = 0; k < bins.size(); ++k) {
        const double gamma = std::min(std::norm(bins[k]) / noise_[k], 1e9);
        const double xi = std::max(
            kMemory * heard_[k] + (1.0 - kMemory) * std::max(gamma - 1.0, 0.0), kLeastPriori);
        const double share = xi / (1.0 + xi);
        const double v = std::max(share * gamma, 1e-10);
        const double best = share * amplitude_(v);
        const double gain = std::clamp(best, least_, 1.0);
        heard_[k] = gain * gain * gamma;
        bins[k] *= 1.0 - gain;
    }
}

// A sample is written once the last frame over it has been read.
void Noise::reduce() {
    const std::size_t size = fft_.size();
    const auto frames = static_cast<std::ptrdiff_t>(samples_.size());
    const double scale = 1.0 / (kWindowsSum * static_cast<double>(size));
    for (auto begin = static_cast<std::ptrdiff_t>(hop_) - static_cast<std::ptrdiff_t>(size);
         begin < frames; begin += static_cast<std::ptrdiff_t>(hop_)) {
        transform(begin);
        take_off();
        fft_.back();
        for (std::size_t n = 0; n < size; ++n) off_[n] += scale * window_[n] * fft_.time()[n];
        for (std::size_t n = 0; n < hop_; ++n) {
            const std::ptrdiff_t at = begin + static_cast<std::ptrdiff_t>(n);
            if (at < 0 || at >= frames) continue;
            float& sample = samples_[static_cast<std::size_t>(at)];
            sample = static_cast<float>(static_cast<double>(sample) - off_[n]);
        }
        std::copy(off_.begin() + static_cast<std::ptrdiff_t>(hop_), off_.end(), off_.begin());
        std::fill(off_.end() - static_cast<std::ptrdiff_t>(hop_), off_.end(), 0.0);
    }
}

double rms(std::span<const float> samples) {
    double sum = 0.0;
    for (const float x : samples) sum += static_cast<double>(x) * static_cast<double>(x);
    return std::sqrt(sum / static_cast<double>(samples.size()));
}

}  // namespace

base::Result<NoiseFound> reduce_noise(std::span<float> samples, dsp::Hertz rate,
                                      const NoiseSettings& settings) {
    const std::size_t frame = std::max<std::size_t>(
        std::bit_floor(static_cast<std::size_t>(kNoiseFrame * rate.value)), 64);
    const auto frames = [&](dsp::Seconds time) {
        return static_cast<std::size_t>(std::max(0.0, time.value * rate.value));
    };
    const std::size_t from = frames(settings.from), to = frames(settings.to);
    if (to > samples.size())
        return base::Error{"the passage to learn the noise from ends behind the sound",
                           {},
                           "the sound has " +
                               std::to_string(static_cast<double>(samples.size()) / rate.value) +
                               " s"};
    if (to < from + 2 * frame)
        return base::Error{"the passage to learn the noise from is too short",
                           {},
                           "a tenth of a second is the least, half a second is good"};
    const auto passage = samples.subspan(from, to - from);
    NoiseFound found{.floor = rms(passage), .after = 0.0};
    Noise noise(samples, frame, settings.reduction);
    noise.learn(from, to);
    noise.reduce();
    found.after = rms(passage);
    return found;
}

}  // namespace mixrig::restore
