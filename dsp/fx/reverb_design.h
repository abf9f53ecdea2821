// What a reverb computes when it is set: lengths, absorption, levels of the three spaces.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/unit.h"
#include "dsp/lanes.h"
#include "dsp/svf.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mixrig::dsp {

enum class Space : std::uint8_t { room, plate, hall };

struct ReverbSettings {
    Seconds predelay{0.0};    // 0: 0..250 ms
    Seconds decay{1.5};       // 1: 100..20000 ms, T60 where nothing is damped
    double size = 0.5;        // 2: 0..1
    Hertz damping{6000.0};    // 3: 1000..20000 Hz
    double diffusion = 0.7;   // 4: 0..1
    Hertz low_cut{20.0};      // 5: 20..1000 Hz
    Hertz high_cut{20000.0};  // 6: 1000..20000 Hz
    double modulation = 0.3;  // 7: 0..1
};

ReverbSettings reverb_settings(const FxSettings& settings) MIXRIG_REALTIME;

// T60(f) = decay / (1 + w D(f/damping)),   D(x) = 4 x^2 / (3 + x^2),
// w = 1 up to a damping of 16 kHz, from there falling linearly to 0 at 20 kHz.
// So it is decay/2 at the frequency `damping` (up to 16 kHz), never below decay/5, and the same at
// all frequencies when damping is 20 kHz. D is the shape of a shelf in dB, which is what the
// filters of short loops can follow.
Seconds reverb_decay(const ReverbSettings& settings, Hertz frequency) MIXRIG_REALTIME;

// Attenuation of one pass through a line of this length, so that what has travelled t seconds has
// lost 60 dB * t / T60(f) by whichever lines it came: after J.-M. Jot and A. Chaigne, "Digital
// delay networks for designing artificial reverberators" (AES 90, 1991). A gain and two equal
// first-order shelves, which meet the curve at 0 Hz and at 0.85 and 1.8 times `damping`. Up to 5.6
// kHz and in lines of up to 80 ms the T60 of a line is within 7 % of it for decays from 0.3 s with
// a damping from 6 kHz, and from 1 s with one from 4 kHz. Shorter and darker ones decay later than
// asked for at the top. Over an octave in which T60 falls, a measurement reads more than T60 of its
// centre, as the lower part lasts longer: 6 % around 4 kHz with a damping of 6 kHz, 15 % around
// `damping` itself.
SvfLane design_absorption(Seconds length, const ReverbSettings& settings, Hertz rate)
    MIXRIG_REALTIME;

// Butterworth filters of second order, -3.01 dB at the corner, by the bilinear transform (at the
// rates and corners in question it is the analogue curve but for the last octave).
SvfLane design_low_cut(Hertz corner, Hertz rate) MIXRIG_REALTIME;
SvfLane design_high_cut(Hertz corner, Hertz rate) MIXRIG_REALTIME;

inline constexpr std::size_t kDiffusers = 4;  // in series, a side
inline constexpr std::size_t kEarlyTaps = 8;  // an output
inline constexpr double kLargest = 2.0;       // the lengths at size 1 over those at size 0.5
inline constexpr Seconds kLongestPredelay{0.25};

// What makes a space. Lengths are those at size 0.5.
struct SpacePlan {
    Seconds shortest, longest;                                // lines
    std::array<std::array<double, kDiffusers>, 2> diffusers;  // seconds, left and right
    double diffuser_gain;                                     // at diffusion 1
    double early;                                             // early sound over an even decay
    double modulation;  // largest angle of the mixing, radians
    Hertz slowest;      // modulation
};
const SpacePlan& space_plan(Space space) MIXRIG_REALTIME;

// All delays that depend on size and pre-delay, in frames. Lines are distinct primes,
// the shortest first and the longest last.
struct ReverbTaps {
    std::array<std::uint32_t, kLanes> lines{};
    std::array<std::uint32_t, 2 * kEarlyTaps> early{};  // first those of the left output
    std::uint32_t predelay = 0;
    friend bool operator==(const ReverbTaps&, const ReverbTaps&) = default;
};

// `primes` rises and reaches beyond the longest line.
ReverbTaps design_taps(const SpacePlan& plan, const ReverbSettings& settings, Hertz rate,
                       std::span<const std::uint32_t> primes) MIXRIG_REALTIME;

// Gains of early taps and lines at the outputs. Energy that leaves the lines follows a renewal
// process: with G the mean of the lines' power gains an impulse of energy 1 gives G/(1-G) in all.
// Early taps go on at that rate in the time before the shortest line speaks. Both outputs together
// have energy 1 for an impulse at one input, at 1 kHz, whatever decay, size and damping are.
struct ReverbLevels {
    float lines = 0.0f;
    std::array<float, 2 * kEarlyTaps> early{};
};
ReverbLevels design_levels(const SpacePlan& plan, const ReverbTaps& taps,
                           const ReverbSettings& settings, Hertz rate) MIXRIG_REALTIME;

// The all-pass coefficient of a diffuser: it never rings longer than half the decay.
float design_diffuser(const SpacePlan& plan, double seconds, const ReverbSettings& settings)
    MIXRIG_REALTIME;

}  // namespace mixrig::dsp
