// What an OSC packet does to the desk, and what is answered; knows nothing of sockets.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/address_tree.h"
#include "control/desk.h"
#include "control/long_answers.h"
#include "control/meter_feed.h"
#include "control/osc_hooks.h"
#include "control/osc_message.h"
#include "control/outlet.h"
#include "control/paces.h"
#include "control/rate_limit.h"
#include "control/subscriptions.h"
#include "control/timed_bundles.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mixrig::control {

// [control] Times are base::monotonic_ns().
class OscRouter {
public:
    OscRouter(Desk& desk, OscHooks hooks, Outlet outlet);
    ~OscRouter() { desk_.unobserve(observer_); }
    OscRouter(const OscRouter&) = delete;
    OscRouter& operator=(const OscRouter&) = delete;
    OscRouter(OscRouter&&) = delete;
    OscRouter& operator=(OscRouter&&) = delete;

    // One packet of a peer, malformed ones included. Never throws.
    void receive(Origin from, Bytes packet, std::int64_t now);
    // Once per turn of the loop: bundles that are due, the flush, subscribers, meters. Never
    // throws.
    void turn(std::int64_t now);
    // Executes the bundles that are due; may be called more often than turn(). Never throws.
    void run_due(std::int64_t now);
    // What an action has to say that did not answer when it was called. Never throws.
    void answer(Origin to, std::string_view address, const base::Result<Answer>& answer,
                std::int64_t now);
    // When turn() is to be called again, at the latest; far in the future if nothing waits.
    std::int64_t next_deadline(std::int64_t now) const;

    // The peer is gone. What it scheduled is still executed.
    void forget(Origin peer);
    // Whether something is still sent to the peer of our own accord.
    // Or soon will be: an answer is under way.
    bool serves(Origin peer) const {
        return subscriptions_.has(peer) || meters_.has(peer) || long_answers_.has(peer) ||
               awaited_.contains(peer);
    }
    const std::string& role_of(Origin peer) const;
    std::size_t waiting_bundles() const { return timed_.size(); }

private:
    struct Errors {
        RateLimit limit{20.0, 40.0};
        std::size_t withheld = 0;
        std::int64_t since = 0;  // the first that was withheld
    };
    // Two routes may be possible only together, in whatever order they come.
    struct Refused {
        Origin from;
        std::string address;  // of the message, which may be a pattern
        param::Value value;
        base::Error why;
    };

    static constexpr std::size_t kMostEcho = 128;     // bytes of a peer's text that we send back
    static constexpr std::size_t kMostCompared = 40;  // bytes; the longest address has 35

    // An error without its place, which /error has of its own.
    static std::string reason_of(const base::Error& error) {
        return error.hint.empty() ? error.what : error.what + " (" + error.hint + ")";
    }

    // The same for everything: no packet, hook or lack of memory may end the loop.
    template <typename Work>
    void guarded(Origin from, std::string_view what, std::int64_t now, Work work);

    // As one batch, at whose end what was refused at first is tried again.
    template <typename Work>
    void together(std::int64_t now, Work work);

    void run_bundle(Origin from, Bytes bundle, std::int64_t now);
    void run_elements(Origin from, Bytes bundle, std::int64_t now);
    void run_message(Origin from, Bytes bytes, std::int64_t now);
    void run_parameter(Origin from, const OscMessage& message, param::Slot slot, std::int64_t now);
    void run_pattern(Origin from, const OscMessage& message, std::int64_t now);
    void set_all(Origin from, const OscMessage& message, SlotSet slots, std::int64_t now);
    base::Status set(Origin from, const OscMessage& message, param::Slot slot,
                     const param::Value& value);
    void settle(std::int64_t now);
    void tell_refused(std::int64_t now);
    void run_action(Origin from, const OscMessage& message, std::int64_t now);
    base::Status subscribe(Origin from, const OscMessage& message, std::int64_t now);
    base::Status subscribe_meters(Origin from, const OscMessage& message, std::int64_t now);
    base::Status unsubscribe(Origin from, const OscMessage& message);
    base::Status sync(Origin from, const OscMessage& message);
    base::Status begin_datagrams(Origin from, const OscMessage& message);
    base::Status tell_hash(Origin from, const OscMessage& message);
    base::Status touch(Origin from, const OscMessage& message);
    base::Status run_hook(Origin from, const OscMessage& message, std::int64_t now);
    base::Status give(Origin to, std::string_view address, const Answer& answer);
    base::Result<SlotSet> matching(const std::string& pattern) const;
    void unknown(Origin from, std::string_view address, std::int64_t now);

    // osc_router_rights.cpp: what a peer may not have.
    bool is_heard(Origin from, Bytes packet, std::int64_t now);
    bool may_wait(Origin from) const;
    base::Status may_read(Origin from, param::Slot slot) const;
    base::Status leave_readable(Origin from, SlotSet& slots) const;
    std::size_t leave_settable(Origin from, SlotSet& slots, std::string& first) const;
    std::vector<OscArg> who_is(Origin from) const;
    base::Status redirect(Origin from, const OscMessage& message);
    void tell_dropped(std::int64_t now);

    // osc_router_errors.cpp
    bool may_tell_error(Origin to, std::int64_t now);
    void error(Origin to, std::string_view address, std::string_view reason, std::int64_t now);
    void tell_error(Origin to, std::string_view address, std::string_view reason) const;
    void tell_withheld(std::int64_t now);
    void reply(Origin to, const OscMessage& message) const;
    void log(std::string_view text, std::int64_t now);

    Desk& desk_;
    OscHooks hooks_;
    Outlet outlet_;
    AddressTree tree_;
    Subscriptions subscriptions_;
    MeterFeed meters_;
    LongAnswers long_answers_;
    std::map<Origin, std::size_t> awaited_;  // answers that come later
    TimedBundles timed_;
    std::map<param::Slot, Refused> refused_;  // of the batch that is open
    std::unordered_map<Origin, Errors> errors_;
    std::size_t withheld_ = 0;  // over all peers
    std::size_t observer_ = 0;
    Paces paces_;
    RateLimit log_limit_{1.0, 10.0};
};

}  // namespace mixrig::control
