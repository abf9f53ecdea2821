// Gains that move without a click: in a quantum each is a polynomial of the frame.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace mixrig::dsp {

inline constexpr Seconds kGlideTime{0.010};  // at least; rounded up to whole quanta

// Quanta that a glide takes at this rate.
std::size_t glide_quanta(Hertz rate);

// Gains of 16 lanes during one quantum: value(n) = c0 + n*(c1 + n*(c2 + n*c3)) for frame n of the
// quantum. A lane that is not in `gliding` has c1 = c2 = c3 = 0, so evaluating it anyway gives c0,
// bit for bit.
struct GainCurve {
    LaneFloats c0;
    LaneMask gliding = kNoLanes;
    LaneFloats c1, c2, c3;
};

// A curve that stands still.
GainCurve constant_curve(float value);

// The polynomial of one lane.
struct Cubic {
    float c0 = 0.0f, c1 = 0.0f, c2 = 0.0f, c3 = 0.0f;
    float at(std::size_t frame) const MIXRIG_REALTIME {
        const auto n = static_cast<float>(frame);
        return c0 + n * (c1 + n * (c2 + n * c3));
    }
};

// Quantum `index` of a cubic Hermite curve of `quanta` quanta that starts at `from` with `slope`
// (per frame) and arrives at `goal` with slope 0.
struct Hermite {
    double from = 0.0, slope = 0.0, goal = 0.0;
};
Cubic hermite_quantum(const Hermite& curve, std::size_t quanta, std::size_t index) MIXRIG_REALTIME;

// The smoothstep from 0 to 1 at `index` of `quanta`: the weight with which filter coefficients and
// taps cross over.
double s_curve(std::size_t quanta, std::size_t index) MIXRIG_REALTIME;

// Sixteen gains. Every glide is a cubic Hermite curve over the glide time; a goal that arrives
// during a glide takes over value and slope, so the gain is continuously differentiable whatever is
// asked of it. From rest it never leaves the range between start and goal; after a change of mind
// it may pass its goal by up to 2/9 of the old step.
class GainGlides {
public:
    GainGlides(std::size_t quanta, float initial);  // [control]

    // At a quantum boundary, before begin_quantum.
    void set(std::size_t lane, float goal, Change change) MIXRIG_REALTIME;

    // Computes the curve of the quantum that begins. May be left out while idle().
    void begin_quantum() MIXRIG_REALTIME;

    const GainCurve& curve() const MIXRIG_REALTIME { return curve_; }

    // The gain at the end of the current quantum.
    float value(std::size_t lane) const MIXRIG_REALTIME { return end_[lane]; }
    float goal(std::size_t lane) const MIXRIG_REALTIME { return goal_[lane]; }
    bool idle() const MIXRIG_REALTIME { return moving_ == kNoLanes; }
    LaneMask moving() const MIXRIG_REALTIME { return moving_; }

    void take_lane(std::size_t to, const GainGlides& other, std::size_t from) MIXRIG_REALTIME;

private:
    void write(std::size_t lane, const Cubic& cubic) MIXRIG_REALTIME;

    GainCurve curve_;
    LaneMask moving_ = kNoLanes;  // gliding, or to be brought to rest at the next boundary
    std::uint16_t quanta_;
    std::array<std::uint16_t, kLanes> index_{};  // quanta of the glide that have begun
    std::array<float, kLanes> from_{};
    std::array<float, kLanes> slope_{};  // per frame, at the start of the glide
    std::array<float, kLanes> goal_{};
    std::array<float, kLanes> end_{};        // at the end of the current quantum
    std::array<float, kLanes> end_slope_{};  // likewise
};

}  // namespace mixrig::dsp
