// Windows, transforms, and which bins a point shows.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/spectrum.h"

#include "src/monitor/levels.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::monitor {
namespace {

constexpr double kLowest = 20.0, kSpan = 1000.0;

std::size_t window_for(dsp::Hertz rate) {
    if (rate.value <= 50000.0) return 8192;
    return rate.value <= 100000.0 ? 16384 : 32768;
}

}  // namespace

Spectrum::Spectrum(dsp::Hertz rate)
    : rate_(rate),
      fft_(window_for(rate)),
      hop_(fft_.size() / 4),
      window_(fft_.size()),
      power_(fft_.size() / 2 + 1) {
    const auto size = static_cast<double>(fft_.size());
    // A sine of amplitude 1 at a bin has |X| = sum of the window / 2; the mean of Hann is 1/2.
    const double scale = 4.0 / (size * std::numbers::sqrt2);
    for (std::size_t n = 0; n < window_.size(); ++n)
        window_[n] = static_cast<float>(
            scale * 0.5 * (1.0 - std::cos(2.0 * std::numbers::pi * static_cast<double>(n) / size)));
    for (auto& side : heard_) side.resize(fft_.size());
    const double bin = rate.value / size;
    const double half_step = std::pow(kSpan, 0.5 / static_cast<double>(kSpectrumPoints - 1));
    const auto nearest = [&](double hertz) {
        return std::clamp<std::size_t>(static_cast<std::size_t>(std::lround(hertz / bin)), 1,
                                       fft_.size() / 2 - 1);
    };
    for (std::size_t i = 0; i < kSpectrumPoints; ++i)
        ranges_[i] = {nearest(frequency(i).value / half_step),
                      nearest(frequency(i).value * half_step)};
}

dsp::Hertz Spectrum::frequency(std::size_t point) {
    return {kLowest *
            std::pow(kSpan, static_cast<double>(point) / static_cast<double>(kSpectrumPoints - 1))};
}

void Spectrum::use(Averaging averaging) {
    averaging_ = averaging;
    for (MeanPower& mean : means_) mean.highest = 0.0f;
}

void Spectrum::reset() {
    for (auto& side : heard_) std::fill(side.begin(), side.end(), 0.0f);
    means_ = {};
    waiting_ = 0;
}

void Spectrum::add(const float* left, const float* right, std::size_t frames) {
    for (std::size_t n = 0; n < frames; ++n) {
        heard_[0][at_] = left[n];
        heard_[1][at_] = right[n];
        at_ = (at_ + 1) % fft_.size();
        if (++waiting_ == hop_) transform();
    }
}

void Spectrum::transform() {
    waiting_ = 0;
    std::fill(power_.begin(), power_.end(), 0.0f);
    for (const auto& side : heard_) {
        const auto in = fft_.input();
        for (std::size_t n = 0; n < in.size(); ++n)
            in[n] = window_[n] * side[(at_ + n) % in.size()];
        const auto out = fft_.run();
        for (std::size_t k = 0; k < power_.size(); ++k) power_[k] += 0.5f * out[k];
    }
    const float keep = kept(averaging_, static_cast<double>(hop_) / rate_.value);
    for (std::size_t i = 0; i < kSpectrumPoints; ++i) {
        float most = 0.0f;
        for (std::size_t k = ranges_[i].first; k <= ranges_[i].last; ++k)
            most = std::max(most, power_[k - 1] + power_[k] + power_[k + 1]);
        means_[i].add(most / fft::kHannBandwidth, keep);
    }
}

std::array<float, kSpectrumPoints> Spectrum::levels_dBFS() const {
    std::array<float, kSpectrumPoints> out{};
    for (std::size_t i = 0; i < kSpectrumPoints; ++i)
        out[i] = power_dB(means_[i].shown(averaging_));
    return out;
}

}  // namespace mixrig::monitor
