// What a peer may not have: messages beyond its rate, values that it may not read or set.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_router.h"
#include "control/osc_validate.h"
#include "control/request_args.h"
#include "control/utf8.h"

#include <string>
#include <utility>

namespace mixrig::control {
namespace {

using base::Done;
using base::Error;

constexpr std::size_t kMostWaiting = 64;  // bundles for later, of who has a rate

std::size_t message_count(Bytes packet) {
    if (!is_bundle(packet)) return 1;
    std::size_t count = 0;
    for (Bytes rest = elements(packet); !rest.empty();) count += message_count(take_element(rest));
    return count;
}

OscArg whole(std::size_t number) {
    return OscArg::integer(static_cast<std::int32_t>(number));
}

}  // namespace

// A bundle counts as many as it has messages. Who may do nothing is not told so: the address may be
// forged, and the answer would hit somebody else.
bool OscRouter::is_heard(Origin from, Bytes packet, std::int64_t now) {
    const RightsNumber number = rights_of(from);
    if (!desk_.access().is_somebody(number)) return false;
    const double rate = desk_.access().of(number).rate;
    if (rate <= 0.0) return true;
    const bool is_whole = !fault_of(packet).has_value();
    return paces_.take(from, rate, is_whole ? message_count(packet) : 1, now);
}

void OscRouter::tell_dropped(std::int64_t now) {
    paces_.report(now, [this](Origin peer, std::size_t count) {
        const Rights& rights = desk_.access().of(rights_of(peer));
        tell_error(peer, "/",
                   std::to_string(count) + " messages were dropped: a " + rights.name +
                       " may send " + std::to_string(static_cast<int>(rights.rate)) + " a second");
    });
}

// Room for bundles is for all; who has a rate may not fill it.
bool OscRouter::may_wait(Origin from) const {
    return desk_.access().of(rights_of(from)).rate <= 0.0 || timed_.count(from) < kMostWaiting;
}

base::Status OscRouter::may_read(Origin from, param::Slot slot) const {
    if (desk_.access().may_read(from, slot)) return Done{};
    return Error{"a " + role_of(from) + " may not read this"};
}

base::Status OscRouter::leave_readable(Origin from, SlotSet& slots) const {
    const Rights& rights = desk_.access().of(rights_of(from));
    if (rights.everything) return Done{};
    slots.keep_only(rights.may_read);
    if (!slots.empty()) return Done{};
    return Error{"a " + rights.name + " may read nothing of this"};
}

// Returns how many were taken out; `first` is why.
std::size_t OscRouter::leave_settable(Origin from, SlotSet& slots, std::string& first) const {
    const Rights& rights = desk_.access().of(rights_of(from));
    if (rights.everything) return 0;
    SlotSet refused = slots;
    refused.take_away(rights.may_set);
    slots.keep_only(rights.may_set);
    if (!refused.empty())
        first =
            desk_.layout().address(refused.first()) + ": a " + rights.name + " may not set this";
    return refused.count();
}

std::vector<OscArg> OscRouter::who_is(Origin from) const {
    const RightsNumber number = rights_of(from);
    const Rights& rights = desk_.access().of(number);
    return {OscArg::text(rights.name),
            whole(rights.number),
            OscArg::text(clean_text(desk_.access().holder(number), kMostEcho)),
            OscArg::text(rights.everything ? "//*" : rights.settable),
            OscArg::text(rights.everything ? "//*" : rights.runnable),
            whole(static_cast<std::size_t>(rights.rate))};
}

const std::string& OscRouter::role_of(Origin peer) const {
    return desk_.access().of(rights_of(peer)).name;
}

// ",i port", ",si name port", or nothing. The answer goes where all others will go.
base::Status OscRouter::redirect(Origin from, const OscMessage& message) {
    const std::size_t count = message.args.size();
    if (!fit(message, "?si") || (count == 1 && !message.args[0].is_whole()))
        return Error{"wrong arguments", {}, "a port, a name and a port, or nothing"};
    const double port = count == 0 ? 0.0 : message.args.back().as_number();
    if (count != 0 && (port < 1024.0 || port > 65535.0))
        return Error{"a port is a number from 1024 to 65535"};
    if (!outlet_.redirect) return Error{"is for UDP; here answers come on the same connection"};
    const std::string name = count == 2 ? clean_text(message.args[0].as_text(), kMostEcho) : "";
    const auto done = outlet_.redirect(from, static_cast<std::uint16_t>(port), name);
    if (done) reply(from, {message.address, {OscArg::integer(static_cast<std::int32_t>(port))}});
    return done;
}

}  // namespace mixrig::control
