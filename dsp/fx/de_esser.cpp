// De-esser: takes the band of the sibilants down while it is loud.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/de_esser.h"

#include "dsp/fx/lfo.h"
#include "dsp/math.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

namespace mixrig::dsp {
namespace {

// Lanes of the glides.
enum : std::size_t { kThreshold, kRange, kWide, kQuick };
enum : std::size_t { kFrequency, kSlow };

constexpr Seconds kAttack{0.001};
constexpr float kKnee = 6.0f, kSlope = 0.75f;  // of 4:1
constexpr float kDamping = std::numbers::sqrt2_v<float>;
constexpr double kSmallestReduction = 1e-6;  // dB
constexpr float kRest = 1e-11f;              // states: with room for what they add up to

// Where the quadrature begins to be exact.
constexpr Hertz kLowestLevel{1500.0};

// Weights of a half-band of 2 * count + 1 poles, from the nome of its elliptic functions: the
// series of Valenzuela and Constantinides. `transition` is from 0 to 1/2.
std::vector<double> half_band_poles(std::size_t count, double transition) {
    const double t = std::tan((1.0 - 2.0 * transition) * std::numbers::pi / 4.0);
    const double k = t * t, root = std::pow(1.0 - k * k, 0.25);
    const double e = 0.5 * (1.0 - root) / (1.0 + root), e4 = e * e * e * e;
    const double nome = e * (1.0 + e4 * (2.0 + e4 * (15.0 + 150.0 * e4)));
    const auto order = static_cast<double>(2 * count + 1);
    std::vector<double> poles;
    for (std::size_t c = 1; c <= count; ++c) {
        const double angle = static_cast<double>(c) * std::numbers::pi / order;
        double above = 0.0, below = 0.5;
        for (int i = 0; i < 8; ++i) {
            const double sign = i % 2 == 0 ? 1.0 : -1.0;
            above += sign * std::pow(nome, i * (i + 1)) * std::sin((2 * i + 1) * angle);
            below -= sign * std::pow(nome, (i + 1) * (i + 1)) * std::cos(2 * (i + 1) * angle);
        }
        const double ww = std::pow(std::pow(nome, 0.25) * above / below, 2.0);
        const double x = std::sqrt((1.0 - ww * k) * (1.0 - ww / k)) / (1.0 + ww);
        poles.push_back((1.0 - x) / (1.0 + x));
    }
    return poles;
}

double weight_of(Seconds time, double rate) MIXRIG_REALTIME {
    return -std::expm1(-1.0 / (time.value * rate));
}

// The polynomials of dsp/math.h without its fused multiply-add, which is a call where the processor
// is not known to have one; 1e-4 dB.
float quick_log2(float x) MIXRIG_REALTIME {
    const auto bits = std::bit_cast<std::int32_t>(std::max(x, kSmallestNormal));
    const std::int32_t exponent = (bits - kSqrtHalfBits) >> 23;
    const float t = std::bit_cast<float>(bits - exponent * (1 << 23)) - 1.0f;
    float p = kLog2Polynomial[5];
    for (std::size_t k = 5; k-- > 0;) p = p * t + kLog2Polynomial[k];
    return p * t + static_cast<float>(exponent);
}

// For x from -126 to 0.
float quick_exp2(float x) MIXRIG_REALTIME {
    const auto whole = static_cast<std::int32_t>(x - 0.5f);
    const float f = x - static_cast<float>(whole);
    float p = kExp2Polynomial[4];
    for (std::size_t k = 4; k-- > 0;) p = p * f + kExp2Polynomial[k];
    return (p * f + 1.0f) * std::bit_cast<float>((whole + 127) * (1 << 23));
}

bool is_small(float x) MIXRIG_REALTIME {
    return std::fabs(x) < kRest;
}

}  // namespace

DeEsser::Settings DeEsser::settings(const FxSettings& values) MIXRIG_REALTIME {
    return {.frequency = {static_cast<double>(values[0])},
            .threshold = {static_cast<double>(values[1])},
            .range = {static_cast<double>(values[2])},
            .wide = values[3] >= 0.5f,
            .release = {1e-3 * static_cast<double>(values[4])}};
}

DeEsser::DeEsser(Hertz rate)
    : rate_(rate.value),
      quick_(glide_quanta(rate), 0.0f),
      slow_(sweep_quanta(rate), 0.0f),
      attack_(weight_of(kAttack, rate.value)) {
    const std::vector<double> poles =
        half_band_poles(2 * kSections, 2.0 * kLowestLevel.value / rate.value);
    for (std::size_t k = 0; k < kSections; ++k) {
        straight_[k] = static_cast<float>(poles[2 * k]);
        turned_[k] = static_cast<float>(poles[2 * k + 1]);
    }
    set({6000.0f, -30.0f, 12.0f, 0.0f, 60.0f}, Change::jump);
}

void DeEsser::set(const FxSettings& goal, Change change) MIXRIG_REALTIME {
    const Settings s = settings(goal);
    quick_.set(kThreshold, static_cast<float>(s.threshold.value), change);
    quick_.set(kRange, static_cast<float>(s.range.value), change);
    quick_.set(kWide, s.wide ? 1.0f : 0.0f, change);
    slow_.set(kFrequency, static_cast<float>(std::log2(s.frequency.value)), change);
    release_ = weight_of(s.release, rate_);
}

DeEsser::Weights DeEsser::weights(std::size_t frame) const MIXRIG_REALTIME {
    const auto octaves = static_cast<double>(lane_curve(slow_, kFrequency).at(frame));
    const double g = std::tan(std::numbers::pi * std::min(std::exp2(octaves) / rate_, 0.45));
    const double a1 = 1.0 / (1.0 + g * (g + std::numbers::sqrt2));
    return {static_cast<float>(a1), static_cast<float>(g * a1), static_cast<float>(g * g * a1)};
}

void DeEsser::begin_quantum() MIXRIG_REALTIME {
    quick_.begin_quantum();
    slow_.begin_quantum();
    from_ = weights(0);
    to_ = weights(kQuantum);
    if (reduction_ < kSmallestReduction) reduction_ = 0.0;
    if (is_at_rest()) sides_ = {};
}

// Trapezoidal, after A. Simper; a straight line between two settings is stable (svf.h).
DeEsser::Bands DeEsser::Section::split(float x, const Weights& at) MIXRIG_REALTIME {
    const float v3 = x - s2;
    const float v1 = at.a1 * s1 + at.a2 * v3;
    const float v2 = s2 + at.a2 * s1 + at.a3 * v3;
    s1 = 2.0f * v1 - s1;
    s2 = 2.0f * v2 - s2;
    return {.low = v2, .high = x - kDamping * v1 - v2};
}

DeEsser::Bands DeEsser::split(Side& side, float x, const Weights& at) const MIXRIG_REALTIME {
    const Bands bands = side.first.split(x, at);
    return {.low = side.low.split(bands.low, at).low, .high = side.high.split(bands.high, at).high};
}

// (a - z^-2) / (1 - a z^-2), one after the other.
float DeEsser::Chain::process(float x, const std::array<float, kSections>& a) MIXRIG_REALTIME {
    for (std::size_t k = 0; k < kSections; ++k) {
        const float y = a[k] * (x + past[k + 1][1]) - past[k][1];
        past[k] = {x, past[k][0]};
        x = y;
    }
    past[kSections] = {x, past[kSections][0]};
    return x;
}

// The square of the band's magnitude.
float DeEsser::square(Side& side, float high) const MIXRIG_REALTIME {
    const float a = side.straight.process(high, straight_);
    const float b = side.turned.process(side.before, turned_);
    side.before = high;
    return a * a + b * b;
}

// The reduction that this level asks for.
float DeEsser::target(float square, std::size_t frame) const MIXRIG_REALTIME {
    constexpr float kPerOctave = 3.01029996f;  // dB, of a square
    const float over = kPerOctave * quick_log2(square) - lane_curve(quick_, kThreshold).at(frame);
    const float bent = std::clamp(over + 0.5f * kKnee, 0.0f, kKnee);
    const float wanted =
        kSlope * (bent * bent / (2.0f * kKnee) + std::max(over - 0.5f * kKnee, 0.0f));
    return std::min(wanted, std::max(lane_curve(quick_, kRange).at(frame), 0.0f));
}

DeEsser::Weights DeEsser::weights_at(std::size_t frame) const MIXRIG_REALTIME {
    const float place = static_cast<float>(frame) / static_cast<float>(kQuantum);
    return {.a1 = from_.a1 + place * (to_.a1 - from_.a1),
            .a2 = from_.a2 + place * (to_.a2 - from_.a2),
            .a3 = from_.a3 + place * (to_.a3 - from_.a3)};
}

DeEsser::Bands DeEsser::gains_for(const Bands& left, const Bands& right, std::size_t frame)
    MIXRIG_REALTIME {
    constexpr double kOctavesPerDecibel = 0.16609640474436813;
    const float loudest = std::max(square(sides_[0], left.high), square(sides_[1], right.high));
    const auto wanted = static_cast<double>(target(loudest, frame));
    reduction_ += (wanted > reduction_ ? attack_ : release_) * (wanted - reduction_);
    const float high = quick_exp2(static_cast<float>(-kOctavesPerDecibel * reduction_));
    return {.low = 1.0f - lane_curve(quick_, kWide).at(frame) * (1.0f - high), .high = high};
}

void DeEsser::process(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const Weights at = weights_at(n);
        const Bands l = split(sides_[0], left[n], at), r = split(sides_[1], right[n], at);
        const Bands gain = gains_[n] = leader_ != nullptr ? leader_->gains_[n] : gains_for(l, r, n);
        left[n] = gain.low * l.low + gain.high * l.high;
        right[n] = gain.low * r.low + gain.high * r.high;
    }
}

void DeEsser::reset() MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kQuick; ++lane)
        quick_.set(lane, quick_.goal(lane), Change::jump);
    slow_.set(kFrequency, slow_.goal(kFrequency), Change::jump);
    sides_ = {};
    reduction_ = 0.0;
}

bool DeEsser::is_at_rest() const MIXRIG_REALTIME {
    if (!quick_.idle() || !slow_.idle() || reduction_ != 0.0) return false;
    for (const Side& side : sides_) {
        for (const Section& section : {side.first, side.low, side.high})
            if (!is_small(section.s1) || !is_small(section.s2)) return false;
        if (!is_small(side.before)) return false;
        for (const Chain& chain : {side.straight, side.turned})
            for (const auto& past : chain.past)
                if (!is_small(past[0]) || !is_small(past[1])) return false;
    }
    return true;
}

}  // namespace mixrig::dsp
