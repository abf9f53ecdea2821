// Units of an effect, crossing over.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/effect.h"

#include "src/engine/lanes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::engine {

using dsp::Change;
using dsp::FxUnit;
using dsp::Slice;

link::EffectMix design_effect_mix(float mix, dsp::Hertz mono_below, dsp::Hertz rate) {
    return {
        .mix = mix,
        .mono = mono_below.value > 0.0 ? 1.0f : 0.0f,
        .corner = static_cast<float>(std::tan(std::numbers::pi * mono_below.value / rate.value))};
}

Effect::Effect(dsp::Hertz rate)
    : gains_(dsp::glide_quanta(rate), 0.0f), corner_(dsp::glide_quanta(rate), 0.01f) {
    gains_.set(kPass, 1.0f, Change::jump);
    gains_.set(kMix, 1.0f, Change::jump);
    gains_.set(kPlace, 1.0f, Change::jump);
    for (std::size_t i = 0; i < kSlots; ++i) gains_.set(kOut + i, 1.0f, Change::jump);
    gains_.begin_quantum();
}

Effect::~Effect() {
    for (Slot& slot : slots_) delete slot.unit;
    for (std::size_t i = 0; i < finished_count_; ++i) delete finished_[i];
}

dsp::Cubic Effect::gain(std::size_t lane) const MIXRIG_REALTIME {
    const dsp::GainCurve& curve = gains_.curve();
    return {curve.c0[lane], curve.c1[lane], curve.c2[lane], curve.c3[lane]};
}

bool Effect::stands_at(std::size_t lane, float value) const MIXRIG_REALTIME {
    return !(gains_.moving() & dsp::lane_bit(lane)) && gains_.goal(lane) == value;
}

FxUnit* Effect::install(FxUnit* unit, Change change) MIXRIG_REALTIME {
    const Change now = asleep_ ? Change::jump : change;
    for (Slot& slot : slots_) ++slot.age;
    if (current_ != kSlots) gains_.set(kIn + current_, 0.0f, now);
    gains_.set(kPass, unit == nullptr ? 1.0f : 0.0f, now);
    current_ = kSlots;
    if (unit == nullptr) return nullptr;

    const auto older = [](const Slot& a, const Slot& b) {
        return (a.unit != nullptr ? a.age : 0) < (b.unit != nullptr ? b.age : 0);
    };
    auto place = std::find_if(slots_.begin(), slots_.end(),
                              [](const Slot& slot) { return slot.unit == nullptr; });
    FxUnit* displaced = nullptr;
    if (place == slots_.end()) {
        place = std::max_element(slots_.begin(), slots_.end(), older);
        displaced = place->unit;
    } else if (++used_ > kSlots / 2) {
        // Many are ringing: the oldest fades, so that there is room for the next.
        const auto oldest = std::max_element(slots_.begin(), slots_.end(), older);
        gains_.set(kOut + static_cast<std::size_t>(oldest - slots_.begin()), 0.0f, now);
    }
    place->unit = unit;
    place->age = 0;
    place->dry = {};
    current_ = static_cast<std::size_t>(place - slots_.begin());
    if (tells_) unit->tell();
    if (leader_ != nullptr) unit->follow(*leader_->slots_[current_].unit);
    gains_.set(kIn + current_, 0.0f, Change::jump);
    gains_.set(kIn + current_, 1.0f, now);
    gains_.set(kOut + current_, 1.0f, Change::jump);
    return displaced;
}

void Effect::set(const dsp::FxSettings& settings, Change change) MIXRIG_REALTIME {
    if (current_ != kSlots) slots_[current_].unit->set(settings, asleep_ ? Change::jump : change);
}

void Effect::set_mix(const link::EffectMix& goal, Change change) MIXRIG_REALTIME {
    const Change now = asleep_ ? Change::jump : change;
    gains_.set(kMix, goal.mix, now);
    if (goal.mono != 0.0f)
        corner_.set(0, goal.corner, gains_.goal(kMono) == 0.0f ? Change::jump : now);
    gains_.set(kMono, goal.mono, now);
}

FxUnit* Effect::take_finished() MIXRIG_REALTIME {
    return finished_count_ == 0 ? nullptr : finished_[--finished_count_];
}

