// Saturator of the master chain: three smooth curves at a high rate.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/saturator.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::dsp {
namespace {

constexpr Hertz kDcCorner{5.0};
constexpr float kTubePoint = 0.2f;

double amplitude(Decibels level) MIXRIG_REALTIME {
    return std::pow(10.0, level.value / 20.0);
}

// f(x) / x, without a quotient that is 0 / 0 at rest.
float soft(float x) MIXRIG_REALTIME {
    return 1.0f / std::sqrt(1.0f + x * x);
}

// (x + b) / r - b / r0 = x (r0 - b (x + 2b) / (r + r0)) / (r r0), with r = sqrt(1 + (x + b)^2) and
// r0 that at 0; divided by the slope there, 1 / r0^3.
float tube(float x) MIXRIG_REALTIME {
    constexpr float b = kTubePoint;
    const float square = 1.0f + b * b, r0 = std::sqrt(square);
    const float r = std::sqrt(1.0f + (x + b) * (x + b));
    return square * (r0 - b * (x + 2.0f * b) / (r + r0)) / r;
}

float firm(float x) MIXRIG_REALTIME {
    const float square = x * x;
    return 1.0f / std::sqrt(std::sqrt(1.0f + square * square));
}

// Adds weight[frame] * f(x) / x for `factor` samples a frame.
template <float kCurve(float) MIXRIG_REALTIME>
void add_gains(const double* x, const float* weight, std::size_t factor, std::size_t frames,
               float* gains) MIXRIG_REALTIME {
    for (std::size_t n = 0; n < frames; ++n)
        for (std::size_t k = n * factor; k < (n + 1) * factor; ++k)
            gains[k] += weight[n] * kCurve(static_cast<float>(x[k]));
}

constexpr void (*kAddGains[])(const double*, const float*, std::size_t, std::size_t, float*)
    MIXRIG_REALTIME = {add_gains<soft>, add_gains<tube>, add_gains<firm>};

}  // namespace

Saturator::Saturator(Hertz rate)
    : shaper_(rate, 0),
      dc_weight_(-std::expm1(-2.0 * std::numbers::pi * kDcCorner.value / rate.value)) {
    set({}, Change::jump);
}

void Saturator::set(const SaturatorSettings& settings, Change change) MIXRIG_REALTIME {
    for (std::size_t c = 0; c < kCurves; ++c)
        shaper_.glide(weights + c, c == static_cast<std::size_t>(settings.curve) ? 1.0 : 0.0,
                      change);
    shaper_.glide(drive, amplitude(settings.drive), change);
    shaper_.glide(wet, static_cast<double>(settings.mix) * amplitude(settings.output), change);
    shaper_.glide(dry, 1.0 - static_cast<double>(settings.mix), change);
    if (shaper_.set(settings.on, change)) dc_ = {};
}

void Saturator::find_gains(std::size_t side, const double* high, Slice slice) MIXRIG_REALTIME {
    const std::size_t factor = shaper_.factor();
    float* gains = gains_.side[side].data() + slice.first * factor;
    std::fill_n(gains, slice.count * factor, 0.0f);
    for (std::size_t c = 0; c < kCurves; ++c) {
        if (shaper_.is_zero(weights + c)) continue;
        const Shaper::Frames weight = shaper_.values(weights + c, slice);
        kAddGains[c](high, weight.data(), factor, slice.count, gains);
    }
}

template <typename Sample>
void Saturator::process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME {
    run(0, left, slice, nullptr);
    run(1, right, slice, nullptr);
}

template <typename Sample>
void Saturator::follow(Sample* left, Sample* right, Slice slice, const Gains& gains)
    MIXRIG_REALTIME {
    run(0, left, slice, &gains);
    run(1, right, slice, &gains);
}

// With gains that were told, or with its own.
template <typename Sample>
void Saturator::run(std::size_t side, Sample* x, Slice slice, const Gains* told) MIXRIG_REALTIME {
    if (shaper_.passes(side, x, slice)) return;
    double* high = shaper_.up(side, x, drive, slice);
    if (!told) find_gains(side, high, slice);
    const std::size_t factor = shaper_.factor();
    const float* gains = (told ? *told : gains_).side[side].data() + slice.first * factor;
    for (std::size_t k = 0; k < slice.count * factor; ++k) high[k] *= static_cast<double>(gains[k]);
    std::array<double, kQuantum> y;
    shaper_.down(side, slice.count, y.data());
    without_dc(side, slice, y.data());
    const Shaper::Frames wet_gain = shaper_.values(wet, slice),
                         dry_gain = shaper_.values(dry, slice);
    const double* delayed = shaper_.dry();
    for (std::size_t n = 0; n < slice.count; ++n)
        y[n] =
            static_cast<double>(dry_gain[n]) * delayed[n] + static_cast<double>(wet_gain[n]) * y[n];
    shaper_.finish(y.data(), x, slice);
}

// The high-pass of the tube.
void Saturator::without_dc(std::size_t side, Slice slice, double* y) MIXRIG_REALTIME {
    constexpr auto kTube = static_cast<std::size_t>(SaturatorCurve::tube);
    const Shaper::Frames weight = shaper_.values(weights + kTube, slice);
    double dc = dc_[side];
    for (std::size_t n = 0; n < slice.count; ++n) {
        dc += dc_weight_ * (y[n] - dc);
        y[n] -= static_cast<double>(weight[n]) * dc;
    }
    dc_[side] = dc;
}

void Saturator::reset() MIXRIG_REALTIME {
    shaper_.reset();
    dc_ = {};
}

template void Saturator::process(float*, float*, Slice);
template void Saturator::follow(float*, float*, Slice, const Gains&);
template void Saturator::process(double*, double*, Slice);
template void Saturator::follow(double*, double*, Slice, const Gains&);

}  // namespace mixrig::dsp
