// Every remote changes the desk through here: OSC, MIDI, the web page and scene recall.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/desk.h"

#include "control/utf8.h"
#include "src/base/clock.h"
#include "src/param/actions.h"

#include <cmath>
#include <utility>

namespace mixrig::control {
namespace {

constexpr param::Slot kNoSlot = static_cast<param::Slot>(-1);
constexpr std::size_t kMaxText = 64;  // bytes; what JACK port names and file names have room for

}  // namespace

Desk::Desk(const param::Layout& layout, DeskHooks hooks)
    : layout_(layout),
      values_(layout),
      followers_(layout, values_),
      access_(layout),
      hooks_(std::move(hooks)) {}

base::Result<param::Value> Desk::set(param::Slot slot, const param::Value& value, Origin origin) {
    if (auto allowed = access_.may_set(origin, slot); !allowed) return allowed.error();
    const float before = values_.number(slot);
    auto accepted = apply(slot, value, origin, Asked::for_it);
    if (!accepted || origin == kDeskItself) return accepted;
    const Move move{slot, before, accepted->number, in_batch() ? batch_.number : 0};
    // One that refuses stays where it is.
    followers_.follow(move, [&](param::Slot along, float number) {
        (void)apply(along, {number}, origin, Asked::along);
    });
    return accepted;
}

base::Result<param::Value> Desk::glide(param::Slot slot, const param::Value& value) {
    return apply(slot, value, kDeskItself, Asked::on_its_way);
}

void Desk::clear_solos(Origin origin) {
    const OpenBatch together(*this);
    followers_.end_solos(kNoSlot, [&](param::Slot slot, float number) {
        (void)apply(slot, {number}, origin, Asked::for_it);
    });
}

base::Result<param::Value> Desk::apply(param::Slot slot, const param::Value& value, Origin origin,
                                       Asked asked) {
    if (asked == Asked::along)
        if (auto allowed = access_.may_set(origin, slot); !allowed) return allowed.error();
    if (origin != kDeskItself && layout_.row(slot).keep == param::Keep::told)
        return base::Error{"is told by the desk, and cannot be set"};
    if (origin != kDeskItself && !holds_.empty() &&
        holds_.is_taken(slot, origin, base::monotonic_ns()))
        return base::Error{"another hand holds it"};
    param::Value accepted;
    if (layout_.row(slot).type == param::Type::text) {
        accepted.text = clean_text(value.text, kMaxText);
    } else {
        if (!std::isfinite(value.number)) return base::Error{"a value must be finite"};
        accepted.number = access_.bounded(origin, slot, layout_.clamp(slot, value.number));
    }
    if (hooks_.check)
        if (auto allowed = hooks_.check(slot, accepted); !allowed) return allowed.error();

    const Change change{
        slot, origin, values_.get(slot),
        asked == Asked::along || accepted.number != value.number || accepted.text != value.text,
        asked == Asked::along};
    const bool differs = accepted != change.before;
    values_.set(slot, accepted);
    ++batch_.changes;
    if (differs && asked != Asked::on_its_way && !holds_.empty())
        holds_.overrule(slot, origin, base::monotonic_ns());
    if (hooks_.changed) hooks_.changed(slot, accepted);
    if (differs || change.adjusted)
        for (const auto& observer : observers_)
            if (observer) observer(change);
    return accepted;
}

base::Result<param::Value> Desk::set_text(param::Slot slot, std::string_view text, Origin origin) {
    auto value = layout_.parse(slot, text);
    return value ? set(slot, *value, origin) : value;
}

base::Status Desk::hold(param::Slot slot, Origin hand) {
    if (auto allowed = access_.may_set(hand, slot); !allowed) return allowed.error();
    auto held = holds_.hold(slot, hand, base::monotonic_ns());
    if (held && hooks_.held) hooks_.held(slot, true);
    return held;
}

base::Status Desk::let_go(param::Slot slot, Origin hand) {
    if (auto allowed = access_.may_set(hand, slot); !allowed) return allowed.error();
    if (holds_.is_taken(slot, hand, base::monotonic_ns()))
        return base::Error{"another hand holds it"};
    if (holds_.let_go(slot, hand)) tell_let_go({slot});
    return base::Done{};
}

void Desk::let_go(Origin hand) {
    tell_let_go(holds_.let_go(hand));
    if (hooks_.gone) hooks_.gone(hand);
}

void Desk::tell_let_go(const std::vector<param::Slot>& slots) const {
    for (const param::Slot slot : slots)
        if (hooks_.held) hooks_.held(slot, false);
}

bool Desk::is_unaware(param::Slot slot, Origin hand) const {
    return !holds_.empty() && holds_.is_unaware(slot, hand, base::monotonic_ns());
}

void Desk::end_holds(std::int64_t now) {
    if (!holds_.empty()) tell_let_go(holds_.end(now));
}

base::Result<Answer> Desk::act(const ActionCall& call) {
    if (auto allowed = access_.may_act(call.from, call.address); !allowed) return allowed.error();
    const param::Action* action = param::find_action(call.address);
    if (!hooks_.action || action == nullptr || action->does == param::Does::serves_peer)
        return base::Error{"this desk cannot do that"};
    return hooks_.action(call);
}

void Desk::end_batch() {
    --depth_;
    flush();
}

void Desk::flush() {
    if (depth_ != 0 || batch_.changes == 0) return;
    const Batch done = std::exchange(batch_, {.number = batch_.number + 1});
    if (hooks_.flush) hooks_.flush(done);
}

OpenBatch::~OpenBatch() {
    try {
        desk_.end_batch();
    } catch (...) {
        // A hook's failure must not end the process, which it would from a destructor. The changes
        // are in the mirror, and the next flush has the next number.
    }
}

std::size_t Desk::observe(std::function<void(const Change&)> observer) {
    observers_.push_back(std::move(observer));
    return observers_.size() - 1;
}

}  // namespace mixrig::control
