// Flanger: the sound and its swept, fed back delay, which together are a comb.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/delay_line.h"
#include "dsp/fx/lfo.h"
#include "dsp/fx/unit.h"
#include "dsp/glide.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

// After J. Dattorro, "Effect Design, Part 2" (JAES 1997), with the cubic of DelayLine:
//     d(t) = delay + depth * (1 - cos(2*pi*p)) / 2        from delay to delay + depth and back
//     v = x + feedback * v(t - d),  out = (1 - mix) * x + mix * v(t - d)
// The right side's p runs spread/2 of a cycle later. At depth 0, feedback 0 and mix 1/2 notches
// stand at (2k + 1) / (2 * delay). The loop's gain is |feedback| at most, hence that of a standing
// comb from input to v at most 1 / (1 - |feedback|): 26 dB at 0.95.
// Delay and depth reach a new value by moving, over kSweepGlide: the ear is used to that here, and
// a crossing of two taps would be a second comb. All else glides over kGlideTime.
class Flanger : public FxUnit {
public:
    struct Settings {
        Hertz rate{0.3};        // 0: 0.02..10 Hz
        Seconds depth{0.003};   // 1: 0..8 ms
        Seconds delay{0.001};   // 2: 0.1..10 ms, the shortest
        float feedback = 0.5f;  // 3: -0.95..0.95
        float spread = 0.5f;    // 4: 0..1 = 0..180 degrees between the sides
        float mix = 0.5f;       // 5: 0..1
    };
    static Settings settings(const FxSettings& values) MIXRIG_REALTIME;

    explicit Flanger(Hertz rate);  // [control] allocates the lines

    void set(const FxSettings& goal, Change change) MIXRIG_REALTIME override;
    void begin_quantum() MIXRIG_REALTIME override;
    void process(float* left, float* right, Slice slice) MIXRIG_REALTIME override;
    void reset() MIXRIG_REALTIME override;
    bool is_at_rest() const MIXRIG_REALTIME override;

private:
    void apply(const Settings& goal, Change change) MIXRIG_REALTIME;
    struct Side {
        DelayLine line;
        QuantumCosine sweep{};
    };
    void run(Side& side, float* x, Slice slice) const MIXRIG_REALTIME;

    double rate_;
    GainGlides quick_, slow_;
    Lfo lfo_;
    std::array<Side, 2> sides_;
};

}  // namespace mixrig::dsp
