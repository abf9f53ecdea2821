// Chorus: one to four voices that are swept late, beside the sound itself.
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

// After J. Dattorro, "Effect Design, Part 2" (JAES 1997), with the cubic of DelayLine. Voice v of
// N:
//     d_v(t) = max(delay, depth + 2 frames) + depth * cos(2*pi*(p + v/N))
//     out = (1 - mix) * x + mix / sqrt(N) * sum of x(t - d_v)
// so a voice's pitch deviates by up to 2*pi*rate*depth, as a ratio, and N voices of unlike phase
// are as loud as one. The right side's p runs spread/(2N) of a cycle later, which keeps all 2N
// sweeps as far from each other as can be. A standing chorus amplifies by sqrt(N) at most. Delay,
// depth, and the phases of the voices reach a new value by moving, over kSweepGlide: the ear is
// used to that here, and a crossing of two taps would be a second voice. All else glides over
// kGlideTime.
class Chorus : public FxUnit {
public:
    static constexpr std::size_t kVoices = 4;

    struct Settings {
        Hertz rate{0.8};         // 0: 0.05..10 Hz
        Seconds depth{0.002};    // 1: 0..10 ms
        Seconds delay{0.012};    // 2: 1..30 ms, the middle of the sweep
        std::size_t voices = 2;  // 3: 1..4
        float spread = 1.0f;     // 4: 0..1
        float mix = 0.5f;        // 5: 0..1
    };
    static Settings settings(const FxSettings& values) MIXRIG_REALTIME;

    explicit Chorus(Hertz rate);  // [control] allocates the lines

    void set(const FxSettings& goal, Change change) MIXRIG_REALTIME override;
    void begin_quantum() MIXRIG_REALTIME override;
    void process(float* left, float* right, Slice slice) MIXRIG_REALTIME override;
    void reset() MIXRIG_REALTIME override;
    bool is_at_rest() const MIXRIG_REALTIME override;

private:
    void apply(const Settings& goal, Change change) MIXRIG_REALTIME;
    struct Side {
        DelayLine line;
        std::array<QuantumCosine, kVoices> sweeps{};
    };
    void run(Side& side, float* x, Slice slice) const MIXRIG_REALTIME;

    double rate_;
    GainGlides quick_, slow_;
    Lfo lfo_;
    std::array<Cubic, kVoices> levels_{};  // of the voices that sound, in this quantum
    std::size_t sounding_ = 0;
    std::array<Side, 2> sides_;
};

}  // namespace mixrig::dsp
