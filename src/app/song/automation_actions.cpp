// Automation: edits and markers, by action.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/automation.h"
#include "src/base/clock.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mixrig::app {

using base::Error;
using control::Answer;
using control::OscArg;

namespace {

constexpr double kBackWithin = 0.5;  // seconds: the marker before the last one

std::int32_t count_of(std::size_t number) {
    return static_cast<std::int32_t>(number);
}

}  // namespace

struct Automation::Entry {
    std::string_view address;
    Answered (Automation::*act)(const Call&);
};

const Automation::Entry* Automation::find(std::string_view address) {
    static constexpr std::array kEntries = {Entry{"/automation/list", &Automation::list},
                                            Entry{"/automation/files", &Automation::files},
                                            Entry{"/automation/save", &Automation::save},
                                            Entry{"/automation/load", &Automation::load},
                                            Entry{"/automation/clear", &Automation::clear},
                                            Entry{"/automation/fold", &Automation::fold},
                                            Entry{"/automation/touch", &Automation::hold_matching},
                                            Entry{"/marker/add", &Automation::add_marker},
                                            Entry{"/marker/list", &Automation::list_markers},
                                            Entry{"/marker/go", &Automation::go_to_marker},
                                            Entry{"/marker/next", &Automation::next_marker},
                                            Entry{"/marker/back", &Automation::previous_marker},
                                            Entry{"/marker/rename", &Automation::rename_marker},
                                            Entry{"/marker/delete", &Automation::delete_marker}};
    for (const Entry& entry : kEntries)
        if (entry.address == address) return &entry;
    return nullptr;
}

bool Automation::knows(std::string_view address) {
    return find(address) != nullptr;
}

Automation::Answered Automation::act(const Call& call) {
    return (this->*find(call.address)->act)(call);
}

// Some lanes as they shall be; an empty one is none. Hands on them begin anew.
void Automation::put(const session::Lanes& some) {
    std::set<param::Slot> slots;
    for (const auto& [slot, lane] : some) slots.insert(slot);
    (void)writer_.finish(slots, song_at_horizon(), 0);
    for (const auto& [slot, lane] : some) {
        if (lane.is_empty())
            lanes_.erase(slot);
        else
            lanes_[slot] = lane;
    }
    changed();
    feed_lanes(slots);
}

void Automation::replace(session::Lanes some, std::string title) {
    finish_all();
    session::Lanes before;
    for (const auto& [slot, lane] : some) {
        const auto now = lanes_.find(slot);
        before[slot] = now == lanes_.end() ? session::Lane{} : now->second;
    }
    put(some);
    hooks_.record(std::move(title), deed(before, some));
}

void Automation::replace_all(const session::Automation& automation, std::string title) {
    finish_all();
    session::Lanes after = session::lanes_of(automation, desk_.values()), before = lanes_;
    for (const auto& [slot, lane] : before) after.try_emplace(slot);  // those that go
    for (const auto& [slot, lane] : after) before.try_emplace(slot);
    put(after);
    const Undo::Deed lanes = deed(before, after);
    const auto with = [this](const std::function<void()>& deed, std::vector<session::Marker> all) {
        return [this, deed, all = std::move(all)] {
            deed();
            markers_.use(all);
        };
    };
    hooks_.record(std::move(title), {.back = with(lanes.back, markers_.all()),
                                     .forth = with(lanes.forth, automation.markers)});
    markers_.use(automation.markers);
}

void Automation::use_markers(std::vector<session::Marker> markers, std::string title) {
    const auto use = [this](const std::vector<session::Marker>& list) {
        markers_.use(list);
        changed();
    };
    hooks_.record(std::move(title), {.back = [use, before = markers_.all()] { use(before); },
                                     .forth = [use, markers] { use(markers); }});
    use(markers);
}

base::Result<std::set<param::Slot>> Automation::matching(const Call& call) const {
    std::set<param::Slot> out;
    if (call.args.empty()) {
        for (const auto& [slot, lane] : lanes_) out.insert(slot);
        return out;
    }
    const std::string& pattern = call.args[0].as_text();
    const auto compiled = control::Pattern::compile(pattern);
    if (!compiled) return compiled.error();
    const control::SlotSet exact = tree_.find(*compiled), below = tree_.below(pattern);
    for (param::Slot slot = 0; slot < layout_.size(); ++slot)
        if (exact.has(slot) || below.has(slot)) out.insert(slot);
    return out;
}

Automation::Answered Automation::list(const Call&) {
    std::vector<control::OscMessage> lines;
    for (const auto& [slot, lane] : lanes_)
        lines.push_back(
            {"/automation/list",
             {OscArg::text(layout_.address(slot)), OscArg::integer(count_of(lane.moves.size())),
              OscArg::integer(count_of(lane.trims.size()))}});
    return control::list_answer("/automation/list", std::move(lines));
}

