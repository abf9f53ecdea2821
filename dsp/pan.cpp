// Pan, balance and width, and the kernel that applies them to pairs of lanes (2k, 2k+1).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/pan.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/pan.cpp"
#include "dsp/lanes-inl.h"

#include <algorithm>
#include <cmath>
#include <numbers>

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {

HWY_INLINE Vector curve_at(const GainCurve& curve, std::size_t lane, Vector n) {
    return cubic_at(load(curve.c0.v + lane), load(curve.c1.v + lane), load(curve.c2.v + lane),
                    load(curve.c3.v + lane), n);
}

void stereo_kernel(float* x, const GainCurve& same, const GainCurve& cross, Slice slice,
                   LaneMask lanes) {
    const auto gliding = static_cast<LaneMask>(same.gliding | cross.gliding);
    for (std::size_t lane = 0; lane < kLanes; lane += kWidth) {
        const Vector same0 = load(same.c0.v + lane), cross0 = load(cross.c0.v + lane);
        const Mask stands = hn::And(hn::Eq(same0, set(1.0f)), hn::Eq(cross0, set(0.0f)));
        const Mask moved = hn::Or(mask_at(gliding, lane), hn::Not(stands));
        const Mask on = hn::And(mask_at(lanes, lane), moved);
        if (hn::AllFalse(Floats(), on)) continue;
        const bool glides = bits_at(gliding & lanes, lane) != kNoLanes;
        for (std::size_t frame = slice.first; frame < slice.first + slice.count; ++frame) {
            const Vector n = set(static_cast<float>(frame));
            const Vector own = glides ? curve_at(same, lane, n) : same0;
            const Vector other = glides ? curve_at(cross, lane, n) : cross0;
            float* p = x + frame * kLanes + lane;
            const Vector in = load(p);
            const Vector y = hn::MulAdd(other, hn::Shuffle2301(in), hn::Mul(own, in));
            store(hn::IfThenElse(on, y, in), p);
        }
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mixrig::dsp {

HWY_EXPORT(stereo_kernel);

void stereo_matrix(float* x, const GainCurve& same, const GainCurve& cross, Slice slice,
                   LaneMask lanes) MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(stereo_kernel)(x, same, cross, slice, lanes);
}

PanGains pan_mono(double pan) {
    const double place = std::clamp(pan, -1.0, 1.0);
    if (place == -1.0) return {.left = 1.0, .right = 0.0};
    if (place == 1.0) return {.left = 0.0, .right = 1.0};
    const double angle = (place + 1.0) * std::numbers::pi / 4.0;
    return {.left = std::cos(angle), .right = std::sin(angle)};
}

PanGains balance(double pan) {
    const double place = std::clamp(pan, -1.0, 1.0);
    const double away = std::fabs(place) == 1.0 ? 0.0 : std::cos(place * std::numbers::pi / 2.0);
    return place > 0.0 ? PanGains{.left = away, .right = 1.0}
                       : PanGains{.left = 1.0, .right = away};
}

StereoGains stereo(double pan, double width) {
    const PanGains sides = balance(pan);
    const double own = (1.0 + std::clamp(width, 0.0, 2.0)) / 2.0;
    const double other = 1.0 - own;
    return {.left_from_left = sides.left * own,
            .left_from_right = sides.left * other,
            .right_from_left = sides.right * other,
            .right_from_right = sides.right * own};
}

}  // namespace mixrig::dsp
#endif
