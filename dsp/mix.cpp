// The mix matrix: one bus is a sum over banks and lanes, in a fixed order.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/mix.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/mix.cpp"
#include "dsp/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {

// Accumulators at once: enough to hide the latency of a multiply-add, few enough for the registers.
inline constexpr std::size_t kBlock = 8;

using Four = hn::FixedTag<float, 4>;
using Quad = hn::Vec<Four>;

// Accumulators of kFrames frames.
template <std::size_t kFrames>
struct alignas(64) Sums {
    float v[kFrames][kLanes];
};

// 8+8 and 4+4 of the tree: sixteen accumulators of a frame become four.
HWY_INLINE Quad fold(const float* sums) {
    const Four d;
    const Quad low = hn::Add(hn::Load(d, sums), hn::Load(d, sums + 8));
    const Quad high = hn::Add(hn::Load(d, sums + 4), hn::Load(d, sums + 12));
    return hn::Add(low, high);
}

// 2+2 and 1+1 of one frame.
HWY_INLINE float fold(Quad quad) {
    alignas(16) float s[4];
    hn::Store(quad, Four(), s);
    return (s[0] + s[2]) + (s[1] + s[3]);
}

// 2+2 and 1+1 of four frames.
HWY_INLINE Quad fold(Quad f0, Quad f1, Quad f2, Quad f3) {
    const Four d;
    const Quad low01 = hn::InterleaveLower(d, f0, f1), low23 = hn::InterleaveLower(d, f2, f3);
    const Quad high01 = hn::InterleaveUpper(d, f0, f1), high23 = hn::InterleaveUpper(d, f2, f3);
    const Quad s0 = hn::ConcatLowerLower(d, low23, low01);
    const Quad s1 = hn::ConcatUpperUpper(d, low23, low01);
    const Quad s2 = hn::ConcatLowerLower(d, high23, high01);
    const Quad s3 = hn::ConcatUpperUpper(d, high23, high01);
    return hn::Add(hn::Add(s0, s2), hn::Add(s1, s3));
}

template <std::size_t kFrames>
HWY_INLINE void add_standing(const MixTerm& term, std::size_t n, std::size_t lane,
                             Vector (&sums)[kFrames]) {
    const Vector gain = load(term.gain->c0.v + lane);
    const float* x = term.x + n * kLanes + lane;
    for (std::size_t f = 0; f < kFrames; ++f)
        sums[f] = hn::MulAdd(gain, load(x + f * kLanes), sums[f]);
}

template <std::size_t kFrames>
HWY_INLINE void add_gliding(const MixTerm& term, std::size_t n, std::size_t lane,
                            Vector (&sums)[kFrames]) {
    const GainCurve& gain = *term.gain;
    const Vector c0 = load(gain.c0.v + lane), c1 = load(gain.c1.v + lane);
    const Vector c2 = load(gain.c2.v + lane), c3 = load(gain.c3.v + lane);
    const float* x = term.x + n * kLanes + lane;
    for (std::size_t f = 0; f < kFrames; ++f) {
        const Vector now = cubic_at(c0, c1, c2, c3, set(static_cast<float>(n + f)));
        sums[f] = hn::MulAdd(now, load(x + f * kLanes), sums[f]);
    }
}

// All terms, in order, for kFrames frames from frame n of the quantum. Two loops, one for each kind
// of term, keep the compiler from loading before it knows the kind and running out of registers.
template <std::size_t kFrames>
HWY_INLINE void add_terms(std::span<const MixTerm> terms, std::size_t n, Sums<kFrames>& sums) {
    for (std::size_t lane = 0; lane < kLanes; lane += kWidth) {
        Vector s[kFrames];
        for (std::size_t f = 0; f < kFrames; ++f) s[f] = hn::Zero(Floats());
        const MixTerm* term = terms.data();
        const MixTerm* const end = term + terms.size();
        while (term != end) {
            for (; term != end && term->gain->gliding == kNoLanes; ++term)
                add_standing(*term, n, lane, s);
            for (; term != end && term->gain->gliding != kNoLanes; ++term)
                add_gliding(*term, n, lane, s);
        }
        for (std::size_t f = 0; f < kFrames; ++f) store(s[f], sums.v[f] + lane);
    }
}

void mix_kernel(std::span<const MixTerm> terms, float* out, Slice slice) {
    const std::size_t end = slice.first + slice.count;
    std::size_t n = slice.first;
    for (; n + kBlock <= end; n += kBlock) {
        Sums<kBlock> sums;
        add_terms(terms, n, sums);
        for (std::size_t f = 0; f < kBlock; f += 4) {
            const Quad added = fold(fold(sums.v[f]), fold(sums.v[f + 1]), fold(sums.v[f + 2]),
                                    fold(sums.v[f + 3]));
            hn::StoreU(hn::Add(hn::LoadU(Four(), out + n + f), added), Four(), out + n + f);
        }
    }
    for (; n < end; ++n) {
        Sums<1> sums;
        add_terms(terms, n, sums);
        out[n] += fold(fold(sums.v[0]));
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
