// How a level that moves is made readable.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace mixrig::monitor {

// In the order of the row /rta/average. Fast and slow are those of sound level meters (IEC 61672-1:
// 125 ms and 1 s, exponential); peak holds the highest of fast until something is chosen anew.
enum class Averaging : std::uint8_t { fast, slow, peak };

constexpr double kFastSeconds = 0.125, kSlowSeconds = 1.0;

// What remains of an exponential mean after so many seconds.
inline float kept(Averaging averaging, double seconds) {
    const double tau = averaging == Averaging::slow ? kSlowSeconds : kFastSeconds;
    return static_cast<float>(std::exp(-seconds / tau));
}

// One mean power and what is shown of it.
struct MeanPower {
    float mean = 0.0f, highest = 0.0f;

    void add(float power, float keep) {
        mean = power + keep * (mean - power);
        highest = std::max(highest, mean);
    }
    float shown(Averaging averaging) const { return averaging == Averaging::peak ? highest : mean; }
};

}  // namespace mixrig::monitor
