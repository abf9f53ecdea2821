// Saturation: three curves, oversampled and averaged between samples against aliasing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/saturation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::dsp {
namespace {

constexpr Hertz kOpen{20000.0};  // the tone at which the low-pass is out
constexpr Hertz kDcCorner{5.0};
constexpr std::size_t kBefore = 2;  // samples of the high rate that a mean and the next one need
constexpr std::size_t kInner = 1;   // delay of both, in frames of the high rate

// Times 36 dB of drive and 12 dB of output this is still below -180 dB.
constexpr float kSilence = 1e-12f;

std::size_t factor_for(Hertz rate) {
    return rate.value < 64e3 ? 16 : 8;
}

float gain(Decibels level) MIXRIG_REALTIME {
    return static_cast<float>(std::pow(10.0, level.value / 20.0));
}

constexpr float kTubePoint = 0.3f;

// The mean of x / sqrt(1 + x^2) between a and b: its integral is r = sqrt(1 + x^2), and
// (r(b) - r(a)) / (b - a) = (a + b) / (r(a) + r(b)).
float mean_soft(float a, float b) MIXRIG_REALTIME {
    return (a + b) / (std::sqrt(1.0f + a * a) + std::sqrt(1.0f + b * b));
}

void means_soft(const float* x, float* y, std::size_t count) MIXRIG_REALTIME {
    for (std::size_t n = 0; n < count; ++n) y[n] = mean_soft(x[n], x[n + 1]);
}

void means_tube(const float* x, float* y, std::size_t count) MIXRIG_REALTIME {
    const float rest = mean_soft(kTubePoint, kTubePoint);
    const float root = std::sqrt(1.0f + kTubePoint * kTubePoint);
    const float slope = 1.0f / (root * root * root);
    for (std::size_t n = 0; n < count; ++n)
        y[n] = (mean_soft(x[n] + kTubePoint, x[n + 1] + kTubePoint) - rest) / slope;
}

// Between 1 - kKnee and 1 + kKnee the clipper is x - (x - 1 + kKnee)^2 / (4 kKnee).
constexpr double kKnee = 0.25;

double hard(double x) MIXRIG_REALTIME {
    const double size = std::min(std::fabs(x), 1.0 + kKnee);
    const double bent = std::max(size - (1.0 - kKnee), 0.0);
    return std::copysign(size - bent * bent / (4.0 * kKnee), x);
}

double hard_integral(double x) MIXRIG_REALTIME {
    const double size = std::fabs(x), inside = std::min(size, 1.0 + kKnee);
    const double bent = std::max(inside - (1.0 - kKnee), 0.0);
    return inside * inside / 2.0 - bent * bent * bent / (12.0 * kKnee) + (size - inside);
}

void means_hard(const float* x, float* y, std::size_t count) MIXRIG_REALTIME {
    // Nearer samples take the value half-way: off by less than 2 * kNear^2 / 24, -142 dB, while the
    // quotient loses no more than 1e-10 to cancellation.
    constexpr double kNear = 1e-3;
    double a = static_cast<double>(x[0]), integral = hard_integral(a);
    for (std::size_t n = 0; n < count; ++n) {
        const auto b = static_cast<double>(x[n + 1]);
        const double next = hard_integral(b), distance = b - a;
        y[n] = static_cast<float>(std::fabs(distance) < kNear ? hard((a + b) / 2.0)
                                                              : (next - integral) / distance);
        a = b;
        integral = next;
    }
}

// The same means as weights of a and b: mean(a, b) = of_a a + of_b b.
struct Pair {
    float of_a, of_b;
};

Pair pair_soft(float a, float b) MIXRIG_REALTIME {
    const float weight = 1.0f / (std::sqrt(1.0f + a * a) + std::sqrt(1.0f + b * b));
    return {weight, weight};
}

// (a + b + 2p) / (ra + rb) - p / r0, with p the working point, ra = sqrt(1 + (a + p)^2) and r0 that
// at rest: over one denominator, and with r0 - ra = -a (a + 2p) / (r0 + ra).
Pair pair_tube(float a, float b) MIXRIG_REALTIME {
    constexpr float p = kTubePoint;
    const float r0 = std::sqrt(1.0f + p * p);
    const float ra = std::sqrt(1.0f + (a + p) * (a + p));
    const float rb = std::sqrt(1.0f + (b + p) * (b + p));
    const float scale = r0 * r0 / (ra + rb);  // 1 / ((ra + rb) r0), over the slope 1 / r0^3
    return {scale * (r0 - p * (a + 2.0f * p) / (r0 + ra)),
            scale * (r0 - p * (b + 2.0f * p) / (r0 + rb))};
}

// As odd as it is: half of 2 (F(b) - F(a)) / (b^2 - a^2), as clipper.h has it.
Pair pair_hard(float a, float b) MIXRIG_REALTIME {
    constexpr double kNear = 1e-3;
    const double size_a = std::fabs(static_cast<double>(a)),
                 size_b = std::fabs(static_cast<double>(b));
    if (std::max(size_a, size_b) <= 1.0 - kKnee) return {0.5f, 0.5f};
    const double distance = size_b * size_b - size_a * size_a;
    const double middle = std::sqrt(0.5 * (size_a * size_a + size_b * size_b));
    const double half = std::fabs(distance) < kNear
                            ? 0.5 * hard(middle) / middle
                            : (hard_integral(size_b) - hard_integral(size_a)) / distance;
    return {static_cast<float>(half), static_cast<float>(half)};
}

constexpr Pair (*kPairs[])(float, float) MIXRIG_REALTIME = {pair_soft, pair_tube, pair_hard};

constexpr void (*kMeans[])(const float*, float*, std::size_t)
    MIXRIG_REALTIME = {means_soft, means_tube, means_hard};

}  // namespace

