// The loop that every dynamics kernel shares: listen, decide at every tick, apply the gain.
// SPDX-License-Identifier: GPL-3.0-or-later
// Included once for each target, after foreach_target.h and highway.h.
#if defined(MIXRIG_DSP_DETECTOR_INL_H) == defined(HWY_TARGET_TOGGLE)
#ifdef MIXRIG_DSP_DETECTOR_INL_H
#undef MIXRIG_DSP_DETECTOR_INL_H
#else
#define MIXRIG_DSP_DETECTOR_INL_H
#endif

#include "dsp/detector.h"
#include "dsp/math-inl.h"

#include <algorithm>

HWY_BEFORE_NAMESPACE();
namespace mixrig::dsp {
namespace HWY_NAMESPACE {

HWY_INLINE void store_lanes(Vector v, Mask lanes, float* p) {
    hn::Store(hn::IfThenElse(lanes, v, load(p)), Floats(), p);
}

struct Detection {
    Vector peak, last_peak, sum, mean_square;
};

HWY_INLINE Detection load_detection(const DetectorState& state, std::size_t l) {
    return {load(state.peak.v + l), load(state.last_peak.v + l), load(state.sum.v + l),
            load(state.mean_square.v + l)};
}

HWY_INLINE void store_detection(const Detection& d, Mask lanes, DetectorState& state,
                                std::size_t l) {
    store_lanes(d.peak, lanes, state.peak.v + l);
    store_lanes(d.last_peak, lanes, state.last_peak.v + l);
    store_lanes(d.sum, lanes, state.sum.v + l);
    store_lanes(d.mean_square, lanes, state.mean_square.v + l);
}

// A comparison rather than Max, so that NaN does not stay.
HWY_INLINE void listen(Detection& d, Vector key) {
    const Vector magnitude = hn::Abs(key);
    d.peak = hn::IfThenElse(hn::Gt(magnitude, d.peak), magnitude, d.peak);
    d.sum = hn::MulAdd(key, key, d.sum);
}

HWY_INLINE void next_chunk(Detection& d, DetectorState& state, std::size_t l, Mask lanes,
                           std::size_t slot, Vector scale) {
    d.last_peak = d.peak;
    d.peak = hn::Zero(Floats());
    store_lanes(d.sum, lanes, state.chunks[slot].v + l);
    d.sum = hn::Zero(Floats());
    Vector total = load(state.chunks[0].v + l);
    for (std::size_t c = 1; c < kRmsChunks; ++c)
        total = hn::Add(total, load(state.chunks[c].v + l));
    d.mean_square = hn::Mul(total, scale);
}

// The louder of both lanes of a pair where they are linked.
HWY_INLINE Vector linked_level(Vector level, Mask linked) {
    return hn::IfThenElse(linked, hn::Max(level, hn::Shuffle2301(level)), level);
}

HWY_INLINE void approach(Vector target, Vector share, Vector& value, Vector& remainder) {
    const Vector gap = hn::Sub(target, value);
    const Vector step = hn::MulAdd(share, gap, remainder);
    const Vector next = hn::Add(value, step);
    const auto arrived = hn::Lt(hn::Abs(gap), set(kArrived));
    remainder = hn::IfThenZeroElse(arrived, hn::Sub(step, hn::Sub(next, value)));
    value = hn::IfThenElse(arrived, target, next);
}

// A setting of the lanes [l, l + kWidth) that may glide.
template <bool kGlide>
struct Setting {
    Setting(const LaneFloats& from, const LaneFloats& step, std::size_t l)
        : from_(load(from.v + l)), step_(load(step.v + l)) {}
    HWY_INLINE Vector at(Vector n) const {
        if constexpr (kGlide) return hn::MulAdd(n, step_, from_);
        return from_;
    }
    HWY_INLINE void mask(Mask lanes, float elsewhere) {
        from_ = hn::IfThenElse(lanes, from_, set(elsewhere));
        step_ = hn::IfThenElseZero(lanes, step_);
    }

private:
    Vector from_, step_;
};

// A smoothed reduction and the gain that follows from it, for any state that has these members.
struct Reduction {
    Vector value, remainder, gain, gain_step, deepest;

    template <typename State>
    Reduction(const State& state, std::size_t l)
        : value(load(state.reduction.v + l)),
          remainder(load(state.remainder.v + l)),
          gain(load(state.gain.v + l)),
          gain_step(load(state.gain_step.v + l)),
          deepest(load(state.deepest.v + l)) {}

    template <typename State>
    void store_to(State& state, Mask lanes, std::size_t l) const {
        store_lanes(value, lanes, state.reduction.v + l);
        store_lanes(remainder, lanes, state.remainder.v + l);
        store_lanes(gain, lanes, state.gain.v + l);
        store_lanes(gain_step, lanes, state.gain_step.v + l);
        store_lanes(deepest, lanes, state.deepest.v + l);
    }

    HWY_INLINE void move_to(Vector target, Vector share) {
        approach(target, share, value, remainder);
        const Vector goal = exp2_of(hn::Neg(value));
        gain_step = hn::Mul(hn::Sub(goal, gain), set(1.0f / static_cast<float>(kTick)));
        gain = goal;
        deepest = hn::Max(deepest, value);
    }

    HWY_INLINE Vector gain_at(std::size_t since) const {
        return hn::NegMulAdd(set(static_cast<float>(kTick - 1 - since)), gain_step, gain);
    }
};

// Law: tick(n, detection) decides on a gain at frame n of the quantum, gain(n, since) is the gain
// at frame n, `since` the frames since the last tick.
template <typename Law>
HWY_INLINE void run_law(Law& law, const DynamicsCall& call, DetectorState& state, std::size_t l) {
    const Mask listening = mask_at(call.listen, l);
    const Vector scale = set(1.0f / static_cast<float>(kRmsChunks * call.chunk));
    Detection d = load_detection(state, l);
    ChunkClock clock(call.sidechain.frame, call.chunk);
    const std::size_t end = call.slice.first + call.slice.count;
    for (std::size_t n = call.slice.first; n < end;) {
        if (clock.begins()) next_chunk(d, state, l, listening, clock.finished_slot(), scale);
        const std::size_t stop = std::min(end, n + clock.left());
        clock.advance(stop - n);
        for (; n < stop; ++n) {
            const Vector time = set(static_cast<float>(n));
            listen(d, load(call.sidechain.key + n * kLanes + l));
            if (n % kTick == 0) law.tick(time, d);
            float* x = call.x + n * kLanes + l;
            store(hn::Mul(load(x), law.gain(time, n % kTick)), x);
        }
    }
    store_detection(d, listening, state, l);
}

}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#endif
