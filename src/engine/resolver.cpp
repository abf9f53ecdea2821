// Values to events: bookkeeping of what changed, and routing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/resolver.h"

#include "dsp/glide.h"
#include "dsp/limiter.h"
#include "dsp/master/clipper.h"
#include "dsp/master/saturator.h"

#include <algorithm>

namespace mixrig::engine {

using param::Kind;
using param::row;

namespace {

constexpr std::uint32_t kEverything = 0xffffffffu;
constexpr std::size_t kIndexedBits =
    16;  // bands, then compressors and their keys, above the plain parts

// One bit a part; bands and compressors have one each.
constexpr std::uint32_t bit_of(Part part, std::size_t index) {
    switch (part) {
        case Part::band:
            return 1u << (kIndexedBits + index);
        case Part::comp:
            return 1u << (kIndexedBits + 6 + index);
        case Part::comp_key:
            return 1u << (kIndexedBits + 8 + index);
        case Part::comp_source:
            return 1u << (kIndexedBits + 10 + index);
        case Part::eq:
            return 0x3fu << kIndexedBits;
        case Part::label:
        case Part::monitor:
        case Part::side:
            return 0;
        case Part::trim:
            return 1u << 0;
        case Part::delay:
            return 1u << 1;
        case Part::hpf:
            return 1u << 2;
        case Part::lpf:
            return 1u << 3;
        case Part::gate:
            return 1u << 4;
        case Part::gate_key:
            return 1u << 5;
        case Part::gate_source:
            return 1u << 6;
        case Part::fader:
        case Part::mute:
        case Part::mutegroup:
        case Part::mutegroups:
        case Part::dca:
        case Part::dcas:
            return 1u << 7;
        case Part::limiter:
            return 1u << 9;
        case Part::stereo:
            return (1u << 10) | (1u << 11);  // a mono strip's pan is in its route
        case Part::solo:
        case Part::route:
        case Part::send:
            return 1u << 11;
        case Part::effect:
            return (1u << 12) | (1u << 14);
        case Part::effect_mix:
            return 1u << 13;
        case Part::effect_unit:
        case Part::tempo:
            return 1u << 14;
        case Part::insert:
            return 1u << 15;
        case Part::automix:
        case Part::automixes:
            return 1u << 28;
        case Part::master_ms:
            return 1u << 29;
        case Part::master_bands:
            return 1u << 30;
        case Part::master_shape:
        case Part::master_bypass:
            return 1u << 31;
        case Part::freeze:
            return bit_of(Part::trim, 0) | bit_of(Part::gate, 0) | bit_of(Part::comp, 0) |
                   bit_of(Part::comp, 1);
    }
    return 0;
}

}  // namespace

bool Resolver::is_dirty(Dirty dirty, Part part, std::size_t index) {
    return (dirty & bit_of(part, index)) != 0;
}

Resolver::Resolver(const param::Layout& layout, const Geometry& geometry, dsp::Hertz rate)
    : layout_(layout),
      geometry_(geometry),
      rate_(rate),
      limiter_latency_(dsp::Limiter(rate).latency_frames()),
      saturation_latency_(unit_latency(EffectType::saturation, rate)),
      saturator_latency_(dsp::Saturator(rate).latency()),
      clipper_latency_(dsp::Clipper(rate).latency()),
      values_(layout),
      planner_(geometry),
      dirty_(geometry.strips.size(), 0),
      audible_(geometry.strips.size(), true),
      silent_(geometry.strips.size(), false),
      sent_units_(layout.shape().count(Kind::fx), EffectType::none),
      measured_taps_(geometry.strips.size(), 0),
      touched_up_(geometry.strips.size(), false),
      sent_sides_(geometry.strips.size()) {
    for (Strip s = 0; s < geometry.strips.size(); ++s) {
        const Kind kind = geometry.strips[s].kind;
        if (kind != Kind::ch && kind != Kind::master) buses_.push_back(s);
    }
    sent_.resize(geometry.strips.size() * (buses_.size() + 1));
}

float Resolver::number(Strip strip, std::size_t at, std::size_t index) const {
    const StripPlace& place = geometry_.strips[strip];
    return values_.number(layout_.slot(place.kind, place.number, at, index));
}

bool Resolver::has(Strip strip, std::size_t at) const {
    return layout_.has(geometry_.strips[strip].kind, at);
}

void Resolver::touch(Strip strip, Dirty bits) {
    if (bits == 0) return;
    if (dirty_[strip] == 0) dirty_strips_.push_back(strip);
    dirty_[strip] |= bits;
}

void Resolver::touch_route(Strip strip) {
    touch(strip, bit_of(Part::route, 0));
}

void Resolver::touch_all() {
    for (Strip s = 0; s < geometry_.strips.size(); ++s) touch(s, kEverything);
    routing_dirty_ = solo_dirty_ = monitor_dirty_ = side_dirty_ = true;
}

void Resolver::set(param::Slot slot, float value) {
    if (values_.number(slot) == value) return;
    values_.set(slot, {value});
    const param::Place place = layout_.place(slot);
    const Part part = kParts[place.row];
    routing_dirty_ |= part == Part::route || part == Part::send || part == Part::limiter ||
                      part == Part::insert || part == Part::effect || part == Part::master_shape;
    solo_dirty_ |= part == Part::solo || part == Part::route || part == Part::dca ||
                   place.row == row("/dca/#/dca");
    monitor_dirty_ |= part == Part::monitor || part == Part::side;  // the talkback dims
    side_dirty_ |= part == Part::side;
    if (part == Part::freeze) touch_listeners(geometry_.strip(place.kind, place.strip));
    if (place.kind != Kind::desk)
        touch(geometry_.strip(place.kind, place.strip), bit_of(part, place.index));
    else if (part == Part::automixes)
        touch_automix(place.index);
    else if (part == Part::dcas || part == Part::mutegroups)
        touch_members(part, place.index);
    else if (part == Part::tempo)
        for (std::size_t e = 0; e < sent_units_.size(); ++e)
            touch(geometry_.strip(Kind::fx, e), bit_of(part, 0));
}

void Resolver::touch_part(Strip strip, Part part) {
    touch(strip, bit_of(part, 0));
}

void Resolver::touch_automix(std::size_t group) {
    for (Strip s = 0; s < geometry_.strips.size(); ++s)
        if (has(s, row("automix/group")) &&
            number(s, row("automix/group")) == static_cast<float>(group + 1))
            touch(s, bit_of(Part::automixes, 0));
}

// Every strip with a dynamics block that is keyed by this channel.
void Resolver::touch_listeners(Strip channel) {
    for (Strip s = 0; s < geometry_.strips.size(); ++s)
        for (std::size_t d = 0; d < 1 + param::kComps; ++d)
            if (listens_to(s, d) == channel)
                touch(s, d == 0 ? bit_of(Part::gate, 0) : bit_of(Part::comp, d - 1));
}

void Resolver::resolve_all(std::vector<link::Event>& batch) {
    touch_all();
    resolve(dsp::Change::jump, batch);
}

void Resolver::resolve(dsp::Change change, std::vector<link::Event>& batch) {
    batch_ = &batch;
    change_ = change;
    if (solo_dirty_) update_audible();
    if (routing_dirty_) update_plan();
    for (const Strip strip : dirty_strips_) {
        const Dirty dirty = dirty_[strip];
        dirty_[strip] = 0;
        strip_events(strip, dirty);
        effect_events(strip, dirty);
        master_events(strip, dirty);
        const bool opens_or_closes = is_dirty(dirty, Part::fader, 0) && update_silent(strip);
        if (opens_or_closes || is_dirty(dirty, Part::route, 0)) mix_events(strip, Paths::all);
    }
    dirty_strips_.clear();
    if (monitor_dirty_) monitor_events();
    if (side_dirty_) side_events();
    solo_dirty_ = routing_dirty_ = monitor_dirty_ = side_dirty_ = false;
    for (link::Event& event : batch) event.change = change;
    batch_ = nullptr;
}

void Resolver::update_plan() {
    bool inverted = false;
    std::unique_ptr<Plan> plan = planner_.plan(routing(values_), inverted);
    if (plan == nullptr) return;
    if (inverted && change_ == dsp::Change::glide) {
        // A group now runs before one that it used to feed: the old path fades out under the old
        // plan.
        for (Strip s = 0; s < geometry_.strips.size(); ++s) mix_events(s, Paths::ending);
        emit(link::Block::wait, 0, 0, static_cast<std::uint32_t>(dsp::glide_quanta(rate_) + 1));
    }
    emit(link::Block::plan, 0, 0, plan.release());
    for (Strip s = 0; s < geometry_.strips.size(); ++s) touch_route(s);
}

Strip Resolver::destination(float route) const {
    return route == param::kRouteMain
               ? geometry_.main()
               : geometry_.strip(Kind::sub,
                                 static_cast<std::size_t>(route - param::kRouteFirstSub));
}

Routing Resolver::routing(const param::Values& values) const {
    Routing routing;
    routing.latency.assign(geometry_.strips.size(), 0);
    routing.insert = routing.before = routing.latency;
    add_effect_latency(routing, values);
    for (Strip s = 0; s < geometry_.strips.size(); ++s) {
        add_paths(routing, values, s);
        const StripPlace& at = geometry_.strips[s];
        if (has(s, row("limiter/on")) &&
            values.number(layout_.slot(at.kind, at.number, row("limiter/on"))) != 0.0f)
            routing.latency[s] = limiter_latency_;
    }
    routing.latency[geometry_.main()] += master_latency(values);
    return routing;
}

void Resolver::add_paths(Routing& routing, const param::Values& values, Strip strip) const {
    const StripPlace& at = geometry_.strips[strip];
    const auto get = [&](std::size_t r, std::size_t index) {
        return values.number(layout_.slot(at.kind, at.number, r, index));
    };
    if (has(strip, row("to"))) {
        const float route = get(row("to"), 0);
        if (route != param::kRouteNone)
            routing.paths.push_back({strip, destination(route), SendTap::route});
    }
    for (const SendRows& send : kSends) {
        if (!has(strip, send.on)) continue;
        for (std::size_t i = 0; i < layout_.shape().count(send.to); ++i)
            if (get(send.on, i) != 0.0f && get(send.level, i) > param::kSilence)
                routing.paths.push_back(
                    {strip, geometry_.strip(send.to, i), static_cast<SendTap>(get(send.tap, i))});
    }
}

base::Status Resolver::verdict(const param::Values& values, const std::string& where) const {
    switch (planner_.fit(routing(values))) {
        case Planner::Fit::yes:
            return base::Done{};
        case Planner::Fit::loop:
            return base::Error{"this would make a loop: a strip would feed itself", where,
                               "send it to main, or undo the path back first"};
        case Planner::Fit::too_many_delays:
            break;
    }
    return base::Error{
        "the paths would need more different delays to align than the desk has", where,
        "switch off a limiter in the chain of subgroups, or take out an effect that is late"};
}

base::Status Resolver::check_all() const {
    if (auto status = check_inserts(values_); !status) return status;
    if (auto status = check_dcas(values_); !status) return status;
    return verdict(values_, {});
}

base::Status Resolver::check(param::Slot slot, float value) const {
    const param::Place place = layout_.place(slot);
    const Part part = kParts[place.row];
    // Only groups can feed one another, only limiters add a delay. A channel's path that needs one
    // delay too many is rounded by the planner; to look for it at every touch of a send would cost
    // too much.
    const bool group = place.kind == Kind::sub || place.kind == Kind::fx;
    const bool matters = (group && (part == Part::route || part == Part::send)) ||
                         part == Part::limiter || part == Part::insert || part == Part::effect ||
                         place.row == row("/dca/#/dca");
    if (!matters || values_.number(slot) == value) return base::Done{};
    param::Values after = values_;
    after.set(slot, {value});
    if (auto status = check_inserts(after); !status) return status;
    if (part == Part::dcas) return check_dcas(after);
    return verdict(after, layout_.address(slot));
}

void Resolver::refresh(param::Slot slot) {
    const param::Place place = layout_.place(slot);
    if (place.kind != Kind::desk)
        touch(geometry_.strip(place.kind, place.strip), bit_of(kParts[place.row], place.index));
}

}  // namespace mixrig::engine
