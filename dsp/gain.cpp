// Gain, metering of a tap, and the guard against samples that are not numbers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/gain.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/gain.cpp"
#include "dsp/lanes-inl.h"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {

// out may be in. Lanes at unity keep their bits even if they share a vector with others.
void gain_kernel(const float* in, float* out, const GainCurve& gain, Slice slice, LaneMask lanes) {
    for (std::size_t lane = 0; lane < kLanes; lane += kWidth) {
        const Vector c0 = load(gain.c0.v + lane);
        const Mask moved = hn::Or(mask_at(gain.gliding, lane), hn::Ne(c0, set(1.0f)));
        const Mask on = hn::And(mask_at(lanes, lane), moved);
        const bool none = hn::AllFalse(Floats(), on);
        if (none && in == out) continue;
        const bool glides = bits_at(gain.gliding & lanes, lane) != kNoLanes;
        const Vector c1 = load(gain.c1.v + lane);
        const Vector c2 = load(gain.c2.v + lane);
        const Vector c3 = load(gain.c3.v + lane);
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
            const Vector now = glides ? cubic_at(c0, c1, c2, c3, set(static_cast<float>(n))) : c0;
            const Vector x = load(in + n * kLanes + lane);
            store(hn::IfThenElse(on, hn::Mul(x, now), x), out + n * kLanes + lane);
        }
    }
}

// kGuard: samples beyond the limit become 0 in x. kMeasure: meters take what is left.
template <bool kGuard, bool kMeasure>
HWY_INLINE LaneMask pass(float* x, Slice slice, float limit, TapMeters* meters) {
    const hn::RebindToSigned<Floats> di;
    // The bits of a magnitude order like integers, with infinity and NaN above every number.
    const auto limit_bits = hn::BitCast(di, set(limit));
    LaneMask faulty = kNoLanes;
    for (std::size_t lane = 0; lane < kLanes; lane += kWidth) {
        Vector peak = hn::Zero(Floats()), sum = peak;
        auto clips = hn::Zero(di);
        if constexpr (kMeasure) {
            peak = load(meters->peak.v + lane);
            sum = load(meters->mean_square_sum.v + lane);
            clips = hn::BitCast(di, load(reinterpret_cast<const float*>(meters->clips.v) + lane));
        }
        auto bad = hn::MaskFromVec(hn::Zero(di));
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
            float* p = x + n * kLanes + lane;
            Vector sample = load(p);
            Vector magnitude = hn::Abs(sample);
            if constexpr (kGuard) {
                const auto beyond = hn::Gt(hn::BitCast(di, magnitude), limit_bits);
                bad = hn::Or(bad, beyond);
                sample = hn::IfThenZeroElse(hn::RebindMask(Floats(), beyond), sample);
                magnitude = hn::Abs(sample);
                store(sample, p);
            }
            if constexpr (kMeasure) {
                peak = hn::Max(peak, magnitude);
                sum = hn::MulAdd(sample, sample, sum);
                const auto clip = hn::Ge(magnitude, set(1.0f));
                clips = hn::Sub(clips, hn::VecFromMask(di, hn::RebindMask(di, clip)));
            }
        }
        if constexpr (kMeasure) {
            store(peak, meters->peak.v + lane);
            store(sum, meters->mean_square_sum.v + lane);
            store(hn::BitCast(Floats(), clips), reinterpret_cast<float*>(meters->clips.v) + lane);
        }
        if constexpr (kGuard) faulty |= lanes_of(hn::RebindMask(Floats(), bad), lane);
    }
    return faulty;
}

void measure_kernel(const float* x, Slice slice, TapMeters& meters) {
    pass<false, true>(const_cast<float*>(x), slice, 0.0f, &meters);  // which writes nothing
}

LaneMask guard_kernel(float* x, Slice slice, float limit) {
    return pass<true, false>(x, slice, limit, nullptr);
}

LaneMask guard_and_measure_kernel(float* x, Slice slice, float limit, TapMeters& meters) {
    return pass<true, true>(x, slice, limit, &meters);
}

}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mixrig::dsp {

HWY_EXPORT(gain_kernel);
HWY_EXPORT(measure_kernel);
HWY_EXPORT(guard_kernel);
HWY_EXPORT(guard_and_measure_kernel);

void apply_gain(float* x, const GainCurve& gain, Slice slice, LaneMask lanes) MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(gain_kernel)(x, x, gain, slice, lanes);
}

void apply_gain(const float* in, float* out, const GainCurve& gain, Slice slice, LaneMask lanes)
    MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(gain_kernel)(in, out, gain, slice, lanes);
}

void measure(const float* x, Slice slice, TapMeters& meters) MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(measure_kernel)(x, slice, meters);
}

LaneMask guard(float* x, Slice slice, float limit) MIXRIG_REALTIME {
    return HWY_DYNAMIC_DISPATCH(guard_kernel)(x, slice, limit);
}

LaneMask guard_and_measure(float* x, Slice slice, float limit, TapMeters& meters) MIXRIG_REALTIME {
    return HWY_DYNAMIC_DISPATCH(guard_and_measure_kernel)(x, slice, limit, meters);
}

}  // namespace mixrig::dsp
#endif
