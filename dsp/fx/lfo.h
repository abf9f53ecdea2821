// What sweeps an effect: a slow oscillator whose phase is exact over hours, and its wave forms.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numbers>

namespace mixrig::dsp {

// Delays that are swept anyway reach a new value in this time, by moving: slow enough that what is
// heard is a bend of pitch (at most a quarter up or down from 1 to 30 ms), not a chirp.
inline constexpr Seconds kSweepGlide{0.2};

inline std::size_t sweep_quanta(Hertz rate) {
    return static_cast<std::size_t>(
        std::ceil(kSweepGlide.value * rate.value / static_cast<double>(kQuantum)));
}

// The curve of one lane in this quantum.
inline Cubic lane_curve(const GainGlides& glides, std::size_t lane) MIXRIG_REALTIME {
    const GainCurve& curve = glides.curve();
    return {curve.c0[lane], curve.c1[lane], curve.c2[lane], curve.c3[lane]};
}

// Its value at frame n; and how fast it moves there, a frame.
inline float value_at(const Cubic& curve, float n) MIXRIG_REALTIME {
    return curve.c0 + n * (curve.c1 + n * (curve.c2 + n * curve.c3));
}
inline float slope_at(const Cubic& curve, float n) MIXRIG_REALTIME {
    return curve.c1 + n * (2.0f * curve.c2 + n * 3.0f * curve.c3);
}

// The phase is counted in 2^-64 of a cycle, once a quantum: a quantum's step is rounded to 2^-52 of
// itself, always the same way, so the phase is out by 1e-12 cycles after hours. Within a quantum it
// is a parabola of the frame: the rate moves linearly. Nothing changes but at boundaries, so slices
// do not matter.
class Lfo {
public:
    explicit Lfo(Hertz rate) : frame_(1.0 / rate.value) {}  // of the audio

    // [audio] Begins a quantum over which the rate moves between these, in Hz.
    void begin_quantum(double from, double to) MIXRIG_REALTIME {
        start_ = static_cast<double>(phase_ >> 11) * 0x1p-53;
        slope_ = from * frame_;
        bend_ = (to - from) * frame_ / static_cast<double>(2 * kQuantum);
        const double cycles = 0.5 * (from + to) * frame_ * static_cast<double>(kQuantum);
        phase_ += static_cast<std::uint64_t>(cycles * 0x1p64);
    }

    // Cycles at this frame of the quantum; from 0 to below 1 at its start, and on from there.
    double at(std::size_t frame) const MIXRIG_REALTIME {
        const auto n = static_cast<double>(static_cast<std::int32_t>(frame));
        return start_ + n * (slope_ + n * bend_);
    }

    // Cycles a frame.
    double slope_at(std::size_t frame) const MIXRIG_REALTIME {
        return slope_ + 2.0 * bend_ * static_cast<double>(frame);
    }

    // The next quantum begins a cycle.
    void reset() MIXRIG_REALTIME { phase_ = 0; }

private:
    double frame_;             // seconds
    std::uint64_t phase_ = 0;  // at the next boundary
    double start_ = 0.0, slope_ = 0.0, bend_ = 0.0;
};

// The part of a phase of -1 cycle or later that lies behind the last whole cycle.
template <typename Real>
Real wrapped(Real cycles) MIXRIG_REALTIME {
    const Real positive = cycles + Real(1);
    return positive - static_cast<Real>(static_cast<std::int32_t>(positive));
}

// The triangle with value 1 at phase 0 and -1 at 1/2; phase from 0 to 1.
template <typename Real>
Real triangle(Real phase) MIXRIG_REALTIME {
    return Real(4) * std::abs(phase - Real(0.5)) - Real(1);
}

// sin(pi/2 * x) for x in [-1, 1]: Taylor's series to x^11, 6e-8. Of a triangle it makes a cosine.
template <typename Real>
Real rounded(Real x) MIXRIG_REALTIME {
    const Real s = x * x;
    Real p = Real(-3.5988432352120853e-6);
    p = p * s + Real(1.6044118478735982e-4);
    p = p * s + Real(-4.6817541353186881e-3);
    p = p * s + Real(7.9692626246167046e-2);
    p = p * s + Real(-6.4596409750624625e-1);
    p = p * s + Real(1.5707963267948966);
    return p * x;
}

// cos(2*pi*cycles) from -1 cycle on.
inline double cosine(double cycles) MIXRIG_REALTIME {
    return rounded(triangle(wrapped(cycles)));
}

// cos(2*pi*p) over a quantum as Hermite's cubic: values and slopes at both ends are exact. Off by
// at most h^4/384 for an h of 2*pi*(cycles a quantum): 1e-8 at 10 Hz and 44.1 kHz.
class QuantumCosine {
public:
    struct Phase {
        double cycles = 0.0, slope = 0.0;  // a frame
    };
    QuantumCosine() = default;
    QuantumCosine(Phase start, Phase end) MIXRIG_REALTIME {
        constexpr auto kFrames = static_cast<double>(kQuantum);
        const double from = cosine(start.cycles), to = cosine(end.cycles);
        const double rise = kFrames * slope(start), fall = kFrames * slope(end);
        c0_ = from;
        c1_ = rise / kFrames;
        c2_ = (3.0 * (to - from) - 2.0 * rise - fall) / (kFrames * kFrames);
        c3_ = (2.0 * (from - to) + rise + fall) / (kFrames * kFrames * kFrames);
    }

    double at(double n) const MIXRIG_REALTIME { return c0_ + n * (c1_ + n * (c2_ + n * c3_)); }

private:
    // The derivative of cos(2*pi*p) is 2*pi*p' * cos(2*pi*(p + 1/4)).
    static double slope(Phase phase) MIXRIG_REALTIME {
        return 2.0 * std::numbers::pi * phase.slope * cosine(phase.cycles + 0.25);
    }

    double c0_ = 0.0, c1_ = 0.0, c2_ = 0.0, c3_ = 0.0;
};

// The same for an oscillator whose phase is moved on by `turn`, in cycles, `times` times.
inline QuantumCosine quantum_cosine(const Lfo& lfo, const Cubic& turn, double times)
    MIXRIG_REALTIME {
    const auto phase = [&](std::size_t frame) {
        const auto n = static_cast<float>(frame);
        return QuantumCosine::Phase{
            .cycles = lfo.at(frame) + times * static_cast<double>(value_at(turn, n)),
            .slope = lfo.slope_at(frame) + times * static_cast<double>(slope_at(turn, n))};
    };
    return {phase(0), phase(kQuantum)};
}

}  // namespace mixrig::dsp
