// Gain sharing between open microphones: together they have the gain of one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <type_traits>

namespace mixrig::dsp {

// After D. Dugan, "Automatic microphone mixing" (JAES 23, 1975; US patent 3,992,584): a channel is
// turned down by as many dB as its level lies below that of the sum of all channels of its group,
//     g_i = w_i r_i / R,     r_i the level of channel i, R that of the sum of all w_j x_j.
// Two open microphones i and j add by their correlation c_ij, so the gain that is open in all is
//     sum over i, j of g_i g_j c_ij  =  (sum over i, j of w_i r_i w_j r_j c_ij) / R^2  =  1.
// Of independent signals (talkers, the noise of the room, feedback by different ways) that is the
// sum of the squared gains, of one signal in all microphones the square of the sum of the gains.
//
// Levels are powers. R^2 is worked out as C times the sum of the channels' powers, for the two
// change at different speeds: powers are mean squares of each quantum, which rise with a time
// constant of 2 ms and fall with one of 100 ms; C, the power of the sum by the sum of the powers,
// both over 50 ms, is not let below 1, so that microphones that cancel are not turned up. The
// shares g^2 then pass a critically damped low-pass of second order (1.5 ms): it is linear, so they
// go on adding up to 1 on the way. A talker who begins has 90 % of the gain within 10 ms.
//
// What is known when a quantum begins is the quantum before, so nothing is delayed: gains are
// up to one quantum late, the sound is not.
inline constexpr std::size_t kAutomixes = 2;
inline constexpr Seconds kAutomixRise{0.002};
inline constexpr Seconds kAutomixFall{0.100};
inline constexpr Seconds kAutomixSmoothing{0.0015};
inline constexpr Seconds kAutomixCoherence{0.050};
// Every microphone is taken to hear this much, -100 dBFS: where nothing comes in at all, members
// share equally.
inline constexpr float kAutomixNoise = 1e-10f;

struct AutomixLane {
    float weight = 1.0f;  // amplitude; 0 while the strip is muted, then it takes no share
    std::array<float, kAutomixes> member{};  // 0 or 1 each
    friend bool operator==(const AutomixLane&, const AutomixLane&) = default;
};
static_assert(std::is_trivially_copyable_v<AutomixLane>);

// What the members of a group amount to in the quantum that ended; banks add to it in their order.
struct AutomixSum {
    std::array<float, kQuantum> mix{};  // of w x
    float power = 0.0f;                 // of w^2 times the power that rises fast and falls slowly
    float square = 0.0f;                // of w^2 times the mean square
    float noise = 0.0f;                 // of w^2 times kAutomixNoise, contained in power
};

// The sum of a group over time.
class AutomixGroup {
public:
    explicit AutomixGroup(Hertz rate);

    // R^2 of the quantum that `sum` is of.
    float total(const AutomixSum& sum) MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME { mix_ = apart_ = 0.0f; }

private:
    float keep_;
    float mix_ = 0.0f, apart_ = 0.0f;
};

class AutomixBank {
public:
    // [control] The two lanes of a pair in `linked` count as one microphone, their mean.
    AutomixBank(Hertz rate, LaneMask linked);

    // At a quantum boundary, before begin_quantum. Weights and membership glide.
    void set(std::size_t lane, const AutomixLane& goal, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;
    // Lanes that are members, or whose gain is still on its way to unity.
    LaneMask active() const MIXRIG_REALTIME { return active_; }

    // In this order, once a quantum: what the quantum that ended had, x being its 32 frames; then,
    // from R^2 of each group, the gains of the quantum that begins.
    void listen(const float* x, std::array<AutomixSum, kAutomixes>& sums) MIXRIG_REALTIME;
    void share(const std::array<float, kAutomixes>& totals) MIXRIG_REALTIME;

    const GainCurve& curve() const MIXRIG_REALTIME { return curve_; }
    // At the end of the current quantum.
    float gain(std::size_t lane) const MIXRIG_REALTIME;
    // As after endless silence; what was set stays.
    void reset(LaneMask lanes) MIXRIG_REALTIME;

private:
    bool is_member(std::size_t lane) const MIXRIG_REALTIME;
    void add_lane(std::size_t lane, const float* x, float square, AutomixSum& sum,
                  float weight) const MIXRIG_REALTIME;
    float wanted(std::size_t lane, const std::array<float, kAutomixes>& totals) const
        MIXRIG_REALTIME;
    float gain_slope(std::size_t lane) const MIXRIG_REALTIME;
    void move(std::size_t lane, float goal) MIXRIG_REALTIME;
    void rest(std::size_t lane) MIXRIG_REALTIME;

    GainGlides weight_;
    std::array<GainGlides, kAutomixes> member_;
    LaneFloats power_;
    LaneFloats share_, slope_;  // at the end of the current quantum; per frame
    GainCurve curve_;
    LaneMask linked_;
    LaneMask active_ = kNoLanes, jumping_ = kNoLanes;
    float rise_, fall_;  // share of the way in a quantum
    float corner_,
        decay_;  // of the low-pass: per frame, and what is left of a step after a quantum
};

}  // namespace mixrig::dsp
