// What the instruments of the demo are made of: noise, saws, resonators, envelopes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/demo/demo_tape.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

namespace mixrig::app::demo {

inline constexpr double kTwoPi = 2.0 * std::numbers::pi;

inline double hertz(double key) {
    return 440.0 * std::exp2((key - 69.0) / 12.0);
}

// White, -1..1; Marsaglia's xorshift, so that every machine hears the same noise.
class Noise {
public:
    explicit Noise(std::uint32_t seed) : state_(seed * 2654435761u | 1u) {}
    double next() {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 17;
        state_ ^= state_ << 5;
        return static_cast<double>(state_) / 2147483648.0 - 1.0;
    }

private:
    std::uint32_t state_;
};

// Two poles with unity gain at 0 Hz: a low-pass when damped, a formant when not (D. Klatt,
// "Software for a cascade/parallel formant synthesizer", 1980).
class Resonator {
public:
    void tune(double frequency, double bandwidth, double rate) {
        c_ = -std::exp(-kTwoPi * bandwidth / rate);
        b_ = 2.0 * std::exp(-std::numbers::pi * bandwidth / rate) *
             std::cos(kTwoPi * frequency / rate);
        a_ = 1.0 - b_ - c_;
    }
    double next(double x) {
        const double y = a_ * x + b_ * y1_ + c_ * y2_;
        y2_ = y1_;
        return y1_ = y;
    }

private:
    double a_ = 1.0, b_ = 0.0, c_ = 0.0, y1_ = 0.0, y2_ = 0.0;
};

// What is left above a corner of 6 dB an octave.
class HighPass {
public:
    HighPass(double frequency, double rate) : k_(1.0 - std::exp(-kTwoPi * frequency / rate)) {}
    double next(double x) {
        low_ += k_ * (x - low_);
        return x - low_;
    }

private:
    double k_, low_ = 0.0;
};

// A sawtooth whose corner is rounded over one sample each side (polyBLEP), which keeps aliases low.
class Saw {
public:
    explicit Saw(double phase) : phase_(phase) {}
    double next(double frequency, double rate) {
        const double step = frequency / rate;
        phase_ += step;
        phase_ -= std::floor(phase_);
        return 2.0 * phase_ - 1.0 - corner(step);
    }

private:
    double corner(double step) const {
        if (phase_ < step) {
            const double t = phase_ / step;
            return t + t - t * t - 1.0;
        }
        if (phase_ > 1.0 - step) {
            const double t = (phase_ - 1.0) / step;
            return t * t + t + t + 1.0;
        }
        return 0.0;
    }

    double phase_;
};

// Up within `attack`, down within `release` behind the note's end; both soft.
inline double swell(double t, double length, double attack, double release) {
    const double up = std::clamp(t / attack, 0.0, 1.0);
    const double down = std::clamp((length + release - t) / release, 0.0, 1.0);
    const double x = std::min(up, down);
    return x * x * (3.0 - 2.0 * x);
}

// Calls sample(t) for every frame of the note and lays what it returns onto the tape.
template <typename Sample>
void record(Tape& tape, const Note& note, double seconds, Sample sample) {
    const auto first = static_cast<std::size_t>(note.at * tape.rate + 0.5);
    const auto frames = static_cast<std::size_t>(seconds * tape.rate);
    for (std::size_t i = 0; i < frames; ++i) {
        const double t = static_cast<double>(i) / tape.rate;
        tape.add(first + i, note.velocity * sample(t), note.place);
    }
}

}  // namespace mixrig::app::demo
