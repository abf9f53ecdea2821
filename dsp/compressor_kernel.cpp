// The compressor on vectors; compressor_scalar.cpp is the definition.
// SPDX-License-Identifier: GPL-3.0-or-later
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "dsp/compressor_kernel.cpp"
#include <hwy/foreach_target.h>
//
#include "dsp/compressor_kernel.h"
#include "dsp/detector-inl.h"

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {
namespace {

template <bool kGlide>
struct CompressorLaw {
    CompressorLaw(const CompressorState& state, const CompressorGlide& glide,
                  const DynamicsCall& call, std::size_t l)
        : threshold(glide.from()[kThreshold], glide.step()[kThreshold], l),
          slope(glide.from()[kSlope], glide.step()[kSlope], l),
          knee(glide.from()[kKnee], glide.step()[kKnee], l),
          max_reduction(glide.from()[kMaxReduction], glide.step()[kMaxReduction], l),
          attack(glide.from()[kAttack], glide.step()[kAttack], l),
          release(glide.from()[kRelease], glide.step()[kRelease], l),
          rms(glide.from()[kRms], glide.step()[kRms], l),
          wet(glide.from()[kWet], glide.step()[kWet], l),
          dry(glide.from()[kDry], glide.step()[kDry], l),
          linked(mask_at(call.sidechain.linked, l)),
          reduction(state, l) {
        const Mask run = mask_at(call.run, l);
        wet.mask(run, 0.0f);
        dry.mask(run, 1.0f);
    }

    HWY_INLINE Vector target(Vector n, Vector peak, Vector mean_square) const {
        const Vector peak_square = hn::Mul(peak, peak);
        const Vector power = hn::MulAdd(rms.at(n), hn::Sub(mean_square, peak_square), peak_square);
        const Vector level = linked_level(hn::Mul(set(0.5f), log2_of(power)), linked);
        return computed(hn::Sub(level, threshold.at(n)), n);
    }

    HWY_INLINE void decide(Vector n, Vector target) {
        const auto grows = hn::Gt(target, reduction.value);
        reduction.move_to(target, hn::IfThenElse(grows, attack.at(n), release.at(n)));
    }

    Setting<kGlide> threshold, slope, knee, max_reduction, attack, release, rms, wet, dry;
    Mask linked;
    Reduction reduction;

private:
    // The static curve: quadratic inside the knee, with the slope outside.
    HWY_INLINE Vector computed(Vector over, Vector n) const {
        const Vector width = knee.at(n);
        const Vector half = hn::Mul(set(0.5f), width);
        const Vector inside = hn::Min(hn::Max(hn::Add(over, half), hn::Zero(Floats())), width);
        const Vector curved = hn::Div(hn::Mul(hn::Mul(set(0.5f), inside), inside),
                                      hn::Max(width, set(kNarrowestKnee)));
        const Vector straight = hn::Max(hn::Sub(over, half), hn::Zero(Floats()));
        return hn::Min(hn::Mul(slope.at(n), hn::Add(curved, straight)), max_reduction.at(n));
    }
};

template <bool kGlide>
void compress_lanes(CompressorState& state, const CompressorGlide& glide, const DynamicsCall& call,
                    std::size_t l) {
    CompressorLaw<kGlide> law(state, glide, call, l);
    run_law(law, call, state.detector, l);
    law.reduction.store_to(state, mask_at(call.run, l), l);
}

void compress(CompressorState& state, const CompressorGlide& glide, const DynamicsCall& call) {
    for (std::size_t l = 0; l < kLanes; l += kWidth) {
        if (!bits_at(call.run, l)) continue;
        if (bits_at(glide.gliding(), l))
            compress_lanes<true>(state, glide, call, l);
        else
            compress_lanes<false>(state, glide, call, l);
    }
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace mixrig::dsp {

HWY_EXPORT(compress);

void compress_vectors(CompressorState& state, const CompressorGlide& glide,
                      const DynamicsCall& call) MIXRIG_REALTIME {
    HWY_DYNAMIC_DISPATCH(compress)(state, glide, call);
}

}  // namespace mixrig::dsp
#endif
