// Effects: in their buses, and inserted in strips.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/engine.h"
#include "src/engine/lanes.h"

#include <algorithm>
#include <array>

namespace mixrig::engine {

using dsp::Change;
using dsp::LaneMask;
using link::Block;

void Engine::apply_effect(const link::Event& event) MIXRIG_REALTIME {
    if (event.block == Block::insert) {
        Insert& insert = *strip_states_[event.strip].insert;
        const auto number = event.data<float>();
        // An effect that was asked for and not had yet stays where it is.
        if (insert.next != kNoEffect && insert.next != insert.now) effects_[insert.next]->release();
        insert.next = number == link::kNoInsert ? kNoEffect : static_cast<std::size_t>(number);
        if (insert.now == insert.next)
            insert.wet.set(0, insert.now == kNoEffect ? 0.0f : 1.0f, Change::glide);
        const auto end = inserting_.begin() + static_cast<std::ptrdiff_t>(inserts_);
        if (std::find(inserting_.begin(), end, event.strip) == end)
            inserting_[inserts_++] = event.strip;
        return;
    }
    Effect& effect = *effects_[geometry_.strips[event.strip].number];
    if (event.block == Block::effect)
        retire(
            {link::Retired::Kind::unit, effect.install(event.data<dsp::FxUnit*>(), event.change)});
    else if (event.block == Block::effect_unit)
        effect.set(event.data<dsp::FxSettings>(), event.change);
    else
        effect.set_mix(event.data<link::EffectMix>(), event.change);
}

void Engine::begin_effects() MIXRIG_REALTIME {
    for (std::size_t i = 0; i < inserts_;) {
        move_insert(inserting_[i]);
        const Insert& insert = *strip_states_[inserting_[i]].insert;
        if (insert.now == kNoEffect && insert.next == kNoEffect && insert.wet.idle())
            inserting_[i] = inserting_[--inserts_];
        else
            ++i;
    }
    for (const auto& effect : effects_) {
        effect->begin_quantum();
        while (dsp::FxUnit* unit = effect->take_finished())
            retire({link::Retired::Kind::unit, unit});
    }
}

// Fades out what it has, then in what it shall have.
void Engine::move_insert(Strip strip) MIXRIG_REALTIME {
    Insert& insert = *strip_states_[strip].insert;
    // At the start there is nothing yet from which to cross over.
    const bool jumps = position_ == 0 || bank_states_[geometry_.strips[strip].bank].asleep;
    const Change change = jumps ? Change::jump : Change::glide;
    if (insert.now != insert.next && insert.now != kNoEffect) {
        if (insert.wet.goal(0) != 0.0f) insert.wet.set(0, 0.0f, change);
        if (change == Change::jump || (insert.wet.idle() && insert.wet.goal(0) == 0.0f)) {
            effects_[insert.now]->release();
            insert.now = kNoEffect;
        }
    }
    if (insert.now == kNoEffect && insert.next != kNoEffect &&
        effects_[insert.next]->take(change)) {
        insert.now = insert.next;
        insert.wet.set(0, 1.0f, change);
    }
    if (!insert.wet.idle()) insert.wet.begin_quantum();
}

void Engine::run_effect(std::size_t number) MIXRIG_REALTIME {
    Effect& effect = *effects_[number];
    if (effect.is_inserted()) return;
    const StripPlace& place = geometry_.strips[geometry_.strip(param::Kind::fx, number)];
    const float* left = mix_.sum(place.column, slice_);
    effect.process(left, place.stereo ? mix_.sum(place.column + 1, slice_) : left, slice_);
}

// What comes back on the bus: nothing while a strip has the effect.
const float* Engine::return_of(std::size_t number, std::size_t side) const MIXRIG_REALTIME {
    const Effect& effect = *effects_[number];
    return effect.is_inserted() ? nullptr : effect.out(side, slice_);
}

LaneMask Engine::run_inserts(const BankRun& run) MIXRIG_REALTIME {
    LaneMask inserted = dsp::kNoLanes;
    for (const Strip s : geometry_.banks[run.bank].strips) {
        const StripPlace& place = geometry_.strips[s];
        const Insert* insert = strip_states_[s].insert.get();
        if (insert == nullptr || insert->now == kNoEffect ||
            !(run.lanes & dsp::lane_bit(place.lane)))
            continue;
        run_insert(s);
        inserted = static_cast<LaneMask>(inserted | place.mask());
    }
    return inserted;
}

// A mono strip hears the middle of what a stereo unit makes of it.
void Engine::run_insert(Strip strip) MIXRIG_REALTIME {
    const StripPlace& place = geometry_.strips[strip];
    const Insert& insert = *strip_states_[strip].insert;
    Effect& effect = *effects_[insert.now];
    float* x = banks_[place.bank]->pre_lanes() + slice_.first * dsp::kLanes + place.lane;
    std::array<Planar, 2> dry;
    for (std::size_t side = 0; side < place.lanes(); ++side)
        for (std::size_t i = 0; i < slice_.count; ++i) dry[side][i] = x[i * dsp::kLanes + side];
    effect.process(dry[0].data(), place.stereo ? dry[1].data() : dry[0].data(), slice_);
    const dsp::GainCurve& curve = insert.wet.curve();
    const dsp::Cubic wet{curve.c0[0], curve.c1[0], curve.c2[0], curve.c3[0]};
    const bool whole = insert.wet.idle() && insert.wet.goal(0) == 1.0f;
    constexpr Planar kSilence{};
    std::array<const float*, 2> out{};
    for (std::size_t side = 0; side < 2; ++side) {
        const float* given = effect.out(side, slice_);
        out[side] = given != nullptr ? given : kSilence.data();
    }
    for (std::size_t side = 0; side < place.lanes(); ++side)
        for (std::size_t i = 0; i < slice_.count; ++i) {
            const float y = place.stereo ? out[side][i] : 0.5f * (out[0][i] + out[1][i]);
            x[i * dsp::kLanes + side] =
                whole ? y : dry[side][i] + wet.at(slice_.first + i) * (y - dry[side][i]);
        }
}

// What an insert remembers keeps its strip awake.
bool Engine::has_running_insert(std::size_t b) const MIXRIG_REALTIME {
    if (inserts_ == 0) return false;
    const auto& strips = geometry_.banks[b].strips;
    return std::any_of(strips.begin(), strips.end(), [this](Strip s) {
        const Insert* insert = strip_states_[s].insert.get();
        return insert != nullptr && insert->now != kNoEffect &&
               !effects_[insert->now]->is_at_rest();
    });
}

}  // namespace mixrig::engine
