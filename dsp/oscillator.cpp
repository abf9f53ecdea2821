// Sine, noise, sweep.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/oscillator.h"

#include "dsp/fx/lfo.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace mixrig::dsp {
namespace {

constexpr double kHighestShare = 0.45;  // of the rate
constexpr double kLowest = 20.0, kHighest = 20000.0;

// Of the pink filter: the highest zero by the rate, the lowest pole, and the zero at the other
// side. Found by looking for the smallest error at 44.1 kHz.
constexpr double kTopZero = 0.22, kBottomPole = 7.0, kOtherZero = 0.16;

}  // namespace

PinkFilter::PinkFilter(Hertz rate) {
    const auto at = [rate](double f) { return std::exp(-2.0 * std::numbers::pi * f / rate.value); };
    const double ratio = std::sqrt(3.0);
    for (double zero = kTopZero * rate.value; count_ < kMost; zero /= 3.0) {
        sections_[count_++] = {.pole = at(zero / ratio), .zero = at(zero)};
        if (zero / ratio <= kBottomPole) break;
    }
    gain_ = 1.0 / std::sqrt(energy());
}

// Sum of the squares of the impulse response: of d + sum r_k / (1 - p_k w), w a frame's delay, in
// partial fractions, then with 1 + a w.
double PinkFilter::energy() const {
    std::array<double, kMost> r{};
    double d = 1.0;
    for (std::size_t k = 0; k < count_; ++k) {
        d *= sections_[k].zero / sections_[k].pole;
        r[k] = 1.0;
        for (std::size_t j = 0; j < count_; ++j) {
            r[k] *= 1.0 - sections_[j].zero / sections_[k].pole;
            if (j != k) r[k] /= 1.0 - sections_[j].pole / sections_[k].pole;
        }
    }
    double same = d * d, next = 0.0;  // its correlation with itself and with the next frame
    for (std::size_t k = 0; k < count_; ++k) {
        const double p = sections_[k].pole;
        same += 2.0 * d * r[k];
        next += d * r[k] * p;
        for (std::size_t j = 0; j < count_; ++j) {
            const double term = r[j] * r[k] / (1.0 - sections_[j].pole * p);
            same += term;
            next += term * p;
        }
    }
    return (1.0 + kOtherZero * kOtherZero) * same + 2.0 * kOtherZero * next;
}

float PinkFilter::process(float x) MIXRIG_REALTIME {
    double y = static_cast<double>(x);
    for (std::size_t k = 0; k < count_; ++k) {
        Section& s = sections_[k];
        const double in = y;
        y = in + s.state;
        s.state = s.pole * y - s.zero * in;
    }
    const double out = gain_ * (y + kOtherZero * before_);
    before_ = y;
    return static_cast<float>(out);
}

double PinkFilter::gain_at(Hertz frequency, Hertz rate) const {
    const auto w = std::polar(1.0, -2.0 * std::numbers::pi * frequency.value / rate.value);
    std::complex<double> h = gain_ * (1.0 + kOtherZero * w);
    for (std::size_t k = 0; k < count_; ++k)
        h *= (1.0 - sections_[k].zero * w) / (1.0 - sections_[k].pole * w);
    return std::abs(h);
}

void PinkFilter::reset() MIXRIG_REALTIME {
    for (Section& section : sections_) section.state = 0.0;
    before_ = 0.0;
}

Sweep::Sweep(Hertz rate)
    : start_(kLowest / rate.value),
      ratio_(std::pow(std::min(kHighest, kHighestShare * rate.value) / kLowest,
                      1.0 / (kLength.value * rate.value))),
      frames_(static_cast<std::uint64_t>(kLength.value * rate.value)),
      step_(start_) {}

float Sweep::next() MIXRIG_REALTIME {
    const auto out = static_cast<float>(cosine(phase_ - 0.25));
    phase_ += step_;
    if (phase_ >= 1.0) phase_ -= 1.0;
    step_ *= ratio_;
    if (++frame_ == frames_) {
        frame_ = 0;
        step_ = start_;
    }
    return out;
}

void Sweep::reset() MIXRIG_REALTIME {
    frame_ = 0;
    step_ = start_;
    phase_ = 0.0;
}

Oscillator::Oscillator(Hertz rate)
    : rate_(rate.value), weights_(glide_quanta(rate), 0.0f), pink_(rate), sweep_(rate) {
    weights_.set(0, 1.0f, Change::jump);
}

bool Oscillator::sounds(std::size_t type) const MIXRIG_REALTIME {
    return (weights_.moving() & lane_bit(type)) != 0 || weights_.goal(type) != 0.0f;
}

void Oscillator::set(const OscillatorGoal& goal, Change change) MIXRIG_REALTIME {
    step_ = std::min(static_cast<double>(goal.frequency) / rate_, kHighestShare);
    const auto type = static_cast<std::size_t>(goal.type);
    if (!sounds(type) && goal.type == OscillatorType::sweep) sweep_.reset();
    for (std::size_t t = 0; t < kOscillatorTypes; ++t) {
        const float weight = t == type ? 1.0f : 0.0f;
        if (change == Change::jump || weights_.goal(t) != weight) weights_.set(t, weight, change);
    }
}

void Oscillator::begin_quantum() MIXRIG_REALTIME {
    if (!weights_.idle()) weights_.begin_quantum();
}

void Oscillator::reset() MIXRIG_REALTIME {
    phase_ = 0.0;
    sweep_.reset();
    pink_.reset();
    white_ = {};
    pink_source_ = {};
}

float Oscillator::next(OscillatorType type) MIXRIG_REALTIME {
    switch (type) {
        case OscillatorType::sine: {
            const auto out = static_cast<float>(cosine(phase_ - 0.25));
            phase_ += step_;
            if (phase_ >= 1.0) phase_ -= 1.0;
            return out;
        }
        case OscillatorType::pink:
            return pink_.process(pink_source_.next());
        case OscillatorType::white:
            return white_.next();
        case OscillatorType::sweep:
            return sweep_.next();
    }
    return 0.0f;
}

void Oscillator::process(float* out, Slice slice) MIXRIG_REALTIME {
    std::fill_n(out, slice.count, 0.0f);
    for (std::size_t t = 0; t < kOscillatorTypes; ++t) {
        if (!sounds(t)) continue;
        const Cubic weight = lane_curve(weights_, t);
        for (std::size_t i = 0; i < slice.count; ++i)
            out[i] += weight.at(slice.first + i) * next(static_cast<OscillatorType>(t));
    }
}

}  // namespace mixrig::dsp
