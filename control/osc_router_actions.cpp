// What peers ask of the server itself, and the actions of the desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_router.h"
#include "control/request_args.h"
#include "control/utf8.h"
#include "src/param/actions.h"

#include <string>
#include <utility>

namespace mixrig::control {
namespace {

using base::Done;
using base::Error;

std::int64_t nanoseconds(double seconds) {
    return static_cast<std::int64_t>(seconds * 1e9);
}

}  // namespace

void OscRouter::run_action(Origin from, const OscMessage& message, std::int64_t now) {
    base::Status status = Done{};
    if (message.address == "/subscribe")
        status = subscribe(from, message, now);
    else if (message.address == "/unsubscribe")
        status = unsubscribe(from, message);
    else if (message.address == "/meters")
        status = subscribe_meters(from, message, now);
    else if (message.address == "/sync")
        status = sync(from, message);
    else if (message.address == "/hash")
        status = tell_hash(from, message);
    else if (message.address == "/touch")
        status = touch(from, message);
    else if (message.address == "/datagrams")
        status = begin_datagrams(from, message);
    else if (message.address == "/whoami")
        reply(from, {message.address, who_is(from)});
    else if (message.address == "/login")
        status = Error{"is for TCP, as a message of its own"};
    else if (message.address == "/hello")
        status = redirect(from, message);
    else if (message.address == "/ping")
        reply(from, {"/pong",
                     {OscArg::text(hooks_.name), OscArg::text(hooks_.version),
                      OscArg::integer(hooks_.port)}});
    else
        status = run_hook(from, message, now);
    if (!status) error(from, message.address, reason_of(status.error()), now);
}

base::Result<SlotSet> OscRouter::matching(const std::string& text) const {
    const auto pattern = Pattern::compile(text);
    if (!pattern) return pattern.error();
    SlotSet slots = tree_.find(*pattern);
    if (slots.empty()) slots = tree_.below(text);
    if (slots.empty())
        return Error{"`" + clean_text(text, kMostEcho) + "` matches no parameter",
                     {},
                     "the nearest is " + desk_.layout().nearest(text.substr(0, kMostCompared))};
    return slots;
}

base::Status OscRouter::subscribe(Origin from, const OscMessage& message, std::int64_t now) {
    const auto args = subscribe_args(message);
    if (!args) return args.error();
    auto slots = matching(args->pattern);
    if (!slots) return slots.error();
    if (const auto may = leave_readable(from, *slots); !may) return may;
    return subscriptions_.subscribe(from, args->pattern, std::move(slots).value(),
                                    now + nanoseconds(args->lease));
}

base::Status OscRouter::subscribe_meters(Origin from, const OscMessage& message, std::int64_t now) {
    const auto args = meter_args(message);
    if (!args) return args.error();
    return meters_.subscribe(from, args->pattern, nanoseconds(1.0 / args->rate),
                             now + nanoseconds(args->lease));
}

base::Status OscRouter::unsubscribe(Origin from, const OscMessage& message) {
    if (!fit(message, "?s")) return Error{"the argument is a pattern, or none for all", {}, ",s"};
    if (message.args.empty()) {
        subscriptions_.forget(from);
        meters_.forget(from);
        return Done{};
    }
    const std::string& pattern = message.args.front().as_text();
    const std::size_t values = subscriptions_.unsubscribe(from, pattern);
    if (values + meters_.unsubscribe(from, pattern) == 0)
        return Error{"no subscription to `" + clean_text(pattern, kMostEcho) + "`"};
    return Done{};
}

base::Status OscRouter::sync(Origin from, const OscMessage& message) {
    if (!fit(message, "i")) return Error{"the argument is 0, 1, or 2 with dates", {}, ",i"};
    const double level = message.args.front().as_number();
    subscriptions_.sync(from, level != 0.0, level == 2.0);
    return Done{};
}

base::Status OscRouter::tell_hash(Origin from, const OscMessage& message) {
    if (!fit(message, "s")) return Error{"the argument is a pattern", {}, ",s"};
    const std::string& pattern = message.args.front().as_text();
    auto slots = matching(pattern);
    if (!slots) return slots.error();
    if (const auto may = leave_readable(from, *slots); !may) return may;
    reply(from, {"/hash",
                 {OscArg::text(pattern), OscArg::integer(static_cast<std::int32_t>(slots->count())),
                  OscArg::integer(static_cast<std::int32_t>(subscriptions_.hash(*slots)))}});
    return Done{};
}

base::Status OscRouter::begin_datagrams(Origin from, const OscMessage& message) {
    if (!fit(message, "sss")) return Error{"fragment, password and fingerprint", {}, ",sss"};
    if (!outlet_.datagrams) return Error{"is for WebSockets"};
    auto answer = outlet_.datagrams(from, message.args);
    if (!answer) return answer.error();
    reply(from, {message.address, *std::move(answer)});
    return Done{};
}

// Whoever may move it may hold it.
base::Status OscRouter::touch(Origin from, const OscMessage& message) {
    if (!fit(message, "si")) return Error{"a pattern, and 1 or 0 to let go", {}, ",si"};
    const auto slots = matching(message.args[0].as_text());
    if (!slots) return slots.error();
    const bool on = message.args[1].as_number() != 0.0;
    for (param::Slot slot = slots->first(); slot != slots->end(); slot = slots->next(slot + 1)) {
        const base::Status status = on ? desk_.hold(slot, from) : desk_.let_go(slot, from);
        if (!status) return Error{desk_.layout().address(slot) + ": " + status.error().what};
    }
    return Done{};
}

base::Status OscRouter::run_hook(Origin from, const OscMessage& message, std::int64_t now) {
    const param::Action& action = *param::find_action(message.address);
    if (!fit(message, action.types))
        return Error{"wrong arguments", {}, "," + std::string(action.types)};
    settle(now);  // a scene is saved with, or recalled over, what came before it
    const auto answer = desk_.act({from, message.address, message.args});
    if (!answer) return answer.error();
    if (!answer->args && answer->lines.empty()) ++awaited_[from];
    return give(from, message.address, *answer);
}

base::Status OscRouter::give(Origin to, std::string_view address, const Answer& answer) {
    if (answer.args) reply(to, {std::string(address), *answer.args});
    return answer.lines.empty() ? Done{} : long_answers_.add(to, answer.lines);
}

}  // namespace mixrig::control