Saturation::Settings Saturation::settings(const FxSettings& values) MIXRIG_REALTIME {
    const float curve = std::clamp(values[1] + 0.5f, 0.0f, 2.0f);
    return {.drive = {static_cast<double>(values[0])},
            .curve = static_cast<SaturationCurve>(curve),
            .tone = {static_cast<double>(values[2])},
            .output = {static_cast<double>(values[3])},
            .mix = values[4]};
}

Saturation::Saturation(Hertz rate)
    : rate_(rate.value),
      oversampler_(factor_for(rate), 2, kInner),
      glides_(glide_quanta(rate), 0.0f),
      dc_weight_(-std::expm1(-2.0 * std::numbers::pi * kDcCorner.value / rate.value)),
      channels_{Channel{.dry = {latency(), kQuantum},
                        .high = {kBefore, oversampler_.factor() * kQuantum}},
                Channel{.dry = {latency(), kQuantum},
                        .high = {kBefore, oversampler_.factor() * kQuantum}}},
      means_(oversampler_.factor() * kQuantum + 1),
      shaped_(oversampler_.factor() * kQuantum),
      told_{Told(oversampler_.factor() * kQuantum), Told(oversampler_.factor() * kQuantum)},
      silent_(long_silence()) {
    set({0.0f, 0.0f, static_cast<float>(kOpen.value), 0.0f, 1.0f}, Change::jump);
}

void Saturation::set(const FxSettings& goal, Change change) MIXRIG_REALTIME {
    const Settings s = settings(goal);
    const auto curve = static_cast<std::size_t>(s.curve);
    for (std::size_t c = 0; c < kCurves; ++c)
        glides_.set(weights + c, c == curve ? 1.0f : 0.0f, change);
    glides_.set(drive, gain(s.drive), change);
    glides_.set(wet, s.mix * gain(s.output), change);
    glides_.set(dry, 1.0f - s.mix, change);
    glides_.set(open, s.tone.value >= kOpen.value ? 1.0f : 0.0f, change);
    const double corner = std::min(s.tone.value, 0.45 * rate_);
    glides_.set(tone, static_cast<float>(std::log2(corner)), change);
    if (change == Change::jump) tone_goal_ = tone_weight(glides_.value(tone));
}

// The weight of the trapezoidal one-pole filter, after V. Zavalishin, "The art of VA filter
// design".
float Saturation::tone_weight(float octaves) const MIXRIG_REALTIME {
    const double corner = std::clamp(std::exp2(static_cast<double>(octaves)), 100.0, 0.45 * rate_);
    const double g = std::tan(std::numbers::pi * corner / rate_);
    return static_cast<float>(g / (1.0 + g));
}

void Saturation::begin_quantum() MIXRIG_REALTIME {
    tone_at_ = tone_goal_;
    if (!glides_.idle()) {
        glides_.begin_quantum();
        tone_goal_ = tone_weight(glides_.value(tone));
    }
    tone_step_ = (tone_goal_ - tone_at_) / static_cast<float>(kQuantum);
    if (silent_ < long_silence()) return;
    for (Channel& channel : channels_) {
        if (std::fabs(channel.dc) < 1e-11) channel.dc = 0.0;
        if (std::fabs(channel.tone) < 1e-11f) channel.tone = 0.0f;
    }
}

void Saturation::gains(Lane lane, Slice slice, Frames& out) const MIXRIG_REALTIME {
    const GainCurve& curve = glides_.curve();
    const Cubic cubic{curve.c0[lane], curve.c1[lane], curve.c2[lane], curve.c3[lane]};
    for (std::size_t n = 0; n < slice.count; ++n) out[n] = cubic.at(slice.first + n);
}

bool Saturation::in_use(std::size_t curve) const MIXRIG_REALTIME {
    const std::size_t lane = weights + curve;
    return (glides_.moving() & lane_bit(lane)) || glides_.value(lane) != 0.0f;
}

// From the channel's samples of the high rate to shaped_.
void Saturation::shape(Channel& channel, Slice slice) MIXRIG_REALTIME {
    const std::size_t factor = oversampler_.factor(), count = slice.count * factor;
    std::fill_n(shaped_.data(), count, 0.0f);
    for (std::size_t c = 0; c < kCurves; ++c) {
        if (!in_use(c)) continue;
        kMeans[c](channel.high.newest() - kBefore, means_.data(), count + 1);
        Frames weight;
        gains(static_cast<Lane>(weights + c), slice, weight);
        for (std::size_t n = 0; n < slice.count; ++n) {
            const float half = 0.5f * weight[n];
            const float* mean = means_.data() + n * factor;
            float* y = shaped_.data() + n * factor;
            for (std::size_t k = 0; k < factor; ++k) y[k] += half * (mean[k] + mean[k + 1]);
        }
    }
}

