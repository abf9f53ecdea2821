// The feedback matrix of a delay network of 16 lines: orthogonal, and slowly turning.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/rotating_mix.h"

#include <cmath>
#include <numbers>

namespace mixrig::dsp {
namespace {

// Rates over the slowest: an octave and a bit, no two in a simple ratio.
constexpr double kRates[] = {1.0, 1.137, 1.289, 1.453, 1.621, 1.787, 1.973, 2.161};
constexpr double kGoldenAngle = 2.399963229728653;  // phases that start far from each other

constexpr double kFrameShare = 1.0 / static_cast<double>(kQuantum);

// Signs, and the side from which a lane is entered, come from a search among 9000 random ones
// together with the order of the lengths (reverb_design.cpp): they leave the smallest
// autocorrelation in the tails of all three spaces, whichever input sounds and whichever output
// hears it. Plain patterns leave up to three times as much at the length of one line.
constexpr float kSigns[kLanes] = {-1, -1, 1, -1, 1, -1, 1, -1, -1, -1, -1, -1, -1, 1, 1, 1};
constexpr float kEntries[2][kLanes] = {{0, 1, 0, 0, 1, 0, 0, -1, 0, 0, 1, -1, 1, 1, -1, 0},
                                       {1, 0, 1, 1, 0, 1, 1, 0, 1, -1, 0, 0, 0, 0, 0, -1}};
constexpr float kOutputs[2][kLanes] = {{1, 1, -1, 1, -1, -1, 1, 1, 1, 1, 1, -1, -1, 1, 1, -1},
                                       {-1, 1, -1, 1, 1, 1, 1, -1, 1, 1, -1, -1, 1, -1, -1, -1}};
constexpr float kEntryGain = 0.35355339059f;  // an input's energy 1 over eight lines
constexpr float kHadamardGain = 0.25f;

struct Constants {
    LaneFloats left, right, sign;
};
constexpr Constants make_constants() {
    Constants c;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        c.left.v[lane] = kEntryGain * kEntries[0][lane];
        c.right.v[lane] = kEntryGain * kEntries[1][lane];
        c.sign.v[lane] = kHadamardGain * kSigns[lane];
    }
    return c;
}
constexpr Constants kConstants = make_constants();

// Hadamard's matrix of order 4 across the four quarters of the lanes.
inline void mix_quarters(const float* x, float* y) {
    for (std::size_t k = 0; k < 4; ++k) {
        const float a = x[k] + x[k + 8], b = x[k] - x[k + 8];
        const float c = x[k + 4] + x[k + 12], d = x[k + 4] - x[k + 12];
        y[k] = a + c;
        y[k + 4] = a - c;
        y[k + 8] = b + d;
        y[k + 12] = b - d;
    }
}

}  // namespace

float output_sign(std::size_t lane, std::size_t side) MIXRIG_REALTIME {
    return kOutputs[side][lane];
}

RotatingMix::RotatingMix(Hertz slowest, Hertz rate) {
    for (std::size_t k = 0; k < kPairs; ++k) {
        const double step = 2.0 * std::numbers::pi * slowest.value * kRates[k] *
                            static_cast<double>(kQuantum) / rate.value;
        const double phase = kGoldenAngle * static_cast<double>(k);
        start_[k] = {std::cos(phase), std::sin(phase)};
        oscillators_[k] = {.step_re = std::cos(step), .step_im = std::sin(step)};
    }
    restart(0.0f);
}

void RotatingMix::restart(float depth) MIXRIG_REALTIME {
    for (std::size_t k = 0; k < kPairs; ++k) {
        oscillators_[k].re = start_[k][0];
        oscillators_[k].im = start_[k][1];
    }
    from_ = to_ = angles(depth);
    step_ = {};
}

// Cosine and sine of twice the angle whose tangent is d/2 sin(phase): no call of either.
RotatingMix::Angles RotatingMix::angles(float depth) const MIXRIG_REALTIME {
    Angles now;
    for (std::size_t k = 0; k < kPairs; ++k) {
        const double t = 0.5 * static_cast<double>(depth) * oscillators_[k].im;
        now.cosine[k] = static_cast<float>((1.0 - t * t) / (1.0 + t * t));
        now.sine[k] = static_cast<float>(2.0 * t / (1.0 + t * t));
    }
    return now;
}

void RotatingMix::begin_quantum(float depth) MIXRIG_REALTIME {
    for (Oscillator& o : oscillators_) {
        const double re = o.re * o.step_re - o.im * o.step_im;
        const double im = o.re * o.step_im + o.im * o.step_re;
        const double onto_circle =
            1.5 - 0.5 * (re * re + im * im);  // Newton's step, so it stays there
        o.re = re * onto_circle;
        o.im = im * onto_circle;
    }
    from_ = to_;
    to_ = angles(depth);
    for (std::size_t k = 0; k < kPairs; ++k) {
        step_.cosine[k] = (to_.cosine[k] - from_.cosine[k]) * static_cast<float>(kFrameShare);
        step_.sine[k] = (to_.sine[k] - from_.sine[k]) * static_cast<float>(kFrameShare);
    }
}

// Between its ends a chord is shorter than the circle's arc, so angles that move can only lose.
float RotatingMix::process(float* x, const float* left, const float* right, Slice slice) const
    MIXRIG_REALTIME {
    const Angles from = from_, step = step_;
    LaneFloats largest;
    for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame) {
        const auto n = static_cast<float>(frame);
        float* v = x + frame * kLanes;
        alignas(64) float turned[kLanes], mixed[kLanes], across[kLanes];
        for (std::size_t k = 0; k < kPairs; ++k) {
            const float c = from.cosine[k] + n * step.cosine[k];
            const float s = from.sine[k] + n * step.sine[k];
            turned[k] = c * v[k] + s * v[k + kPairs];
            turned[k + kPairs] = c * v[k + kPairs] - s * v[k];
        }
        mix_quarters(turned, mixed);
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t k = 0; k < 4; ++k) across[4 * i + k] = mixed[4 * k + i];
        mix_quarters(across, mixed);
        const float l = left[frame], r = right[frame];
        for (std::size_t k = 0; k < kLanes; ++k) {
            const float y = kConstants.sign.v[k] * mixed[k] + kConstants.left.v[k] * l +
                            kConstants.right.v[k] * r;
            v[k] = y;
            const float magnitude = std::fabs(y);
            largest.v[k] = largest.v[k] > magnitude ? largest.v[k] : magnitude;
        }
    }
    float all = 0.0f;
    for (const float lane : largest.v) all = all > lane ? all : lane;
    return all;
}

}  // namespace mixrig::dsp