bool Effect::take(Change change) MIXRIG_REALTIME {
    if (inserted_) return false;
    gains_.set(kPlace, 0.0f, asleep_ ? Change::jump : Change::glide);
    if (!asleep_ && !stands_at(kPlace, 0.0f)) return false;
    reset();
    inserted_ = true;
    gains_.set(kPlace, 1.0f, change);
    return true;
}

void Effect::release() MIXRIG_REALTIME {
    inserted_ = false;
    reset();
    gains_.set(kPlace, 0.0f, Change::jump);
    gains_.set(kPlace, 1.0f, Change::glide);
}

void Effect::reset() MIXRIG_REALTIME {
    for (Slot& slot : slots_) {
        if (slot.unit == nullptr) continue;
        slot.unit->reset();
        slot.dry = {};
    }
    s1_ = s2_ = 0.0f;
}

// Units that nobody plays any more and that are silent.
void Effect::retire() MIXRIG_REALTIME {
    for (std::size_t i = 0; i < kSlots; ++i) {
        Slot& slot = slots_[i];
        if (slot.unit == nullptr || i == current_ || finished_count_ == kSlots) continue;
        if (!is_done(i)) continue;
        finished_[finished_count_++] = slot.unit;
        slot.unit = nullptr;
        --used_;
    }
}

bool Effect::is_done(std::size_t slot) const MIXRIG_REALTIME {
    if (leader_ != nullptr) return leader_->slots_[slot].unit == nullptr;
    const bool fed = !stands_at(kIn + slot, 0.0f);
    return stands_at(kOut + slot, 0.0f) || (!fed && slots_[slot].unit->is_at_rest());
}

bool Effect::may_sleep() const MIXRIG_REALTIME {
    if (leader_ != nullptr) return sleeps_ != leader_->sleeps_;
    if (asleep_ || heard_ || !gains_.idle() || !corner_.idle()) return false;
    constexpr float kInaudible = 1e-9f;  // -180 dB
    if (std::fabs(s1_) > kInaudible || std::fabs(s2_) > kInaudible) return false;
    return std::all_of(slots_.begin(), slots_.end(), [](const Slot& slot) {
        return slot.unit == nullptr ||
               (slot.unit->is_at_rest() &&
                std::all_of(slot.dry.begin(), slot.dry.end(), [](const auto& side) {
                    return std::all_of(side.begin(), side.end(),
                                       [](float x) { return std::fabs(x) <= kInaudible; });
                }));
    });
}

void Effect::fall_asleep() MIXRIG_REALTIME {
    if (!may_sleep()) return;
    ++sleeps_;
    reset();
    asleep_ = true;
}

void Effect::begin_quantum() MIXRIG_REALTIME {
    retire();
    fall_asleep();
    heard_ = false;
    if (!gains_.idle()) gains_.begin_quantum();
    if (!corner_.idle()) corner_.begin_quantum();
    if (asleep_) return;
    for (Slot& slot : slots_)
        if (slot.unit != nullptr) slot.unit->begin_quantum();
}

// A sleeping unit had no part in this quantum so far: it hears the silence that it slept through,
// so that the cut of time into slices changes nothing.
void Effect::catch_up(Slice slice) MIXRIG_REALTIME {
    asleep_ = false;
    for (Slot& slot : slots_) {
        if (slot.unit == nullptr) continue;
        slot.unit->begin_quantum();
        if (slice.first == 0) continue;
        std::array<Planar, 2> silence{};
        slot.unit->process(silence[0].data(), silence[1].data(), {0, slice.first});
    }
}

