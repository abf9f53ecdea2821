// Values to events: effects, their units and settings, and where they stand.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/effect.h"
#include "src/engine/effect_units.h"
#include "src/engine/resolver.h"

#include <string>

namespace mixrig::engine {

using link::Block;
using param::Kind;
using param::row;

void Resolver::effect_events(Strip strip, Dirty dirty) {
    if (has(strip, row("insert")) && is_dirty(dirty, Part::insert, 0)) {
        const float insert = number(strip, row("insert"));
        emit(Block::insert, strip, 0,
             insert == param::kInsertNone ? link::kNoInsert : insert - param::kInsertFirstEffect);
    }
    if (!has(strip, row("type"))) return;
    const auto type = static_cast<EffectType>(number(strip, row("type")));
    const dsp::FxSettings settings = unit_settings(
        type, [&](std::size_t r) { return number(strip, r); },
        values_.number(layout_.slot(Kind::desk, 0, row("/tempo"))));
    EffectType& sent = sent_units_[geometry_.strips[strip].number];
    if (sent != type) {
        std::unique_ptr<dsp::FxUnit> unit = unit_of(strip, type);
        if (unit) unit->set(settings, dsp::Change::jump);
        emit(Block::effect, strip, 0, unit.release());
        sent = type;
    } else if (is_dirty(dirty, Part::effect_unit, 0) && type != EffectType::none) {
        emit(Block::effect_unit, strip, 0, settings);
    }
    if (is_dirty(dirty, Part::effect_mix, 0))
        emit(Block::effect_mix, strip, 0,
             design_effect_mix(number(strip, row("mix")),
                               {static_cast<double>(number(strip, row("mono_below")))}, rate_));
}

std::unique_ptr<dsp::FxUnit> Resolver::unit_of(Strip strip, EffectType type) const {
    std::unique_ptr<dsp::FxUnit> unit;
    if (type == EffectType::convolution && make_convolution_)
        unit = make_convolution_(geometry_.strips[strip].number);
    return unit ? std::move(unit) : make_unit(type, rate_);
}

void Resolver::renew_unit(std::size_t effect) {
    const Strip strip = geometry_.strip(Kind::fx, effect);
    if (static_cast<EffectType>(number(strip, row("type"))) != EffectType::convolution) return;
    sent_units_[effect] = EffectType::none;
    refresh(layout_.slot(Kind::fx, effect, row("type")));
}

// On a bus a convolution's block is a pre-delay, for which nothing else has to wait.
std::size_t Resolver::effect_latency(const param::Values& values, std::size_t effect,
                                     bool inserted) const {
    const auto type =
        static_cast<EffectType>(values.number(layout_.slot(Kind::fx, effect, row("type"))));
    if (type == EffectType::convolution) return inserted ? dsp::kConvolutionBlock : 0;
    return type == EffectType::saturation ? saturation_latency_ : 0;
}

// What effects add: to a strip that has one inserted, else to their bus.
void Resolver::add_effect_latency(Routing& routing, const param::Values& values) const {
    for (std::size_t e = 0; e < sent_units_.size(); ++e)
        routing.before[geometry_.strip(Kind::fx, e)] = effect_latency(values, e, false);
    for (Strip s = 0; s < geometry_.strips.size(); ++s) {
        if (!has(s, row("insert"))) continue;
        const StripPlace& at = geometry_.strips[s];
        const float insert = values.number(layout_.slot(at.kind, at.number, row("insert")));
        if (insert == param::kInsertNone) continue;
        const auto e = static_cast<std::size_t>(insert - param::kInsertFirstEffect);
        routing.insert[s] = effect_latency(values, e, true);
        routing.before[geometry_.strip(Kind::fx, e)] = 0;
    }
}

// An effect stands in one place.
base::Status Resolver::check_inserts(const param::Values& values) const {
    std::vector<Strip> owner(sent_units_.size(), static_cast<Strip>(geometry_.strips.size()));
    for (Strip s = 0; s < geometry_.strips.size(); ++s) {
        if (!has(s, row("insert"))) continue;
        const StripPlace& at = geometry_.strips[s];
        const param::Slot slot = layout_.slot(at.kind, at.number, row("insert"));
        const float insert = values.number(slot);
        if (insert == param::kInsertNone) continue;
        Strip& first = owner[static_cast<std::size_t>(insert - param::kInsertFirstEffect)];
        if (first < geometry_.strips.size()) {
            const StripPlace& other = geometry_.strips[first];
            return base::Error{
                "this effect is inserted in " +
                    layout_.address(layout_.slot(other.kind, other.number, row("insert"))),
                layout_.address(slot), "set that to none first"};
        }
        first = s;
    }
    return base::Done{};
}

}  // namespace mixrig::engine
