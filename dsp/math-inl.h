// log2 and exp2 on vectors, with the bits of dsp/math.h.
// SPDX-License-Identifier: GPL-3.0-or-later
// Included once for each target, after foreach_target.h and highway.h.
#if defined(MIXRIG_DSP_MATH_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef MIXRIG_DSP_MATH_INL_H
#undef MIXRIG_DSP_MATH_INL_H
#else
#define MIXRIG_DSP_MATH_INL_H
#endif

#include "dsp/lanes-inl.h"
#include "dsp/math.h"

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {

HWY_INLINE Vector log2_of(Vector x) {
    const hn::RebindToSigned<Floats> di;
    const auto bits = hn::BitCast(di, hn::Max(x, set(kSmallestNormal)));
    const auto exponent = hn::ShiftRight<23>(hn::Sub(bits, hn::Set(di, kSqrtHalfBits)));
    const Vector mantissa = hn::BitCast(Floats(), hn::Sub(bits, hn::ShiftLeft<23>(exponent)));
    const Vector t = hn::Sub(mantissa, set(1.0f));
    Vector p = set(kLog2Polynomial[5]);
    for (std::size_t k = 5; k-- > 0;) p = hn::MulAdd(p, t, set(kLog2Polynomial[k]));
    return hn::MulAdd(p, t, hn::ConvertTo(Floats(), exponent));
}

HWY_INLINE Vector exp2_of(Vector x) {
    const hn::RebindToSigned<Floats> di;
    const Vector y = hn::Min(hn::Max(x, set(-kExp2Limit)), set(kExp2Limit));
    const auto whole = hn::NearestInt(y);
    const Vector f = hn::Sub(y, hn::ConvertTo(Floats(), whole));
    Vector p = set(kExp2Polynomial[4]);
    for (std::size_t k = 4; k-- > 0;) p = hn::MulAdd(p, f, set(kExp2Polynomial[k]));
    const auto scale = hn::ShiftLeft<23>(hn::Add(whole, hn::Set(di, 127)));
    return hn::Mul(hn::MulAdd(p, f, set(1.0f)), hn::BitCast(Floats(), scale));
}

}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#endif
