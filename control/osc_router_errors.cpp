// What a peer is told when something cannot be done, and how often.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_router.h"
#include "control/token_prefix.h"
#include "control/utf8.h"

namespace mixrig::control {
bool OscRouter::may_tell_error(Origin to, std::int64_t now) {
    Errors& errors = errors_[to];
    if (errors.limit.take(now)) return true;
    if (errors.withheld++ == 0) errors.since = now;
    ++withheld_;
    return false;
}

void OscRouter::error(Origin to, std::string_view address, std::string_view reason,
                      std::int64_t now) {
    if (may_tell_error(to, now)) tell_error(to, address, reason);
}

void OscRouter::tell_error(Origin to, std::string_view address, std::string_view reason) const {
    reply(to, {"/error",
               {OscArg::text(clean_text(without_token(address), kMostEcho)),
                OscArg::text(clean_text(reason, 4 * kMostEcho))}});
}

// A flood of errors is answered by one line a second that says how many there were.
void OscRouter::tell_withheld(std::int64_t now) {
    if (withheld_ == 0) return;
    for (auto& [peer, errors] : errors_) {
        if (errors.withheld == 0 || now - errors.since < kOneSecond) continue;
        tell_error(peer, "/error", std::to_string(errors.withheld) + " more errors were not sent");
        withheld_ -= errors.withheld;
        errors.withheld = 0;
    }
}

}  // namespace mixrig::control
