// Packets in, changes of the desk and answers out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_router.h"

#include "control/osc_codec.h"
#include "control/osc_validate.h"
#include "control/osc_value.h"
#include "control/utf8.h"
#include "src/param/actions.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <iterator>
#include <string>
#include <utility>

namespace mixrig::control {
namespace {

using base::Done;
using base::Error;

constexpr std::int64_t kFarthest = 10 * kOneSecond;  // of a time tag: phones have no clock to trust
constexpr std::int64_t kRetry = kOneSecond / 1000;   // while UDP waits for its pace
constexpr std::int64_t kIdle = 3600 * kOneSecond;

}  // namespace

OscRouter::OscRouter(Desk& desk, OscHooks hooks, Outlet outlet)
    : desk_(desk),
      hooks_(std::move(hooks)),
      outlet_(std::move(outlet)),
      tree_(desk.layout()),
      subscriptions_(desk_, outlet_),
      meters_(hooks_, outlet_, desk_.access()),
      long_answers_(outlet_) {
    observer_ = desk_.observe([this](const Change& change) { subscriptions_.note(change); });
}

template <typename Work>
void OscRouter::guarded(Origin from, std::string_view what, std::int64_t now, Work work) {
    try {
        work();
    } catch (const std::exception& failure) {
        try {
            log(std::string(what) + ": " + failure.what(), now);
            error(from, what, "the desk could not do this: " + std::string(failure.what()), now);
        } catch (...) {
            // Not even memory for the message: the counters of the server still show the packet.
        }
    }
}

template <typename Work>
void OscRouter::together(std::int64_t now, Work work) {
    const bool outermost = !desk_.in_batch();
    if (outermost) refused_.clear();  // left by a batch that an exception ended
    const OpenBatch batch(desk_);
    work();
    if (outermost) settle(now);
}

void OscRouter::receive(Origin from, Bytes packet, std::int64_t now) {
    if (!is_heard(from, packet, now)) return;
    if (const auto fault = fault_of(packet)) {
        guarded(from, "/", now,
                [&] { error(from, "/", "malformed: " + std::string(*fault), now); });
        return;
    }
    if (is_bundle(packet))
        guarded(from, "/", now, [&] { run_bundle(from, packet, now); });
    else
        run_message(from, packet, now);
}

void OscRouter::run_bundle(Origin from, Bytes bundle, std::int64_t now) {
    const std::uint64_t tag = time_tag(bundle);
    const std::int64_t wait = tag == kImmediately ? 0 : ahead(tag, time_tag_now());
    if (wait > kFarthest) {
        log("a bundle dated " + std::to_string(wait / kOneSecond) + " s ahead is executed at once",
            now);
    } else if (wait > 0) {
        if (!may_wait(from) || !timed_.add(from, bundle, now + wait))
            error(from, "/", "too many bundles wait for their time; this one was dropped", now);
        return;
    }
    run_elements(from, bundle, now);
}

void OscRouter::run_elements(Origin from, Bytes bundle, std::int64_t now) {
    together(now, [&] {
        for (Bytes rest = elements(bundle); !rest.empty();) {
            const Bytes element = take_element(rest);
            if (is_bundle(element))
                run_bundle(from, element, now);
            else
                run_message(from, element, now);
        }
    });
}

void OscRouter::run_message(Origin from, Bytes bytes, std::int64_t now) {
    guarded(from, address_of(bytes), now, [&] {
        const auto decoded = decode(bytes);
        if (!decoded) return error(from, address_of(bytes), "could not be decoded", now);
        const OscMessage& message = *decoded;
        if (const auto slot = desk_.layout().find(message.address))
            run_parameter(from, message, *slot, now);
        else if (param::find_action(message.address) != nullptr)
            run_action(from, message, now);
        else if (Pattern::is_pattern(message.address))
            run_pattern(from, message, now);
        else
            unknown(from, message.address, now);
    });
}

void OscRouter::run_parameter(Origin from, const OscMessage& message, param::Slot slot,
                              std::int64_t now) {
    if (message.args.empty()) {
        if (const auto may = may_read(from, slot); !may)
            return error(from, message.address, reason_of(may.error()), now);
        desk_.has_heard(slot, from);
        if (from == kDeskItself) return;
        const OscMessage value{message.address, {to_arg(desk_.layout(), slot, desk_.get(slot))}};
        outlet_.send(from, subscriptions_.answer_packet(from, value), Urgency::reply);
        return;
    }
    if (message.args.size() > 1)
        return error(from, message.address, "takes one argument, or none to ask", now);
    const auto value = to_value(desk_.layout(), slot, message.args.front());
    if (!value) return error(from, message.address, reason_of(value.error()), now);
    if (const auto done = set(from, message, slot, *value); !done)
        error(from, message.address, reason_of(done.error()), now);
}

// Within a batch, only what can never be had is an error already.
base::Status OscRouter::set(Origin from, const OscMessage& message, param::Slot slot,
                            const param::Value& value) {
    if (desk_.is_unaware(slot, from)) {
        subscriptions_.remind_unless_synced(from, slot);
        return Done{};
    }
    const auto done = desk_.set(slot, value, from);
    refused_.erase(slot);  // the last word on a parameter counts
    if (done) return Done{};
    subscriptions_.remind(from, slot);
    if (!desk_.in_batch() || !std::isfinite(value.number)) return done.error();
    refused_.insert_or_assign(slot, Refused{from, message.address, value, done.error()});
    return Done{};
}

// Each that is accepted may clear the way for another. Whatever a desk can do as a whole is found
// so: without loops in the wish, there is always a strip that feeds only strips already settled.
void OscRouter::settle(std::int64_t now) {
    for (bool again = true; std::exchange(again, false);)
        for (auto one = refused_.begin(); one != refused_.end();) {
            auto& [slot, refused] = *one;
            const auto done = desk_.set(slot, refused.value, refused.from);
            again |= bool(done);
            if (!done) refused.why = done.error();
            one = done ? refused_.erase(one) : std::next(one);
        }
    tell_refused(now);
}

// One error for all of a message.
void OscRouter::tell_refused(std::int64_t now) {
    while (!refused_.empty()) {
        const Refused first = refused_.begin()->second;
        const std::string address = desk_.layout().address(refused_.begin()->first);
        std::string reason = reason_of(first.why);
        if (first.address != address) reason = address + ": " + reason;
        const std::size_t all = std::erase_if(refused_, [&](const auto& one) {
            return one.second.from == first.from && one.second.address == first.address;
        });
        if (all > 1) reason += ", and " + std::to_string(all - 1) + " more";
        error(first.from, first.address, reason, now);
    }
}

void OscRouter::run_pattern(Origin from, const OscMessage& message, std::int64_t now) {
    const auto pattern = Pattern::compile(message.address);
    if (!pattern) return error(from, message.address, reason_of(pattern.error()), now);
    SlotSet slots = tree_.find(*pattern);
    if (slots.empty()) return unknown(from, message.address, now);
    if (!message.args.empty()) return set_all(from, message, std::move(slots), now);
    if (const auto may = leave_readable(from, slots); !may)
        return error(from, message.address, reason_of(may.error()), now);
    if (const auto status = subscriptions_.answer(from, std::move(slots)); !status)
        error(from, message.address, reason_of(status.error()), now);
}

// One pattern is one change: all at the same boundary, and one error for all that refused.
void OscRouter::set_all(Origin from, const OscMessage& message, SlotSet slots, std::int64_t now) {
    if (message.args.size() > 1)
        return error(from, message.address, "takes one argument, or none to ask", now);
    std::string first;
    std::size_t failed = leave_settable(from, slots, first);
    const auto set_one = [&](param::Slot slot) -> base::Status {
        const auto value = to_value(desk_.layout(), slot, message.args.front());
        return value ? set(from, message, slot, *value) : value.error();
    };
    together(now, [&] {
        for (param::Slot slot = slots.first(); slot != slots.end(); slot = slots.next(slot + 1)) {
            const base::Status status = set_one(slot);
            if (status || failed++ > 0) continue;
            first = desk_.layout().address(slot) + ": " + reason_of(status.error());
        }
    });
    if (failed > 1) first += ", and " + std::to_string(failed - 1) + " more";
    if (failed > 0) error(from, message.address, first, now);
}

void OscRouter::unknown(Origin from, std::string_view address, std::int64_t now) {
    // An answer to an answer would have one in turn, for ever.
    if (address == "/error") return;
    // The search for a hint costs more than the rest; a flood of typing errors does not get it.
    if (!may_tell_error(from, now)) return;
    std::string reason = "no such address";
    if (!tree_.below(address).empty())
        reason =
            "a group, not a parameter; ask for " + std::string(address) + "//* (everything below)";
    else if (Pattern::is_pattern(address))
        reason = "matches no parameter";
    else if (const std::string near = desk_.layout().nearest(address.substr(0, kMostCompared));
             !near.empty())
        reason += "; the nearest is " + near;
    tell_error(from, address, reason);
}

void OscRouter::answer(Origin to, std::string_view address, const base::Result<Answer>& answer,
                       std::int64_t now) {
    guarded(to, address, now, [&] {
        if (const auto found = awaited_.find(to); found != awaited_.end() && --found->second == 0)
            awaited_.erase(found);
        const base::Status given = answer ? give(to, address, *answer) : answer.error();
        if (!given) error(to, address, reason_of(given.error()), now);
    });
}

void OscRouter::run_due(std::int64_t now) {
    guarded(kDeskItself, "/", now, [&] {
        while (const auto timed = timed_.take_due(now))
            guarded(timed->from, "/", now, [&] { run_elements(timed->from, timed->bundle, now); });
    });
}

void OscRouter::turn(std::int64_t now) {
    run_due(now);
    guarded(kDeskItself, "/", now, [&] { desk_.end_holds(now); });
    guarded(kDeskItself, "/", now, [&] { desk_.flush(); });
    guarded(kDeskItself, "/", now, [&] { subscriptions_.turn(now); });
    guarded(kDeskItself, "/", now, [&] { meters_.turn(now); });
    guarded(kDeskItself, "/", now, [&] { long_answers_.turn(now); });
    guarded(kDeskItself, "/", now, [&] { tell_withheld(now); });
    guarded(kDeskItself, "/", now, [&] { tell_dropped(now); });
}

std::int64_t OscRouter::next_deadline(std::int64_t now) const {
    std::int64_t earliest = now + kIdle;
    if (subscriptions_.is_waiting() || long_answers_.is_waiting()) earliest = now + kRetry;
    if (withheld_ > 0 || paces_.is_waiting()) earliest = std::min(earliest, now + kOneSecond / 10);
    if (const auto due = timed_.next()) earliest = std::min(earliest, *due);
    if (const auto due = subscriptions_.next()) earliest = std::min(earliest, *due);
    if (const auto due = meters_.next()) earliest = std::min(earliest, *due);
    return earliest;
}

void OscRouter::forget(Origin peer) {
    desk_.let_go(peer);
    subscriptions_.forget(peer);
    meters_.forget(peer);
    long_answers_.forget(peer);
    awaited_.erase(peer);
    paces_.forget(peer);
    if (const auto found = errors_.find(peer); found != errors_.end()) {
        withheld_ -= found->second.withheld;
        errors_.erase(found);
    }
}

void OscRouter::reply(Origin to, const OscMessage& message) const {
    if (to != kDeskItself) outlet_.send(to, encode(message), Urgency::reply);
}

void OscRouter::log(std::string_view text, std::int64_t now) {
    if (hooks_.log && log_limit_.take(now)) hooks_.log(text);
}

}  // namespace mixrig::control
