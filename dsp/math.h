// log2 and exp2 for levels: polynomials that give the same bits in scalar and in vector code.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace mixrig::dsp {

// log2(1 + t) = t * p(t) for t in [sqrt(1/2) - 1, sqrt(2) - 1]. Minimax by Remez' exchange: 2.2e-6,
// that is 1.3e-5 dB, and exact at 1.
inline constexpr float kLog2Polynomial[] = {1.442713481f,  -0.7211318595f, 0.4793480224f,
                                            -0.367489962f, 0.3221547762f,  -0.2065917819f};
// 2^f = 1 + f * p(f) for f in [-1/2, 1/2]: relative error 9.2e-8, and exact at 0.
inline constexpr float kExp2Polynomial[] = {0.6931469776f, 0.2402224209f, 0.05550733737f,
                                            0.009671512625f, 0.001326472912f};

inline constexpr float kSmallestNormal = 0x1p-126f;
inline constexpr float kExp2Limit = 126.0f;
inline constexpr std::int32_t kSqrtHalfBits = 0x3f3504f3;

// Zero, subnormal and negative numbers and NaN give -126. (Arm gives another finite number for
// NaN.)
inline float log2_scalar(float x) MIXRIG_REALTIME {
    const auto bits = std::bit_cast<std::int32_t>(x > kSmallestNormal ? x : kSmallestNormal);
    const std::int32_t exponent = (bits - kSqrtHalfBits) >> 23;
    const float t = std::bit_cast<float>(bits - exponent * (1 << 23)) - 1.0f;
    float p = kLog2Polynomial[5];
    for (std::size_t k = 5; k-- > 0;) p = std::fma(p, t, kLog2Polynomial[k]);
    return std::fma(p, t, static_cast<float>(exponent));
}

// Clamped to 2^-126 and 2^126.
inline float exp2_scalar(float x) MIXRIG_REALTIME {
    const float low = x > -kExp2Limit ? x : -kExp2Limit;
    const float y = low < kExp2Limit ? low : kExp2Limit;
    const float whole = std::nearbyint(y);
    const float f = y - whole;
    float p = kExp2Polynomial[4];
    for (std::size_t k = 4; k-- > 0;) p = std::fma(p, f, kExp2Polynomial[k]);
    const auto scale = std::bit_cast<float>((static_cast<std::int32_t>(whole) + 127) * (1 << 23));
    return std::fma(p, f, 1.0f) * scale;
}

}  // namespace mixrig::dsp
