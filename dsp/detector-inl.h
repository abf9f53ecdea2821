// The passes that every dynamics kernel shares: listen, decide at every tick, apply the gains.
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

// In this order Max ignores NaN on x86; on Arm it stays until the chunk after is over.
HWY_INLINE void listen(Detection& d, Vector key) {
    d.peak = hn::Max(hn::Abs(key), d.peak);
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
        deepest = hn::Max(deepest, value);
    }

    HWY_INLINE void glide_to(Vector goal) {
        gain_step = hn::Mul(hn::Sub(goal, gain), set(1.0f / static_cast<float>(kTick)));
        gain = goal;
    }

    HWY_INLINE Vector gain_at(std::size_t since) const {
        static constexpr float kFramesToGoal[kTick] = {3.0f, 2.0f, 1.0f, 0.0f};
        return hn::NegMulAdd(set(kFramesToGoal[since]), gain_step, gain);
    }
};

// What the detectors say at the ticks of a slice.
struct Heard {
    Vector peak[kQuantum / kTick];
    Vector mean_square[kQuantum / kTick];
};

HWY_INLINE void listen_to_slice(const DynamicsCall& call, DetectorState& state, std::size_t l,
                                Heard& heard) {
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
            listen(d, load(call.sidechain.key + n * kLanes + l));
            if (n % kTick != 0) continue;
            heard.peak[n / kTick] = hn::Max(d.peak, d.last_peak);
            heard.mean_square[n / kTick] = d.mean_square;
        }
    }
    store_detection(d, listening, state, l);
}

// One pass for each step, because only listening and deciding depend on the moment before:
// logarithms and exponentials of different ticks then overlap in the processor. (Two thirds of the
// time that a single pass takes.)
// Law: target(n, peak, mean_square) is what a tick aims at, decide(n, target) moves its reduction,
// wet and dry are the gains of the two parts.
template <typename Law>
HWY_INLINE void run_law(Law& law, const DynamicsCall& call, DetectorState& state, std::size_t l) {
    Heard heard;
    listen_to_slice(call, state, l, heard);

    const std::size_t end = call.slice.first + call.slice.count;
    const std::size_t first_tick = (call.slice.first + kTick - 1) / kTick;
    const std::size_t end_tick = (end + kTick - 1) / kTick;
    const auto time = [](std::size_t tick) { return set(static_cast<float>(tick * kTick)); };
    Vector goal[kQuantum / kTick];
    for (std::size_t t = first_tick; t < end_tick; ++t)
        goal[t] = law.target(time(t), heard.peak[t], heard.mean_square[t]);
    for (std::size_t t = first_tick; t < end_tick; ++t) {
        law.decide(time(t), goal[t]);
        goal[t] = law.reduction.value;
    }
    for (std::size_t t = first_tick; t < end_tick; ++t) goal[t] = exp2_of(hn::Neg(goal[t]));

    for (std::size_t n = call.slice.first; n < end; ++n) {
        if (n % kTick == 0) law.reduction.glide_to(goal[n / kTick]);
        const Vector now = set(static_cast<float>(n));
        const Vector gain =
            hn::MulAdd(law.wet.at(now), law.reduction.gain_at(n % kTick), law.dry.at(now));
        float* x = call.x + n * kLanes + l;
        store(hn::Mul(load(x), gain), x);
    }
}

}  // namespace HWY_NAMESPACE
}  // namespace mixrig::dsp
HWY_AFTER_NAMESPACE();

#endif