Automation::Answered Automation::clear(const Call& call) {
    const auto slots = matching(call);
    if (!slots) return slots.error();
    finish_all();
    session::Lanes gone;
    for (const param::Slot slot : *slots)
        if (lanes_.contains(slot)) gone[slot] = {};
    const std::size_t count = gone.size();
    if (count != 0) replace(std::move(gone), "clearing of " + std::to_string(count) + " lanes");
    return Answer{.args = std::vector{OscArg::integer(count_of(count))}};
}

Automation::Answered Automation::fold(const Call& call) {
    const auto slots = matching(call);
    if (!slots) return slots.error();
    finish_all();
    session::Lanes folded;
    for (const auto& [slot, lane] : lanes_) {
        if (!slots->contains(slot) || lane.trims.empty()) continue;
        folded[slot] = lane;
        session::fold(folded[slot], layout_, slot);
    }
    const std::size_t count = folded.size();
    if (count != 0) replace(std::move(folded), "folding of " + std::to_string(count) + " lanes");
    return Answer{.args = std::vector{OscArg::integer(count_of(count))}};
}

void Automation::hold(param::Slot slot, bool on) {
    if (!session::can_be_automated(layout_, slot)) return;
    if (on) {
        held_.insert(slot);
        rest(slot);
    } else {
        held_.erase(slot);
        lift({slot});
    }
}

// These have one finger less.
void Automation::lift(const std::vector<param::Slot>& slots) {
    for (const param::Slot slot : slots)
        if (!held_.contains(slot) && !fingers_.rests_on(slot)) writer_.hold(slot, false);
}

void Automation::rest(param::Slot slot) {
    writer_.hold(slot, true);
    if (!writes(slot) || writer_.is_held(slot)) return;
    // It holds it where it is.
    if (const auto at = moment(hooks_.position()))
        touch({.slot = slot, .before = desk_.get(slot)}, *at, base::monotonic_ns());
}

Automation::Answered Automation::hold_matching(const Call& call) {
    const auto slots = matching(call);
    if (!slots) return slots.error();
    const bool on = call.args[1].as_number() != 0.0;
    const std::int64_t now = base::monotonic_ns();
    std::size_t count = 0;
    for (const param::Slot slot : *slots) {
        if (!session::can_be_automated(layout_, slot)) continue;
        if (on) {
            fingers_.rest(slot, call.from, now);
            rest(slot);
        } else {
            fingers_.lift(slot);
            lift({slot});
        }
        ++count;
    }
    return Answer{.args = std::vector{OscArg::integer(count_of(count))}};
}

Automation::Answered Automation::go(const base::Result<session::Marker>& marker) {
    if (!marker) return marker.error();
    transport_.locate(marker->frame);
    return Answer{.args = std::vector{OscArg::text(marker->name),
                                      OscArg::number(static_cast<float>(transport_.seconds()))}};
}

Automation::Answered Automation::add_marker(const Call& call) {
    Markers markers = markers_;
    const double at = call.args.size() > 1 ? call.args[1].as_number() : transport_.seconds();
    if (!(at >= 0.0 && at <= 1e7))
        return Error{"a place in the song is 0 s or more", "/marker/add"};
    const std::uint64_t frame = call.args.size() > 1 ? transport_.frame_of(at) : transport_.song();
    const std::string& name = call.args[0].as_text();
    if (auto added = markers.add(name, frame); !added) return added.error();
    use_markers(markers.all(), "marker `" + name + "`");
    return Answer{.args = std::vector{OscArg::text(name), OscArg::number(static_cast<float>(at))}};
}

Automation::Answered Automation::list_markers(const Call&) {
    std::vector<control::OscMessage> lines;
    for (const session::Marker& marker : markers_.all())
        lines.push_back(
            {"/marker/list",
             {OscArg::text(marker.name), OscArg::number(static_cast<float>(
                                             static_cast<double>(marker.frame) / rate_.value))}});
    return control::list_answer("/marker/list", std::move(lines));
}

Automation::Answered Automation::go_to_marker(const Call& call) {
    return go(markers_.find(call.args[0].as_text()));
}

Automation::Answered Automation::next_marker(const Call&) {
    return go(markers_.behind(transport_.song()));
}

// While it rolls, the marker that was passed a moment ago is not meant.
Automation::Answered Automation::previous_marker(const Call&) {
    const std::uint64_t song = transport_.song();
    const std::uint64_t moment = transport_.roll() ? transport_.frame_of(kBackWithin) : 0;
    return go(markers_.before(song - std::min(song, moment)));
}

Automation::Answered Automation::rename_marker(const Call& call) {
    Markers markers = markers_;
    const std::string &from = call.args[0].as_text(), &to = call.args[1].as_text();
    if (auto renamed = markers.rename(from, to); !renamed) return renamed.error();
    use_markers(markers.all(), "renaming of marker `" + from + "`");
    return Answer{.args = std::vector{call.args[0], call.args[1]}};
}

Automation::Answered Automation::delete_marker(const Call& call) {
    Markers markers = markers_;
    const std::string& name = call.args[0].as_text();
    if (auto removed = markers.remove(name); !removed) return removed.error();
    use_markers(markers.all(), "deleting of marker `" + name + "`");
    return Answer{.args = std::vector{call.args[0]}};
}

}  // namespace mixrig::app
