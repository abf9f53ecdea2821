// Routing to plans.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/planner.h"

#include <algorithm>

namespace mixrig::engine {

Planner::Planner(const Geometry& geometry) : geometry_(geometry) {
    routing_.latency.assign(geometry.strips.size(), 0);
    routing_.insert = routing_.before = routing_.latency;
    levels_ = group_levels(geometry, routing_);
    latency_ = latencies(geometry, routing_, levels_);
}

Planner::Fit Planner::fit(const Routing& routing) const {
    const auto levels = group_levels(geometry_, routing);
    if (levels.empty()) return Fit::loop;
    return assign(routing, latencies(geometry_, routing, levels)).whole ? Fit::yes
                                                                        : Fit::too_many_delays;
}

std::size_t Planner::delay(const Path& path, const Latency& latency) const {
    const std::size_t from = latency.at(path.from, path.tap), to = latency.sum[path.to];
    return to > from ? to - from : 0;
}

// Delays that were there keep their slots, so that nothing that stays has to cross over.
Planner::Assigned Planner::assign(const Routing& routing, const Latency& latency) const {
    std::vector<std::size_t> needed;
    for (const Path& path : routing.paths) {
        const std::size_t frames = delay(path, latency);
        if (frames != 0 && std::find(needed.begin(), needed.end(), frames) == needed.end())
            needed.push_back(frames);
    }
    Assigned assigned;
    Slots& slots = assigned.slots;
    if (needed.size() > kAlignments - 1) {
        assigned.whole = false;
        needed.resize(kAlignments - 1);
    }
    std::vector<std::size_t> homeless;
    for (const std::size_t frames : needed) {
        const auto old = std::find(slots_.begin() + 1, slots_.end(), frames);
        if (old != slots_.end())
            slots[static_cast<std::size_t>(old - slots_.begin())] = frames;
        else
            homeless.push_back(frames);
    }
    for (const std::size_t frames : homeless) {
        // Rather one that was not in use: what leaves a slot is still fading out.
        std::size_t home = 0;
        for (std::size_t s = 1; s < kAlignments; ++s)
            if (slots[s] == 0 && (home == 0 || slots_[s] == 0)) home = s;
        slots[home] = frames;
    }
    return assigned;
}

std::uint8_t Planner::alignment(const Path& path) const {
    const std::size_t frames = delay(path, latency_);
    if (frames == 0) return 0;
    std::size_t best = 0;
    const auto distance = [&](std::size_t slot) {
        return slots_[slot] > frames ? slots_[slot] - frames : frames - slots_[slot];
    };
    for (std::size_t slot = 1; slot < kAlignments; ++slot)
        if (distance(slot) < distance(best)) best = slot;
    return static_cast<std::uint8_t>(best);
}

std::unique_ptr<Plan> Planner::plan(const Routing& routing, bool& inverted) {
    const auto levels = group_levels(geometry_, routing);
    inverted = false;
    if (levels.empty()) return nullptr;
    const Latency latency = latencies(geometry_, routing, levels);
    const Slots slots = assign(routing, latency).slots;

    inverted = std::any_of(routing_.paths.begin(), routing_.paths.end(), [&](const Path& path) {
        return levels[path.from] != 0 && levels[path.to] != 0 &&
               levels[path.from] >= levels[path.to];
    });
    const bool same = !first_ && levels == levels_ && latency.sum == latency_.sum &&
                      latency.arrival == latency_.arrival &&
                      latency.inserted == latency_.inserted &&
                      latency.leaving == latency_.leaving && slots == slots_;
    routing_ = routing;
    levels_ = levels;
    latency_ = latency;
    slots_ = slots;
    auto plan = std::make_unique<Plan>();
    const auto aligned_before = aligned_;
    add_delays(*plan, routing);
    if (same && aligned_ == aligned_before) return nullptr;
    first_ = false;
    add_levels(*plan, levels);
    plan->latency = latency_;
    for (const OutputPlace& output : geometry_.outputs)
        plan->output_latency.push_back(output.monitor ? latency_.leaving[geometry_.main()]
                                                      : latency_.leaving[output.strip]);
    return plan;
}

void Planner::add_levels(Plan& plan, const std::vector<std::size_t>& levels) const {
    const std::size_t deepest =
        std::max<std::size_t>(1, *std::max_element(levels.begin(), levels.end()));
    plan.levels.resize(deepest + 3);
    for (std::uint16_t b = 0; b < geometry_.banks.size(); ++b) {
        const BankPlace& bank = geometry_.banks[b];
        for (const Strip s : bank.strips) {
            const StripPlace& place = geometry_.strips[s];
            std::size_t at = 0;
            if (bank.stage == Stage::groups) at = levels[s];
            if (bank.stage == Stage::buses) at = deepest + 1;
            if (bank.stage == Stage::ends) at = deepest + 2;
            Level& level = plan.levels[at];
            if (level.banks.empty() || level.banks.back().bank != b) level.banks.push_back({b, 0});
            BankRun& run = level.banks.back();
            run.lanes = static_cast<dsp::LaneMask>(run.lanes | place.mask());
            if (place.kind == param::Kind::fx) level.effects.push_back(place.number);
            if (bank.stage == Stage::channels || place.kind == param::Kind::master) continue;
            for (std::size_t side = 0; side < place.lanes(); ++side)
                level.columns.push_back(place.column + static_cast<Column>(side));
        }
    }
}

void Planner::add_delays(Plan& plan, const Routing& routing) {
    for (const Path& path : routing.paths) {
        const std::uint8_t slot = alignment(path);
        if (slot == 0) continue;
        const MixSource source{geometry_.strips[path.from].bank, path.tap, slot};
        const auto is_same = [&](const std::shared_ptr<AlignedTap>& tap) {
            return tap->source.bank == source.bank && tap->source.tap == source.tap &&
                   tap->source.alignment == source.alignment && tap->frames == slots_[slot];
        };
        if (std::any_of(plan.aligned.begin(), plan.aligned.end(), is_same)) continue;
        const auto old = std::find_if(aligned_.begin(), aligned_.end(), is_same);
        if (old != aligned_.end()) {
            plan.aligned.push_back(*old);
            continue;
        }
        plan.aligned.push_back(std::make_shared<AlignedTap>(source, slots_[slot]));
        if (!first_) plan.aligned.back()->fading = kTapFade;
    }
    // What is no longer needed fades out with its gains, so it runs for one plan more.
    std::vector<std::shared_ptr<AlignedTap>> leaving;
    for (const auto& tap : aligned_)
        if (std::find(plan.aligned.begin(), plan.aligned.end(), tap) == plan.aligned.end() &&
            std::none_of(plan.aligned.begin(), plan.aligned.end(), [&](const auto& other) {
                return other->source.bank == tap->source.bank &&
                       other->source.tap == tap->source.tap &&
                       other->source.alignment == tap->source.alignment;
            }))
            leaving.push_back(tap);
    aligned_ = plan.aligned;
    plan.aligned.insert(plan.aligned.end(), leaving.begin(), leaving.end());
}

}  // namespace mixrig::engine
