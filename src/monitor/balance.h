// How the power of a whole piece of music is spread over a few broad bands.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/monitor/third_octaves.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace mixrig::monitor {

// Whole third octaves, the first and the last by their numbers.
struct BalanceBand {
    std::string_view name;
    std::size_t first, last;
};

inline constexpr std::array<BalanceBand, 6> kBalanceBands = {{
    {"sub 20-50", 0, 4},
    {"bass 63-200", 5, 10},
    {"low mid 250-630", 11, 15},
    {"mid 800-2k", 16, 20},
    {"presence 2k5-5k", 21, 24},
    {"air 6k3-20k", 25, 30},
}};

// Mean power of each third octave (third_octaves.h) over a whole piece that comes in stretches.
class WholeOctaves {
public:
    explicit WholeOctaves(dsp::Hertz rate) : bands_(rate) {}

    // Even parts of some seconds each: that long the meters' mean needs to forget what was before.
    static std::size_t parts(std::uint64_t frames, dsp::Hertz rate);
    // Precondition: finite samples.
    void add(std::span<const float> left, std::span<const float> right);
    std::array<double, kThirdOctaves> means() const;

private:
    ThirdOctaves bands_;
    std::array<double, kThirdOctaves> sums_{};
    std::uint64_t frames_ = 0;
};

using Balance = std::array<double, kBalanceBands.size()>;

// dB of each band over the sum of all: what it says does not depend on the level. What is silent
// has -120 dB everywhere. Precondition: finite samples.
Balance tonal_balance(std::span<const float> left, std::span<const float> right, dsp::Hertz rate);

// Below 90 Hz (third octaves up to 80 Hz), the power of the side, (L - R) / 2, over that of the
// middle, (L + R) / 2, in dB; -120 where there is none.
double low_side_dB(std::span<const float> left, std::span<const float> right, dsp::Hertz rate);

}  // namespace mixrig::monitor
