// What every kernel needs of Highway: vectors that divide a bank, and masks of lanes.
// SPDX-License-Identifier: GPL-3.0-or-later

// A kernel's file defines HWY_TARGET_INCLUDE as its own name and includes this: all of it is then
// compiled once for each instruction set.
#include <hwy/foreach_target.h>

#if defined(MIXRIG_DSP_LANES_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef MIXRIG_DSP_LANES_INL_H
#undef MIXRIG_DSP_LANES_INL_H
#else
#define MIXRIG_DSP_LANES_INL_H
#endif

#include "dsp/lanes.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Floats = hn::CappedTag<float, kLanes>;  // never wider than a bank
using Vector = hn::Vec<Floats>;
using Mask = hn::Mask<Floats>;
inline constexpr std::size_t kWidth = hn::MaxLanes(Floats());
static_assert(kLanes % kWidth == 0);

HWY_INLINE Vector load(const float* p) {
    return hn::Load(Floats(), p);
}

HWY_INLINE void store(Vector v, float* p) {
    hn::Store(v, Floats(), p);
}

HWY_INLINE Vector set(float value) {
    return hn::Set(Floats(), value);
}

// The lanes of the vector that begins at `lane`, as bits.
HWY_INLINE LaneMask bits_at(LaneMask lanes, std::size_t lane) {
    return static_cast<LaneMask>((lanes >> lane) & ((1u << kWidth) - 1u));
}

// The same as a mask.
HWY_INLINE Mask mask_at(LaneMask lanes, std::size_t lane) {
    const hn::RebindToUnsigned<Floats> du;
    const auto bit = hn::Shl(hn::Set(du, 1u), hn::Iota(du, 0u));
    return hn::RebindMask(Floats(),
                          hn::TestBit(hn::Set(du, static_cast<std::uint32_t>(lanes >> lane)), bit));
}

// And back: the lanes of a mask of the vector that begins at `lane`.
HWY_INLINE LaneMask lanes_of(Mask mask, std::size_t lane) {
    alignas(8) std::uint8_t bytes[8] = {};
    hn::StoreMaskBits(Floats(), mask, bytes);
    return static_cast<LaneMask>((bytes[0] | (bytes[1] << 8)) << lane);
}

// The value of a GainCurve or of a gliding coefficient at frame n.
HWY_INLINE Vector cubic_at(Vector c0, Vector c1, Vector c2, Vector c3, Vector n) {
    return hn::MulAdd(n, hn::MulAdd(n, hn::MulAdd(n, c3, c2), c1), c0);
}

}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#endif
