// Tremolo and auto-pan: a level that goes up and down.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/lfo.h"
#include "dsp/fx/unit.h"
#include "dsp/glide.h"
#include "dsp/units.h"

#include <cstddef>
#include <cstdint>

namespace mixrig::dsp {

// gain = 1 - depth * (1 - w(p)) / 2: from 1 down to 1 - depth, beginning at 1. With t the triangle
// of phase p, 1 at p = 0 and -1 at p = 1/2 (a sweep is straight in amplitude, not in dB):
//     sine      w = sin(pi/2 * t) = cos(2*pi*p)
//     triangle  w = t
//     square    w = sin(pi/2 * clamp(t / (2 * rate * kEdge), -1, 1)): its edges are half cosines of
//               kEdge, as those of a mute, so that nothing clicks
// The right side runs spread/2 of a cycle later. Everything glides over kGlideTime. It remembers
// nothing, so it is always at rest; the output never exceeds the input.
class Tremolo : public FxUnit {
public:
    enum class Shape : std::uint8_t { sine, triangle, square };

    struct Settings {
        Hertz rate{4.0};            // 0: 0.05..20 Hz
        float depth = 0.5f;         // 1: 0..1, 1 = down to silence
        Shape shape = Shape::sine;  // 2: 0, 1, 2
        float spread = 0.0f;        // 3: 0..1, 1 = the sides are opposite: auto-pan
    };
    static Settings settings(const FxSettings& values) MIXRIG_REALTIME;

    static constexpr Seconds kEdge = kGlideTime;

    explicit Tremolo(Hertz rate);  // [control]

    void set(const FxSettings& goal, Change change) MIXRIG_REALTIME override;
    void begin_quantum() MIXRIG_REALTIME override;
    void process(float* left, float* right, Slice slice) MIXRIG_REALTIME override;
    void reset() MIXRIG_REALTIME override;
    bool is_at_rest() const MIXRIG_REALTIME override { return true; }

private:
    void apply(const Settings& goal, Change change) MIXRIG_REALTIME;
    void run(float* x, Slice slice, bool later) const MIXRIG_REALTIME;

    GainGlides glides_;
    Lfo lfo_;
};

}  // namespace mixrig::dsp
