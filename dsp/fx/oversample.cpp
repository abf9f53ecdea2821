// Two to sixteen times the sampling rate and back, by linear-phase filters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/oversample.h"

#include "dsp/fx/fir.h"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <numbers>

namespace mixrig::dsp {
namespace {

constexpr double kAttenuation = 108.0;                    // dB: what meets in one place adds up
constexpr double kPassband = 20.0 / 48.0;                 // of the base rate
constexpr double kShape = 0.1102 * (kAttenuation - 8.7);  // Kaiser's beta above 50 dB

double bessel_i0(double x) {
    double term = 1.0, sum = 1.0;
    for (int k = 1; k < 60; ++k) {
        term *= (x / 2.0 / k) * (x / 2.0 / k);
        sum += term;
    }
    return sum;
}

// Kaiser's estimate of the order; `transition` in cycles a sample.
double order(double transition) {
    return (kAttenuation - 7.95) / (14.36 * transition);
}

// A low-pass of odd length with its edge, -6 dB, at `edge` cycles a sample.
std::vector<double> windowed_sinc(std::size_t length, double edge) {
    std::vector<double> taps(length);
    const double centre = static_cast<double>(length - 1) / 2.0;
    for (std::size_t k = 0; k < length; ++k) {
        const double distance = static_cast<double>(k) - centre;
        const double place = distance / (centre + 1.0);
        const double angle = 2.0 * std::numbers::pi * edge * distance;
        const double sinc = distance == 0.0 ? 1.0 : std::sin(angle) / angle;
        taps[k] = 2.0 * edge * sinc * bessel_i0(kShape * std::sqrt(1.0 - place * place)) /
                  bessel_i0(kShape);
    }
    return taps;
}

// Every second tap from `first` on, scaled to the sum `gain`: both phases pass DC alike.
template <typename Sample>
std::vector<Sample> phase(const std::vector<double>& taps, std::size_t first, double gain) {
    double sum = 0.0;
    for (std::size_t k = first; k < taps.size(); k += 2) sum += taps[k];
    std::vector<Sample> weights;
    for (std::size_t k = first; k < taps.size(); k += 2)
        weights.push_back(static_cast<Sample>(taps[k] * gain / sum));
    return weights;
}

}  // namespace

template <typename Sample>
BasicSampleLine<Sample>::BasicSampleLine(std::size_t past, std::size_t block)
    : past_(past), samples_(past + block, Sample(0)) {}

template <typename Sample>
void BasicSampleLine<Sample>::advance(std::size_t count) MIXRIG_REALTIME {
    std::memmove(samples_.data(), samples_.data() + count, past_ * sizeof(Sample));
}

template <typename Sample>
void BasicSampleLine<Sample>::clear() MIXRIG_REALTIME {
    std::fill(samples_.begin(), samples_.end(), Sample(0));
}

template <typename Sample>
void BasicOversampler<Sample>::Taps::filter(const Sample* newest, Sample* y,
                                            std::size_t count) const MIXRIG_REALTIME {
    fir(weights.data(), weights.size(), newest - delay, y, count);
}

template <typename Sample>
std::size_t BasicOversampler<Sample>::Filter::past() const {
    return std::max(even.delay + even.weights.size(), odd.delay + odd.weights.size());
}

// Of 4j + 3 taps those with an odd distance to the middle remain, and the middle one, which is the
// whole odd phase. `passband` in cycles a sample of the higher rate; `odd_late` says by how many
// samples of its phase the odd one comes later.
template <typename Sample>
typename BasicOversampler<Sample>::Filter BasicOversampler<Sample>::half_band(
    double passband, double gain, std::size_t odd_late) {
    const double needed = order(0.5 - 2.0 * passband) + 1.0;
    const auto j = static_cast<std::size_t>(std::max(0.0, std::ceil((needed - 3.0) / 4.0)));
    const std::vector<double> taps = windowed_sinc(4 * j + 3, 0.25);
    return {.even = {.weights = phase<Sample>(taps, 0, gain), .delay = 0},
            .odd = {.weights = {static_cast<Sample>(gain)}, .delay = j + odd_late},
            .length = taps.size()};
}

template <typename Sample>
typename BasicOversampler<Sample>::Filter BasicOversampler<Sample>::low_pass() {
    const double passband = kPassband / 2.0, stopband = 0.25;  // cycles a sample of twice the rate
    const auto half = static_cast<std::size_t>(std::ceil(order(stopband - passband) / 2.0));
    const std::vector<double> taps = windowed_sinc(2 * half + 1, (passband + stopband) / 2.0);
    return {.even = {.weights = phase<Sample>(taps, 0, 0.5), .delay = 0},
            .odd = {.weights = phase<Sample>(taps, 1, 0.5), .delay = 1},
            .length = taps.size()};
}

template <typename Sample>
BasicOversampler<Sample>::BasicOversampler(std::size_t factor, std::size_t channels,
                                           std::size_t inner)
    : factor_(factor),
      work_(factor * kQuantum),
      even_(factor * kQuantum / 2),
      odd_(factor * kQuantum / 2) {
    assert(factor >= 2 && factor <= 16 && std::has_single_bit(factor));
    std::size_t delay = inner;  // in samples of the highest rate
    for (std::size_t rate = 2; rate <= factor; rate *= 2) {
        // Behind the first doubling what lies below half the base rate has to pass.
        const double passband = (rate == 2 ? kPassband : 0.5) / static_cast<double>(rate);
        up_.push_back(half_band(passband, 1.0, 0));
        down_.push_back(rate == 2 ? low_pass() : half_band(passband, 0.5, 1));
        delay += (up_.back().length + down_.back().length - 2) / 2 * (factor / rate);
    }
    latency_ = (delay + factor - 1) / factor;
    pad_ = latency_ * factor - delay;
    for (std::size_t c = 0; c < channels; ++c) {
        Lines lines{.up = {}, .even = {}, .odd = {}, .pad = {pad_, factor * kQuantum}};
        for (std::size_t s = 0; s < up_.size(); ++s) {
            const std::size_t block = kQuantum << s;
            lines.up.emplace_back(up_[s].past(), block);
            lines.even.emplace_back(down_[s].past(), block);
            lines.odd.emplace_back(down_[s].past(), block);
        }
        channels_.push_back(lines);
    }
}

template <typename Sample>
void BasicOversampler<Sample>::up(std::size_t channel, const Sample* x, std::size_t frames,
                                  Sample* high) MIXRIG_REALTIME {
    Lines& lines = channels_[channel];
    for (std::size_t s = 0; s < up_.size(); ++s) {
        const std::size_t count = frames << s;
        Sample* newest = lines.up[s].newest();
        std::copy_n(s == 0 ? x : high, count, newest);
        up_[s].even.filter(newest, even_.data(), count);
        up_[s].odd.filter(newest, odd_.data(), count);
        for (std::size_t n = 0; n < count; ++n) {
            high[2 * n] = even_[n];
            high[2 * n + 1] = odd_[n];
        }
        lines.up[s].advance(count);
    }
}

template <typename Sample>
void BasicOversampler<Sample>::down(std::size_t channel, const Sample* high, std::size_t frames,
                                    Sample* y) MIXRIG_REALTIME {
    Lines& lines = channels_[channel];
    std::copy_n(high, frames * factor_, lines.pad.newest());
    const Sample* x = lines.pad.newest() - pad_;
    for (std::size_t s = down_.size(); s-- > 0;) {
        const std::size_t count = frames << s;
        Sample* even = lines.even[s].newest();
        Sample* odd = lines.odd[s].newest();
        for (std::size_t n = 0; n < count; ++n) {
            even[n] = x[2 * n];
            odd[n] = x[2 * n + 1];
        }
        down_[s].even.filter(even, even_.data(), count);
        down_[s].odd.filter(odd, odd_.data(), count);
        Sample* to = s == 0 ? y : work_.data();
        for (std::size_t n = 0; n < count; ++n) to[n] = even_[n] + odd_[n];
        lines.even[s].advance(count);
        lines.odd[s].advance(count);
        x = work_.data();
    }
    lines.pad.advance(frames * factor_);
}

template <typename Sample>
void BasicOversampler<Sample>::reset() MIXRIG_REALTIME {
    for (Lines& lines : channels_) {
        for (auto* stage : {&lines.up, &lines.even, &lines.odd})
            for (Line& line : *stage) line.clear();
        lines.pad.clear();
    }
}

template class BasicSampleLine<float>;
template class BasicSampleLine<double>;
template class BasicOversampler<float>;
template class BasicOversampler<double>;

}  // namespace mixrig::dsp
