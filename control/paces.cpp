// Paces of peers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/paces.h"

namespace mixrig::control {
bool Paces::take(Origin peer, double per_second, std::size_t messages, std::int64_t now) {
    if (per_second <= 0.0) return true;
    Pace& pace = paces_.try_emplace(peer, Pace{RateLimit(per_second, per_second)}).first->second;
    if (pace.limit.take(now, static_cast<double>(messages))) return true;
    if (pace.dropped == 0) {
        pace.since = now;
        ++waiting_;
    }
    pace.dropped += messages;
    dropped_ += messages;
    return false;
}

void Paces::report(std::int64_t now, const std::function<void(Origin, std::size_t)>& tell) {
    if (waiting_ == 0) return;
    for (auto& [peer, pace] : paces_) {
        if (pace.dropped == 0 || now - pace.since < kOneSecond) continue;
        tell(peer, pace.dropped);
        pace.dropped = 0;
        --waiting_;
    }
}

void Paces::forget(Origin peer) {
    const auto found = paces_.find(peer);
    if (found == paces_.end()) return;
    if (found->second.dropped != 0) --waiting_;
    paces_.erase(found);
}

}  // namespace mixrig::control