void Effect::process(const float* left, const float* right, Slice slice) MIXRIG_REALTIME {
    const bool silence = leader_ != nullptr
                             ? leader_->asleep_
                             : is_silent(left, slice.count) && is_silent(right, slice.count);
    heard_ = heard_ || !silence;
    silent_ = silence && asleep_;
    if (silent_) return;
    if (asleep_) catch_up(slice);

    constexpr Planar kSilence{};
    const std::array in = {left != nullptr ? left : kSilence.data(),
                           right != nullptr ? right : kSilence.data()};
    const dsp::Cubic pass = gain(kPass);
    const bool plain = stands_at(kPass, 1.0f);
    for (std::size_t side = 0; side < 2; ++side) {
        std::fill_n(wet_[side].data() + slice.first, slice.count, 0.0f);
        for (std::size_t i = 0; i < slice.count; ++i) {
            const std::size_t n = slice.first + i;
            out_[side][n] = plain ? in[side][i] : pass.at(n) * in[side][i];
        }
    }
    if (used_ != 0) {
        for (std::size_t s = 0; s < kSlots; ++s)
            if (slots_[s].unit != nullptr) run(s, in.data(), slice);
        if (!stands_at(kMono, 0.0f)) make_mono_below(slice);
        for (std::size_t side = 0; side < 2; ++side)
            for (std::size_t n = slice.first; n < slice.first + slice.count; ++n)
                out_[side][n] += wet_[side][n];
    }
    if (!inserted_ && !stands_at(kPlace, 1.0f)) fade_bus(slice);
}

void Effect::fade_bus(Slice slice) MIXRIG_REALTIME {
    const dsp::Cubic bus = gain(kPlace);
    for (Planar& side : out_)
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) side[n] *= bus.at(n);
}

// One unit: what it makes of its input, and the input itself, as late as the unit.
void Effect::run(std::size_t s, const float* const* in, Slice slice) MIXRIG_REALTIME {
    Slot& slot = slots_[s];
    const dsp::Cubic feed = gain(kIn + s), level = gain(kOut + s), mix = gain(kMix);
    const bool all_wet = stands_at(kMix, 1.0f);
    const bool settled = stands_at(kPlace, 1.0f);
    const dsp::Cubic place = gain(kPlace);
    std::array<Planar, 2> x;
    const std::size_t late = std::min(slot.unit->latency(), kDryFrames - 1);
    for (std::size_t side = 0; side < 2; ++side)
        for (std::size_t i = 0; i < slice.count; ++i) {
            const std::size_t n = slice.first + i;
            x[side][n] = feed.at(n) * in[side][i];
            slot.dry[side][(slot.position + i) % kDryFrames] = x[side][n];
            if (!settled) x[side][n] *= place.at(n);
            if (all_wet) continue;
            const std::size_t then = (slot.position + i + kDryFrames - late) % kDryFrames;
            out_[side][n] += level.at(n) * (1.0f - mix.at(n)) * slot.dry[side][then];
        }
    slot.position = (slot.position + slice.count) % kDryFrames;
    slot.unit->process(x[0].data(), x[1].data(), slice);
    for (std::size_t side = 0; side < 2; ++side)
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n)
            wet_[side][n] += level.at(n) * mix.at(n) * x[side][n];
}

// A high-pass of second order (Butterworth; trapezoidal, after A. Simper's "Solving the continuous
// SVF equations") on the difference of the sides.
void Effect::make_mono_below(Slice slice) MIXRIG_REALTIME {
    constexpr float k = std::numbers::sqrt2_v<float>;
    const dsp::Cubic weight = gain(kMono);
    const dsp::GainCurve& curve = corner_.curve();
    const dsp::Cubic corner{curve.c0[0], curve.c1[0], curve.c2[0], curve.c3[0]};
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const float middle = 0.5f * (wet_[0][n] + wet_[1][n]);
        const float side = 0.5f * (wet_[0][n] - wet_[1][n]);
        const float g = corner.at(n);
        const float a1 = 1.0f / (1.0f + g * (g + k));
        const float v3 = side - s2_;
        const float v1 = a1 * (s1_ + g * v3);
        const float v2 = s2_ + g * v1;
        s1_ = 2.0f * v1 - s1_;
        s2_ = 2.0f * v2 - s2_;
        const float high = side - k * v1 - v2;
        const float wide = side + weight.at(n) * (high - side);
        wet_[0][n] = middle + wide;
        wet_[1][n] = middle - wide;
    }
}

const float* Effect::out(std::size_t side, Slice slice) const MIXRIG_REALTIME {
    return silent_ ? nullptr : out_[side].data() + slice.first;
}

}  // namespace mixrig::engine
