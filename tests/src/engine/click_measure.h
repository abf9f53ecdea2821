// What a click is measured by: the largest step between frames, and what is above 4 kHz.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/src/engine/rig.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace mixrig::test {

inline constexpr double kClickRate = 48000.0;

// Passes what is above 4 kHz (-6 dB there) and stops what is below 3.5 kHz, by 130 dB.
const std::vector<double>& high_pass();

inline double peak(const Samples& x, std::size_t begin, std::size_t end) {
    float largest = 0.0f;
    for (std::size_t i = begin; i < end; ++i) largest = std::max(largest, std::fabs(x[i]));
    return static_cast<double>(largest);
}

inline double step(const Samples& x, std::size_t begin, std::size_t end) {
    double largest = 0.0;
    for (std::size_t i = begin; i < end; ++i)
        largest =
            std::max(largest, std::fabs(static_cast<double>(x[i]) - static_cast<double>(x[i - 1])));
    return largest;
}

// Of as many frames as the high-pass has taps before each.
double peak_above_4_kHz(const Samples& x, std::size_t begin, std::size_t end);

}  // namespace mixrig::test
