// Recalls that take time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/show/crossfade.h"

#include "dsp/lanes.h"
#include "src/app/song/roll.h"
#include "src/engine/binding.h"

#include <algorithm>

namespace mixrig::app {

namespace {

// Quanta between two steps. A gain costs next to nothing; a filter has to be designed, some 20 us
// for each band of each strip.
constexpr std::uint8_t kGainPeriod = 8, kDesignPeriod = 32;

bool is_gain(engine::Part part) {
    return part == engine::Part::trim || part == engine::Part::fader ||
           part == engine::Part::stereo || part == engine::Part::route ||
           part == engine::Part::send || part == engine::Part::dcas ||
           part == engine::Part::monitor;
}

}  // namespace

std::uint32_t Crossfade::strip_key(param::Slot slot) const {
    const param::Place at = layout_.place(slot);
    return static_cast<std::uint32_t>(at.kind) << 16 | at.strip;
}

void Crossfade::begin(const Console& console, const session::Scene& wanted, std::uint64_t frame,
                      double seconds) {
    const FadeTimes times =
        fade_times(std::max(boundary(frame), horizon_ + dsp::kQuantum), seconds, console.rate());
    const std::vector<Track> plan =
        plan_fade(layout_, console.values(), wanted, times, console.rate());
    std::vector<bool> anew(layout_.size(), false);
    for (const session::Setting& setting : wanted) anew[setting.slot] = true;
    for (const Track& track : plan)
        anew[track.slot] = true;  // a level that its switch brings along
    drop(anew);
    for (const Track& track : plan) {
        owned_[track.slot] = true;
        const param::Place at = layout_.place(track.slot);
        const std::uint8_t period = is_gain(engine::kParts[at.row]) ? kGainPeriod : kDesignPeriod;
        const std::uint32_t strip = strip_key(track.slot);
        tracks_.push_back({.track = track,
                           .strip = strip,
                           .period = period,
                           .phase = static_cast<std::uint8_t>(at.strip % period),
                           .sent = track.start,
                           .told = track.start});
        strips_.insert(strip);
        end_ = std::max(end_, track.ends_at);
    }
    std::sort(tracks_.begin(), tracks_.end(),
              [](const Moving& a, const Moving& b) { return a.track.slot < b.track.slot; });
    moments_.insert({times.begin, times.open, times.end, times.closed});
    if (next_ > times.begin) next_ = times.begin;
}

bool Crossfade::is_due(const Moving& moving, std::uint64_t frame) const {
    if (moments_.contains(frame)) return true;
    return frame >= moving.track.ramp_at && frame <= moving.track.arrives_at &&
           (frame / dsp::kQuantum + moving.phase) % moving.period == 0;
}

void Crossfade::prepare(Console& console, std::uint64_t frame) {
    const bool all = moments_.contains(frame);
    for (Moving& moving : tracks_) {
        if (!all && !is_due(moving, frame)) continue;
        const float value = moving.track.at(frame);
        if (value == moving.sent) continue;
        console.set(moving.track.slot, value);
        moving.sent = value;
    }
}

bool Crossfade::send_until(Console& console, std::uint64_t frame) {
    while (next_ < frame) {
        if (!prepared_) prepare(console, next_);
        prepared_ = true;
        if (!console.flush_at(next_)) return false;
        prepared_ = false;
        horizon_ = next_;
        find_next(next_);
    }
    return true;
}

void Crossfade::find_next(std::uint64_t after) {
    moments_.erase(moments_.begin(), moments_.upper_bound(after));
    const std::uint64_t boundary_behind = after + dsp::kQuantum;
    const bool ramps = std::any_of(tracks_.begin(), tracks_.end(), [&](const Moving& moving) {
        return moving.track.ramp_at <= boundary_behind &&
               boundary_behind <= moving.track.arrives_at;
    });
    if (ramps)
        next_ = boundary_behind;
    else
        next_ = moments_.empty() ? UINT64_MAX : *moments_.begin();
}

void Crossfade::tell_until(std::uint64_t frame, const Tell& tell) {
    for (std::size_t i = 0; i < tracks_.size(); ++i) {
        const float value = tracks_[i].track.at(frame);
        if (value == tracks_[i].told) continue;
        tracks_[i].told = value;
        tell(tracks_[i].track.slot, value);
    }
    std::vector<bool> arrived(layout_.size(), false);
    for (const Moving& moving : tracks_)
        if (moving.track.ends_at <= frame) arrived[moving.track.slot] = true;
    drop(arrived);
    if (tracks_.empty() && horizon_ <= frame) strips_.clear();
}

void Crossfade::finish(const Tell& tell) {
    std::vector<Moving> over;
    over.swap(tracks_);
    owned_.assign(owned_.size(), false);
    strips_.clear();
    moments_.clear();
    next_ = UINT64_MAX;
    horizon_ = end_ = 0;
    prepared_ = false;
    for (const Moving& moving : over) tell(moving.track.slot, moving.track.goal);
}

void Crossfade::release(param::Slot slot) {
    if (!owned_[slot]) return;
    owned_[slot] = false;
    std::erase_if(tracks_, [&](const Moving& moving) { return moving.track.slot == slot; });
}

void Crossfade::release(const session::Scene& scene) {
    std::vector<bool> held(layout_.size(), false);
    for (const session::Setting& setting : scene) held[setting.slot] = true;
    drop(held);
}

void Crossfade::drop(const std::vector<bool>& slots) {
    std::erase_if(tracks_, [&](const Moving& moving) {
        const bool leaves = slots[moving.track.slot];
        if (leaves) owned_[moving.track.slot] = false;
        return leaves;
    });
}

void Crossfade::skip_to(std::uint64_t position) {
    while (!prepared_ && next_ < position && !moments_.contains(next_)) find_next(next_);
}

bool Crossfade::concerns(param::Slot slot, std::uint64_t position) const {
    if (horizon_ <= position || strips_.empty()) return false;
    return layout_.place(slot).kind == param::Kind::desk || strips_.contains(strip_key(slot));
}

}  // namespace mixrig::app