// What shape() did, as weights.
void Saturation::keep(const Channel& channel, Told& told, Slice slice) MIXRIG_REALTIME {
    const std::size_t factor = oversampler_.factor(), count = slice.count * factor;
    const float* x = channel.high.newest() - kBefore;
    for (auto* weights_of : {&told.first, &told.middle, &told.last})
        std::fill_n(weights_of->begin(), count, 0.0f);
    for (std::size_t c = 0; c < kCurves; ++c) {
        if (!in_use(c)) continue;
        Frames weight;
        gains(static_cast<Lane>(weights + c), slice, weight);
        Pair pair = kPairs[c](x[0], x[1]);
        for (std::size_t k = 0; k < count; ++k) {
            const Pair next = kPairs[c](x[k + 1], x[k + 2]);
            const float half = 0.5f * weight[k / factor];
            told.first[k] += half * pair.of_a;
            told.middle[k] += half * (pair.of_b + next.of_a);
            told.last[k] += half * next.of_b;
            pair = next;
        }
    }
}

void Saturation::shape_alike(Channel& channel, const Told& told, Slice slice) MIXRIG_REALTIME {
    const float* x = channel.high.newest() - kBefore;
    for (std::size_t k = 0; k < slice.count * oversampler_.factor(); ++k)
        shaped_[k] = told.first[k] * x[k] + told.middle[k] * x[k + 1] + told.last[k] * x[k + 2];
}

// The high-pass of the tube and the tone.
void Saturation::after(Channel& channel, Frames& x, Slice slice) MIXRIG_REALTIME {
    Frames tube, opened;
    gains(static_cast<Lane>(weights + static_cast<std::size_t>(SaturationCurve::tube)), slice,
          tube);
    gains(open, slice, opened);
    double dc = channel.dc;
    float low = channel.tone;
    for (std::size_t n = 0; n < slice.count; ++n) {
        dc += dc_weight_ * (static_cast<double>(x[n]) - dc);
        const float free = x[n] - tube[n] * static_cast<float>(dc);
        const auto frame = static_cast<float>(slice.first + n);
        const float v = (free - low) * (tone_at_ + frame * tone_step_);
        const float passed = low + v;
        low = passed + v;
        x[n] = passed + opened[n] * (free - passed);
    }
    channel.dc = dc;
    channel.tone = low;
}

// As `told`, or as the curves have it.
void Saturation::saturate(std::size_t side, float* x, Slice slice, const Told* told)
    MIXRIG_REALTIME {
    Channel& channel = channels_[side];
    Frames driven, y, wet_gain, dry_gain;
    gains(drive, slice, driven);
    gains(wet, slice, wet_gain);
    gains(dry, slice, dry_gain);
    std::copy_n(x, slice.count, channel.dry.newest());
    for (std::size_t n = 0; n < slice.count; ++n) driven[n] *= x[n];
    oversampler_.up(side, driven.data(), slice.count, channel.high.newest());
    if (told != nullptr)
        shape_alike(channel, *told, slice);
    else
        shape(channel, slice);
    if (tells_) keep(channel, told_[side], slice);
    channel.high.advance(slice.count * oversampler_.factor());
    oversampler_.down(side, shaped_.data(), slice.count, y.data());
    after(channel, y, slice);
    const float* delayed = channel.dry.newest() - latency();
    for (std::size_t n = 0; n < slice.count; ++n)
        x[n] = dry_gain[n] * delayed[n] + wet_gain[n] * y[n];
    channel.dry.advance(slice.count);
}

void Saturation::process(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const float loudest = std::max(std::fabs(left[n]), std::fabs(right[n]));
        silent_ = loudest < kSilence ? silent_ + 1 : 0;
    }
    saturate(0, left + slice.first, slice, leader_ != nullptr ? &leader_->told_[0] : nullptr);
    saturate(1, right + slice.first, slice, leader_ != nullptr ? &leader_->told_[1] : nullptr);
}

void Saturation::reset() MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < lanes; ++lane)
        glides_.set(lane, glides_.goal(lane), Change::jump);
    tone_goal_ = tone_weight(glides_.value(tone));
    oversampler_.reset();
    for (Channel& channel : channels_) {
        channel.dry.clear();
        channel.high.clear();
        channel.dc = 0.0;
        channel.tone = 0.0f;
    }
    silent_ = long_silence();
}

bool Saturation::is_at_rest() const MIXRIG_REALTIME {
    const auto still = [](const Channel& channel) {
        return channel.dc == 0.0 && channel.tone == 0.0f;
    };
    return glides_.idle() && silent_ >= long_silence() && still(channels_[0]) &&
           still(channels_[1]);
}

}  // namespace mixrig::dsp
