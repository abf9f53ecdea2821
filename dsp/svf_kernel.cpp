// Second-order filters on a bank: the loop over frames.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/svf.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/svf_kernel.cpp"
#include "dsp/lanes-inl.h"

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {

// One section of one vector of lanes, in registers.
template <bool kGlide>
struct Section {
    HWY_INLINE Section(const SvfState& state, std::size_t lane, LaneMask lanes)
        : a2(load(state.c[0].v + lane)),
          a3(load(state.c[1].v + lane)),
          c1(load(state.c[2].v + lane)),
          d0(load(state.c[3].v + lane)),
          d1(load(state.c[4].v + lane)),
          d2(load(state.c[5].v + lane)),
          s1(load(state.s1.v + lane)),
          s2(load(state.s2.v + lane)),
          on(mask_at(state.active & lanes, lane)) {}

    HWY_INLINE void move(const SvfState& state, std::size_t lane, Vector n) {
        a2 = hn::MulAdd(n, load(state.step[0].v + lane), load(state.c[0].v + lane));
        a3 = hn::MulAdd(n, load(state.step[1].v + lane), load(state.c[1].v + lane));
        c1 = hn::MulAdd(n, load(state.step[2].v + lane), load(state.c[2].v + lane));
        d0 = hn::MulAdd(n, load(state.step[3].v + lane), load(state.c[3].v + lane));
        d1 = hn::MulAdd(n, load(state.step[4].v + lane), load(state.c[4].v + lane));
        d2 = hn::MulAdd(n, load(state.step[5].v + lane), load(state.c[5].v + lane));
    }

    HWY_INLINE Vector run(const SvfState& state, std::size_t lane, Vector n, Vector x) {
        if constexpr (kGlide) move(state, lane, n);
        const Vector v = hn::Sub(x, s2);
        const Vector change1 = hn::MulSub(a2, v, hn::Mul(c1, s1));
        const Vector change2 = hn::MulAdd(a3, v, hn::Mul(a2, s1));
        const Vector y = hn::MulAdd(d2, v, hn::MulAdd(d1, s1, hn::Mul(d0, x)));
        s1 = hn::Add(s1, change1);
        s2 = hn::Add(s2, change2);
        return hn::IfThenElse(on, y, x);
    }

    HWY_INLINE void end(SvfState& state, std::size_t lane) const {
        store(hn::IfThenElse(on, s1, load(state.s1.v + lane)), state.s1.v + lane);
        store(hn::IfThenElse(on, s2, load(state.s2.v + lane)), state.s2.v + lane);
    }

    Vector a2, a3, c1, d0, d1, d2;
    Vector s1, s2;
    Mask on;
};

// kCount sections in series on the vector of lanes that begins at `lane`.
template <std::size_t kCount, bool kGlide>
HWY_NOINLINE void run_sections(SvfState* const* states, std::size_t lane, float* x, Slice slice,
                               LaneMask lanes) {
    SvfState& state0 = *states[0];
    SvfState& state1 = *states[kCount > 1 ? 1 : 0];
    SvfState& state2 = *states[kCount > 2 ? 2 : 0];
    Section<kGlide> a(state0, lane, lanes), b(state1, lane, lanes), c(state2, lane, lanes);
    Vector n = set(static_cast<float>(slice.first));
    float* p = x + slice.first * kLanes + lane;
    for (std::size_t frame = 0; frame < slice.count; ++frame, p += kLanes) {
        Vector y = a.run(state0, lane, n, load(p));
        if constexpr (kCount > 1) y = b.run(state1, lane, n, y);
        if constexpr (kCount > 2) y = c.run(state2, lane, n, y);
        store(y, p);
        n = hn::Add(n, set(1.0f));
    }
    a.end(state0, lane);
    if constexpr (kCount > 1) b.end(state1, lane);
    if constexpr (kCount > 2) c.end(state2, lane);
}

template <std::size_t kCount>
void run_group(SvfState* const* states, std::size_t lane, float* x, Slice slice, LaneMask lanes) {
    LaneMask gliding = kNoLanes;
    for (std::size_t k = 0; k < kCount; ++k) gliding |= bits_at(states[k]->gliding, lane);
    if (gliding != kNoLanes)
        run_sections<kCount, true>(states, lane, x, slice, lanes);
    else
        run_sections<kCount, false>(states, lane, x, slice, lanes);
}

void run_all(std::span<SvfBank> sections, float* x, Slice slice, LaneMask lanes) {
    for (std::size_t lane = 0; lane < kLanes; lane += kWidth) {
        SvfState* group[3] = {};
        std::size_t count = 0;
        for (SvfBank& section : sections) {
            if (bits_at(section.active() & lanes, lane) == kNoLanes) continue;
            group[count++] = &section.state();
            if (count < 3) continue;
            run_group<3>(group, lane, x, slice, lanes);
            count = 0;
        }
        if (count == 2) run_group<2>(group, lane, x, slice, lanes);
        if (count == 1) run_group<1>(group, lane, x, slice, lanes);
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mixrig::dsp {

HWY_EXPORT(run_all);

void svf_process(std::span<SvfBank> sections, float* x, Slice slice, LaneMask lanes)
    MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(run_all)(sections, x, slice, lanes);
}

}  // namespace mixrig::dsp
#endif
