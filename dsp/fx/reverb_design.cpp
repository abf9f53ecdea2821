// What a reverb computes when it is set: lengths, absorption, levels of the three spaces.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/reverb_design.h"

#include "dsp/design.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::dsp {
namespace {

// Diffusers of a side differ from those of the other by a few percent: alike in character, without
// common echoes. None is shorter than a quantum at 44.1 kHz (0.73 ms).
// clang-format off
constexpr SpacePlan kPlans[] = {
    {.shortest = {0.0091}, .longest = {0.0273},
     .diffusers = {{{0.00131, 0.00223, 0.00347, 0.00511}, {0.00143, 0.00209, 0.00371, 0.00479}}},
     .diffuser_gain = 0.68, .early = 1.15, .modulation = 0.6, .slowest = {0.31}},
    {.shortest = {0.0127}, .longest = {0.0351},
     .diffusers = {{{0.00109, 0.00187, 0.00293, 0.00431}, {0.00121, 0.00173, 0.00313, 0.00407}}},
     .diffuser_gain = 0.75, .early = 1.0, .modulation = 1.0, .slowest = {0.71}},
    {.shortest = {0.0283}, .longest = {0.0779},
     .diffusers = {{{0.00241, 0.00419, 0.00661, 0.00953}, {0.00263, 0.00397, 0.00701, 0.00907}}},
     .diffuser_gain = 0.78, .early = 1.0, .modulation = 0.9, .slowest = {0.19}},
};
// clang-format on

// When early taps speak, over the length of the shortest line. The first of each side is the
// first sound of the reverb.
constexpr std::array<double, 2 * kEarlyTaps> kEarlyTimes = {
    0.0, 0.137, 0.229, 0.383, 0.497, 0.641, 0.787, 0.911,
    0.0, 0.113, 0.263, 0.353, 0.523, 0.619, 0.751, 0.947};
constexpr std::array<float, 2 * kEarlyTaps> kEarlySigns = {1, -1, 1,  1, -1, 1,  -1, -1,
                                                           1, 1,  -1, 1, 1,  -1, -1, 1};

// Lane k has the length of this rank: with the signs of rotating_mix.cpp. The shortest stays first,
// the longest last.
constexpr std::array<std::size_t, kLanes> kRanks = {0,  4,  9, 6,  3, 13, 2,  5,
                                                    14, 10, 7, 12, 8, 1,  11, 15};
static_assert(kRanks.front() == 0 && kRanks.back() == kLanes - 1);

constexpr double kAsymptote = 4.0;  // what damping adds to the decay rate far above it
constexpr double kFirstFit = 0.85, kSecondFit = 1.8;  // over the damping frequency
constexpr double kHighestFit = 0.45;                  // of the rate

double damped(const ReverbSettings& settings, Hertz frequency) {
    const double x = frequency.value / settings.damping.value;
    return kAsymptote * x * x / (kAsymptote - 1.0 + x * x);
}

double damping_weight(const ReverbSettings& settings) {
    return std::clamp((20000.0 - settings.damping.value) / 4000.0, 0.0, 1.0);
}

// What is left of the power after this time.
double power_after(double seconds, Seconds decay) {
    return std::pow(10.0, -6.0 * seconds / decay.value);
}

// Polynomials in s, highest power first, taken to z by s = (z - 1)/(z + 1).
struct Quadratic {
    double c2, c1, c0;
    double z0() const { return c2 + c1 + c0; }
    double z1() const { return 2.0 * (c0 - c2); }
    double z2() const { return c2 - c1 + c0; }
};

SvfLane section(const Quadratic& numerator, const Quadratic& denominator) {
    const double a0 = denominator.z0();
    return svf_from_biquad({.b0 = numerator.z0() / a0,
                            .b1 = numerator.z1() / a0,
                            .b2 = numerator.z2() / a0,
                            .a1 = denominator.z1() / a0,
                            .a2 = denominator.z2() / a0});
}

double warped(Hertz frequency, Hertz rate) {
    return std::tan(std::numbers::pi * std::min(frequency.value / rate.value, 0.48));
}

}  // namespace

ReverbSettings reverb_settings(const FxSettings& s) MIXRIG_REALTIME {
    return {.predelay = {static_cast<double>(s[0]) * 1e-3},
            .decay = {static_cast<double>(s[1]) * 1e-3},
            .size = static_cast<double>(s[2]),
            .damping = {static_cast<double>(s[3])},
            .diffusion = static_cast<double>(s[4]),
            .low_cut = {static_cast<double>(s[5])},
            .high_cut = {static_cast<double>(s[6])},
            .modulation = static_cast<double>(s[7])};
}

Seconds reverb_decay(const ReverbSettings& settings, Hertz frequency) MIXRIG_REALTIME {
    return {settings.decay.value / (1.0 + damping_weight(settings) * damped(settings, frequency))};
}

