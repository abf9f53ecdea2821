// Phaser: a swept chain of all-passes beside the sound, notches where it turns the phase around.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/lfo.h"
#include "dsp/fx/unit.h"
#include "dsp/glide.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

// A chain A of N equal first-order all-passes that turn the phase by 90 degrees at f, and around it
// the all-pass of M. R. Schroeder ("Natural sounding artificial reverberation", JAES 1962):
//     W = (A - feedback) / (1 - feedback * A),  out = (1 - mix) * x + mix * W
//     f(t) = centre * 2^(depth / 2 * cos(2*pi*p)); the right side's p is spread/2 of a cycle ahead
// At mix 1/2 this is the phaser whose feedback goes around the chain, scaled to 0 dB at its peaks:
// 1 + W = (1 - feedback) * (1 + A) / (1 - feedback * A). So whatever the feedback, peaks have gain
// 1 and the N/2 notches stand where A = -1:
//     tan(pi * f_k / rate) = tan(pi * f / rate) * tan((2k - 1) * pi / (2N)),  k = 1..N/2
// Positive feedback makes the peaks narrow, negative the notches.
//
// Each all-pass, and the one around them, is a rotation of input and state (the normalised ladder
// of A. H. Gray and J. D. Markel, 1975): [y, s'] = [c q; q -c] [x, s], c = (g - 1) / (g + 1),
// q^2 = 1 - c^2, g = tan(pi * f / rate). It keeps energy however fast c moves, and a straight line
// between two rotations loses some: the wet sound has never more energy than the input had, and
// no sample of it passes the norm of input and state.
//
// Another number of stages is a second net that fades in over 20 ms. Centre, depth and spread move
// over kSweepGlide like the sweep itself; the others glide over kGlideTime.
class Phaser final : public FxUnit {
public:
    static constexpr std::size_t kMostStages = 12;

    struct Settings {
        Hertz rate{0.4};         // 0: 0.02..10 Hz
        float depth = 2.0f;      // 1: 0..4 octaves from lowest to highest
        Hertz centre{800.0};     // 2: 100..4000 Hz
        std::size_t stages = 6;  // 3: 4, 6, 8, 10, 12
        float feedback = 0.3f;   // 4: -0.9..0.9
        float spread = 0.0f;     // 5: 0..1 = 0..180 degrees between the sides
        float mix = 0.5f;        // 6: 0..1
    };
    static Settings settings(const FxSettings& values) MIXRIG_REALTIME;

    explicit Phaser(Hertz rate);  // [control]

    void set(const FxSettings& goal, Change change) MIXRIG_REALTIME override;
    void begin_quantum() MIXRIG_REALTIME override;
    void process(float* left, float* right, Slice slice) MIXRIG_REALTIME override;
    void reset() MIXRIG_REALTIME override;
    bool is_at_rest() const MIXRIG_REALTIME override;

private:
    static constexpr std::size_t kSides = 2;
    using Pair = std::array<float, kSides>;

    // The rotations, of each side and of the loop, which both share.
    struct Rotations {
        Pair c{}, q{};
        float feedback = 0.0f, rest = 1.0f;
    };
    struct Net {
        std::size_t stages = 0;
        std::array<Pair, kMostStages> s{};
        Pair frame(const Pair& x, const Rotations& at) MIXRIG_REALTIME;
        float energy() const MIXRIG_REALTIME;
    };

    Rotations rotations(std::size_t frame) const MIXRIG_REALTIME;
    Rotations between(std::size_t frame) const MIXRIG_REALTIME;
    void change_stages() MIXRIG_REALTIME;
    void take_stages(std::size_t stages) MIXRIG_REALTIME;

    double rate_;
    GainGlides quick_, slow_, fade_;
    Lfo lfo_;
    Rotations from_, to_;  // at the quantum's ends
    std::array<Net, 2> nets_;
    std::size_t now_ = 0;  // the net that is heard; the other one fades in, if fading_
    bool fading_ = false;
    std::size_t stages_ = 0;  // asked for
};

}  // namespace mixrig::dsp
