// What simulated rooms and sounds share.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <numbers>
#include <random>

namespace mixrig::tests::feedback {

inline constexpr double kRate = 48000.0, kTurn = 2.0 * std::numbers::pi;

inline std::size_t frames(double seconds) {
    return static_cast<std::size_t>(seconds * kRate);
}

inline double between(std::mt19937& random, double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
}

}  // namespace mixrig::tests::feedback
