// The feedback matrix of a delay network of 16 lines: orthogonal, and slowly turning.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

// y = S T H R(t) x + what enters
//     R: lanes k and k + 8 turn by 2 atan(d/2 sin(phase_k)), eight oscillators of nearby rates
//     H: Hadamard's matrix of order 16 over 4; T: the lanes read as a 4x4 matrix, transposed
//     S: signs, without which the square of the rest would be the identity
// The modes move as they do when the lengths of lines are modulated, but by the same amount at all
// frequencies; delays stay whole, nothing is interpolated, and the matrix is orthogonal at every
// moment, so the decay is exact however deep the modulation is. After S. Schlecht and E. Habets,
// "Time-varying feedback matrices in feedback delay networks and their application in artificial
// reverberation" (JASA 138, 2015).
class RotatingMix {
public:
    RotatingMix(Hertz slowest, Hertz rate);  // [control]

    // [audio] At a quantum boundary. The depth d is reached at the end of the quantum.
    void begin_quantum(float depth) MIXRIG_REALTIME;
    void restart(float depth) MIXRIG_REALTIME;  // as new, at once at this depth

    // [audio] In place on [frame][lane]; the lanes of a side get its input. Index 0 is the first
    // frame of the quantum everywhere. Returns the largest magnitude of what it wrote.
    float process(float* x, const float* left, const float* right, Slice slice) const
        MIXRIG_REALTIME;

private:
    static constexpr std::size_t kPairs = kLanes / 2;
    struct Angles {
        std::array<float, kPairs> cosine{}, sine{};
    };
    Angles angles(float depth) const MIXRIG_REALTIME;

    struct Oscillator {
        double re = 1.0, im = 0.0, step_re = 1.0, step_im = 0.0;
    };
    std::array<Oscillator, kPairs> oscillators_;
    std::array<std::array<double, 2>, kPairs> start_{};
    Angles from_, to_, step_;  // at the ends of the quantum; a frame's part of their difference
};

// The sign with which the left (0) or right (1) output hears a line. Those of the two are
// orthogonal.
float output_sign(std::size_t lane, std::size_t side) MIXRIG_REALTIME;

}  // namespace mixrig::dsp
