// How a fade moves between silence and the full level.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <optional>
#include <string_view>

namespace mixrig::base {

enum class FadeCurve : std::uint8_t { linear, cosine, sine, exponential };

inline constexpr std::array<std::string_view, 4> kFadeCurveNames = {"linear", "cosine", "sine",
                                                                    "exponential"};

inline std::optional<FadeCurve> fade_curve(std::string_view name) {
    for (std::size_t i = 0; i < kFadeCurveNames.size(); ++i)
        if (kFadeCurveNames[i] == name) return static_cast<FadeCurve>(i);
    return std::nullopt;
}

// Amplitude at a share of the way up, 0 to 1; 0 and 1 at the ends, and never falling. Cosine has no
// corner at either end, sine keeps the power of a crossfade, exponential is a straight line in dB
// over 60 dB, brought to 0.
inline double fade_gain(FadeCurve curve, double share) {
    constexpr double kPi = std::numbers::pi, kFloor = 1e-3;  // -60 dB
    if (share <= 0.0) return 0.0;
    if (share >= 1.0) return 1.0;
    switch (curve) {
        case FadeCurve::linear:
            break;
        case FadeCurve::cosine:
            return 0.5 - 0.5 * std::cos(kPi * share);
        case FadeCurve::sine:
            return std::sin(0.5 * kPi * share);
        case FadeCurve::exponential:
            return (std::pow(kFloor, 1.0 - share) - kFloor) / (1.0 - kFloor);
    }
    return share;
}

}  // namespace mixrig::base