// A first-order shelf has |H|^2 = (1 + P T) / (1 + Q T) with T = tan^2(w/2); two points give P and
// Q.
SvfLane design_absorption(Seconds length, const ReverbSettings& settings, Hertz rate)
    MIXRIG_REALTIME {
    const double passes = length.value / settings.decay.value;
    const double gain = std::pow(10.0, -3.0 * passes);
    // Nepers of power that one of the two shelves takes at the damping frequency. Where that is
    // nothing, the quotients below still have their limits.
    const double nepers =
        std::max(3.0 * std::numbers::ln10 * passes * damping_weight(settings), 1e-7);
    const Hertz second{std::min(kSecondFit * settings.damping.value, kHighestFit * rate.value)};
    const Hertz first{std::min(kFirstFit * settings.damping.value, 0.5 * second.value)};
    const double t1 = std::pow(warped(first, rate), 2.0), t2 = std::pow(warped(second, rate), 2.0);
    const double less1 = std::expm1(-nepers * damped(settings, first));
    const double less2 = std::expm1(-nepers * damped(settings, second));
    const double r1 = 1.0 + less1, r2 = 1.0 + less2;
    const double scale = t1 * t2 * (r1 - r2);
    double p = (less2 * r1 * t1 - less1 * r2 * t2) / scale;
    double q = (less2 * t1 - less1 * t2) / scale;
    if (p < 0.0) {  // steeper than a shelf can be: a low-pass that meets the first point
        p = 0.0;
        q = -less1 / (r1 * t1);
    }
    q = std::max(q, 1e-6);
    return section({gain * p / q, 2.0 * gain * std::sqrt(p) / q, gain / q},
                   {1.0, 2.0 / std::sqrt(q), 1.0 / q});
}

SvfLane design_low_cut(Hertz corner, Hertz rate) MIXRIG_REALTIME {
    const double g = warped(corner, rate);
    return section({1.0, 0.0, 0.0}, {1.0, std::numbers::sqrt2 * g, g * g});
}

SvfLane design_high_cut(Hertz corner, Hertz rate) MIXRIG_REALTIME {
    const double g = warped(corner, rate);
    return section({0.0, 0.0, g * g}, {1.0, std::numbers::sqrt2 * g, g * g});
}

const SpacePlan& space_plan(Space space) MIXRIG_REALTIME {
    return kPlans[static_cast<std::size_t>(space)];
}

ReverbTaps design_taps(const SpacePlan& plan, const ReverbSettings& settings, Hertz rate,
                       std::span<const std::uint32_t> primes) MIXRIG_REALTIME {
    ReverbTaps taps;
    const double scale = rate.value * std::pow(kLargest, 2.0 * settings.size - 1.0);
    const double ratio = plan.longest.value / plan.shortest.value;
    std::array<std::uint32_t, kLanes> rising{};
    auto from = primes.begin();
    for (std::size_t k = 0; k < kLanes; ++k) {
        const double length =
            plan.shortest.value * std::pow(ratio, static_cast<double>(k) / (kLanes - 1.0)) * scale;
        from = std::lower_bound(from, primes.end() - 1, static_cast<std::uint32_t>(length));
        rising[k] = *from++;
    }
    for (std::size_t k = 0; k < kLanes; ++k) taps.lines[k] = rising[kRanks[k]];
    const double span = plan.shortest.value * scale;
    for (std::size_t k = 0; k < taps.early.size(); ++k)
        taps.early[k] = static_cast<std::uint32_t>(std::lround(kEarlyTimes[k] * span));
    taps.predelay = static_cast<std::uint32_t>(std::lround(settings.predelay.value * rate.value));
    return taps;
}

ReverbLevels design_levels(const SpacePlan& plan, const ReverbTaps& taps,
                           const ReverbSettings& settings, Hertz rate) MIXRIG_REALTIME {
    const Seconds decay = reverb_decay(settings, {1000.0});
    double mean_gain = 0.0, mean_length = 0.0;
    for (const std::uint32_t frames : taps.lines) {
        const double seconds = static_cast<double>(frames) / rate.value;
        mean_gain += power_after(seconds, decay) / kLanes;
        mean_length += seconds / kLanes;
    }
    // Eight of the sixteen taps hear an input: the power of one, with a line's gain at 1.
    const double tap_power = plan.early * plan.early * static_cast<double>(taps.lines[0]) /
                             rate.value / (4.0 * mean_length);
    double energy = 2.0 * mean_gain / (1.0 - mean_gain);
    ReverbLevels levels;
    for (std::size_t k = 0; k < taps.early.size(); ++k) {
        const double power =
            tap_power * power_after(static_cast<double>(taps.early[k]) / rate.value, decay);
        energy += 0.5 * power;
        levels.early[k] = kEarlySigns[k] * static_cast<float>(std::sqrt(power));
    }
    levels.lines = static_cast<float>(1.0 / std::sqrt(energy));
    for (float& gain : levels.early) gain *= levels.lines;
    return levels;
}

float design_diffuser(const SpacePlan& plan, double seconds, const ReverbSettings& settings)
    MIXRIG_REALTIME {
    const double most = std::pow(10.0, -6.0 * seconds / settings.decay.value);
    return static_cast<float>(std::min(plan.diffuser_gain * settings.diffusion, most));
}

}  // namespace mixrig::dsp
