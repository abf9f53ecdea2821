// The gate on vectors; gate_scalar.cpp is the definition.
// SPDX-License-Identifier: GPL-3.0-or-later
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/gate_kernel.cpp"
#include <hwy/foreach_target.h>
//
#include "dsp/detector-inl.h"
#include "dsp/gate_kernel.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {
namespace {

template <bool kGlide>
struct GateLaw {
    GateLaw(const GateState& state, const GateGlide& glide, const DynamicsCall& call, std::size_t l)
        : threshold(glide.from()[kThreshold], glide.step()[kThreshold], l),
          hysteresis(glide.from()[kHysteresis], glide.step()[kHysteresis], l),
          slope(glide.from()[kSlope], glide.step()[kSlope], l),
          range(glide.from()[kRange], glide.step()[kRange], l),
          expand(glide.from()[kExpand], glide.step()[kExpand], l),
          attack(glide.from()[kAttack], glide.step()[kAttack], l),
          release(glide.from()[kRelease], glide.step()[kRelease], l),
          hold(glide.from()[kHold], glide.step()[kHold], l),
          wet(glide.from()[kWet], glide.step()[kWet], l),
          dry(glide.from()[kDry], glide.step()[kDry], l),
          linked(mask_at(call.sidechain.linked, l)),
          open(load(state.open.v + l)),
          hold_left(load(state.hold.v + l)),
          reduction(state, l) {
        const Mask run = mask_at(call.run, l);
        wet.mask(run, 0.0f);
        dry.mask(run, 1.0f);
    }

    // The level; what to aim at depends on whether the gate is open.
    HWY_INLINE Vector target(Vector, Vector peak, Vector) const {
        return linked_level(log2_of(peak), linked);
    }

    HWY_INLINE void decide(Vector n, Vector level) {
        const Vector zero = hn::Zero(Floats());
        const Vector opens_at = threshold.at(n);
        const Vector closes_at = hn::NegMulAdd(open, hysteresis.at(n), opens_at);
        const auto above = hn::Ge(level, closes_at);
        const Vector counted = hn::Max(hn::Sub(hold_left, set(1.0f)), zero);
        hold_left = hn::IfThenElse(above, hold.at(n), counted);
        const auto held = hn::And(hn::Gt(open, zero), hn::Gt(hold_left, zero));
        const auto is_open = hn::Or(above, held);
        open = hn::IfThenElseZero(is_open, set(1.0f));

        const Vector gated = hn::IfThenZeroElse(is_open, range.at(n));
        const Vector below = hn::Max(hn::Sub(opens_at, level), zero);
        const Vector expanded = hn::Min(hn::Mul(below, slope.at(n)), range.at(n));
        const Vector waiting =
            hn::IfThenElse(is_open, hn::Min(expanded, reduction.value), expanded);
        const Vector target = hn::MulAdd(expand.at(n), hn::Sub(waiting, gated), gated);
        const auto opening = hn::Lt(target, reduction.value);
        reduction.move_to(target, hn::IfThenElse(opening, attack.at(n), release.at(n)));
    }

    Setting<kGlide> threshold, hysteresis, slope, range, expand, attack, release, hold, wet, dry;
    Mask linked;
    Vector open, hold_left;
    Reduction reduction;
};

template <bool kGlide>
void gate_lanes(GateState& state, const GateGlide& glide, const DynamicsCall& call, std::size_t l) {
    GateLaw<kGlide> law(state, glide, call, l);
    run_law(law, call, state.detector, l);
    const Mask run = mask_at(call.run, l);
    law.reduction.store_to(state, run, l);
    store_lanes(law.open, run, state.open.v + l);
    store_lanes(law.hold_left, run, state.hold.v + l);
}

void gate(GateState& state, const GateGlide& glide, const DynamicsCall& call) {
    for (std::size_t l = 0; l < kLanes; l += kWidth) {
        if (!bits_at(call.run, l)) continue;
        if (bits_at(glide.gliding(), l))
            gate_lanes<true>(state, glide, call, l);
        else
            gate_lanes<false>(state, glide, call, l);
    }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mixrig::dsp {

HWY_EXPORT(gate);

void gate_vectors(GateState& state, const GateGlide& glide, const DynamicsCall& call)
    MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(gate)(state, glide, call);
}

}  // namespace mixrig::dsp
#endif
