// Second-order filters on a bank: the delta form of the trapezoidal state variable filter.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mixrig::dsp {

// Legend: s1, s2 states; x in, y out
//     v = x - s2;  D1 = a2*v - c1*s1;  D2 = a3*v + a2*s1;  y = d0*x + d1*s1 + d2*v;  s1 += D1;  s2
//     += D2
// after A. Simper's "Solving the continuous SVF equations", with differences in place of sums: c1
// stands for 1 - a1, so a low corner at a high rate loses no digits. Any second-order response has
// such a form (design.h). A convex mix of two such filters is stable (both are contractions), hence
// coefficients may glide linearly.
struct SvfLane {
    float a2 = 0.0f, a3 = 0.0f, c1 = 0.0f;
    float d0 = 1.0f, d1 = 0.0f, d2 = 0.0f;
    friend bool operator==(const SvfLane&, const SvfLane&) = default;
};

inline constexpr SvfLane kSvfIdentity{};

// What the kernel sees of a section. Frame n of the quantum uses coefficient c + n*step.
struct SvfState {
    static constexpr std::size_t kCoefficients = 6;  // in the order of SvfLane
    std::array<LaneFloats, kCoefficients> c{}, step{};
    LaneFloats s1, s2;
    LaneMask active = kNoLanes, gliding = kNoLanes;
};

class SvfBank {
public:
    explicit SvfBank(Hertz rate);  // [control]

    // At a quantum boundary, before begin_quantum. From and to the identity only the output weights
    // glide.
    void set(std::size_t lane, const SvfLane& goal, Change change) MIXRIG_REALTIME;
    // A glide that was just set takes time and curve of one just set elsewhere, if that is longer.
    void glide_with(std::size_t lane, const SvfBank& other) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    // Lanes that are not in `lanes` or not active keep their samples and their state, bit for bit.
    void process(float* x, Slice slice, LaneMask lanes) MIXRIG_REALTIME;

    // State to zero, glides to their goals.
    void reset(LaneMask lanes) MIXRIG_REALTIME;
    void take_lane(std::size_t to, const SvfBank& other, std::size_t from) MIXRIG_REALTIME;

    LaneMask active() const MIXRIG_REALTIME { return state_.active; }
    bool settled(std::size_t lane) const MIXRIG_REALTIME { return !(moving_ & lane_bit(lane)); }

    // Lanes whose state is below this magnitude: without input they stay silent.
    LaneMask quiet(float below) const MIXRIG_REALTIME;

    SvfState& state() MIXRIG_REALTIME { return state_; }

private:
    void rest(std::size_t lane) MIXRIG_REALTIME;
    void write(std::size_t lane, const SvfLane& at, const SvfLane& next) MIXRIG_REALTIME;
    void start_glide(std::size_t lane) MIXRIG_REALTIME;
    SvfLane at_boundary(std::size_t lane, std::size_t index) const MIXRIG_REALTIME;

    SvfState state_;
    LaneMask moving_ = kNoLanes;   // gliding, or to be brought to rest at the next boundary
    LaneMask leaving_ = kNoLanes;  // gliding to the identity
    std::uint16_t quanta_;
    std::array<std::uint16_t, kLanes> length_{};  // quanta of the glide
    std::array<std::uint16_t, kLanes> index_{};   // of these, begun
    std::array<float, kLanes> growth_{};          // of the damping, where it grows a lot; else 1
    std::array<SvfLane, kLanes> from_{}, goal_{};
};

// Sections in series, in the order given; same output as one process() after the other, but faster:
// up to three sections share a pass, which hides the latency of the recursion.
void svf_process(std::span<SvfBank> sections, float* x, Slice slice, LaneMask lanes)
    MIXRIG_REALTIME;

}  // namespace mixrig::dsp
