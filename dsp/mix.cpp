// The mix matrix: one bus is a sum over banks and lanes, in a fixed order.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/mix.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/mix.cpp"
#include "dsp/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {

inline constexpr std::size_t kVectors = kLanes / kWidth;  // of a frame
inline constexpr std::size_t kBlock = 4;  // frames at once hide the latency of the sums

using Four = hn::FixedTag<float, 4>;
using Quad = hn::Vec<Four>;

// 8+8 and 4+4 of the tree: sixteen accumulators of a frame become four.
template <class V, std::size_t kCount>
HWY_INLINE Quad fold(const V (&sums)[kCount]) {
    if constexpr (kCount == 1) {
        const hn::Half<Floats> d8;
        const auto eight = hn::Add(hn::LowerHalf(d8, sums[0]), hn::UpperHalf(d8, sums[0]));
        return hn::Add(hn::LowerHalf(Four(), eight), hn::UpperHalf(Four(), eight));
    } else if constexpr (kCount == 2) {
        const auto eight = hn::Add(sums[0], sums[1]);
        return hn::Add(hn::LowerHalf(Four(), eight), hn::UpperHalf(Four(), eight));
    } else {
        static_assert(kCount == 4);
        return hn::Add(hn::Add(sums[0], sums[2]), hn::Add(sums[1], sums[3]));
    }
}

// 2+2 and 1+1.
HWY_INLINE float fold(Quad quad) {
    alignas(16) float s[4];
    hn::Store(quad, Four(), s);
    return (s[0] + s[2]) + (s[1] + s[3]);
}

// The same for four frames at once.
HWY_INLINE Quad fold(Quad f0, Quad f1, Quad f2, Quad f3) {
    const Four d;
    const Quad low01 = hn::InterleaveLower(d, f0, f1), low23 = hn::InterleaveLower(d, f2, f3);
    const Quad high01 = hn::InterleaveUpper(d, f0, f1), high23 = hn::InterleaveUpper(d, f2, f3);
    const Quad s0 = hn::ConcatLowerLower(d, low23, low01),
               s1 = hn::ConcatUpperUpper(d, low23, low01);
    const Quad s2 = hn::ConcatLowerLower(d, high23, high01);
    const Quad s3 = hn::ConcatUpperUpper(d, high23, high01);
    return hn::Add(hn::Add(s0, s2), hn::Add(s1, s3));
}

// Adds one term to the accumulators of kFrames frames, the first of which is frame n of the
// quantum.
template <std::size_t kFrames>
HWY_INLINE void add_term(const MixTerm& term, std::size_t n, Vector (&sums)[kFrames][kVectors]) {
    const GainCurve& gain = *term.gain;
    const float* x = term.x + n * kLanes;
    if (gain.gliding == kNoLanes) {
        for (std::size_t k = 0; k < kVectors; ++k) {
            const Vector g = load(gain.c0.v + k * kWidth);
            for (std::size_t f = 0; f < kFrames; ++f)
                sums[f][k] = hn::MulAdd(g, load(x + f * kLanes + k * kWidth), sums[f][k]);
        }
        return;
    }
    for (std::size_t k = 0; k < kVectors; ++k) {
        const std::size_t lane = k * kWidth;
        const Vector c0 = load(gain.c0.v + lane), c1 = load(gain.c1.v + lane);
        const Vector c2 = load(gain.c2.v + lane), c3 = load(gain.c3.v + lane);
        for (std::size_t f = 0; f < kFrames; ++f) {
            const Vector g = cubic_at(c0, c1, c2, c3, set(static_cast<float>(n + f)));
            sums[f][k] = hn::MulAdd(g, load(x + f * kLanes + lane), sums[f][k]);
        }
    }
}

template <std::size_t kFrames>
HWY_INLINE void clear(Vector (&sums)[kFrames][kVectors]) {
    for (std::size_t f = 0; f < kFrames; ++f)
        for (std::size_t k = 0; k < kVectors; ++k) sums[f][k] = hn::Zero(Floats());
}

void mix_kernel(std::span<const MixTerm> terms, float* out, Slice slice) {
    const std::size_t end = slice.first + slice.count;
    std::size_t n = slice.first;
    for (; n + kBlock <= end; n += kBlock) {
        Vector sums[kBlock][kVectors];
        clear(sums);
        for (const MixTerm& term : terms) add_term(term, n, sums);
        const Quad added = fold(fold(sums[0]), fold(sums[1]), fold(sums[2]), fold(sums[3]));
        hn::StoreU(hn::Add(hn::LoadU(Four(), out + n), added), Four(), out + n);
    }
    for (; n < end; ++n) {
        Vector sums[1][kVectors];
        clear(sums);
        for (const MixTerm& term : terms) add_term(term, n, sums);
        out[n] += fold(fold(sums[0]));
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mixrig::dsp {

HWY_EXPORT(mix_kernel);

void mix_column(std::span<const MixTerm> terms, float* out, Slice slice) MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(mix_kernel)(terms, out, slice);
}

}  // namespace mixrig::dsp
#endif
