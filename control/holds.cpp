// Leases on parameters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/holds.h"

#include <algorithm>

namespace mixrig::control {

base::Status Holds::hold(param::Slot slot, Origin hand, std::int64_t now) {
    if (is_taken(slot, hand, now)) return base::Error{"another hand holds it"};
    const auto mine = std::count_if(holds_.begin(), holds_.end(),
                                    [&](const auto& one) { return one.second.hand == hand; });
    if (static_cast<std::size_t>(mine) >= kMostEach && !holds_.contains(slot))
        return base::Error{"no hand holds more than 64"};
    holds_[slot] = {hand, now + kLease};
    return base::Done{};
}

void Holds::let_go(param::Slot slot, Origin hand) {
    const auto found = holds_.find(slot);
    if (found != holds_.end() && found->second.hand == hand) holds_.erase(found);
}

void Holds::let_go(Origin hand) {
    std::erase_if(holds_, [&](const auto& one) { return one.second.hand == hand; });
}

bool Holds::is_taken(param::Slot slot, Origin hand, std::int64_t now) {
    const auto found = holds_.find(slot);
    if (found == holds_.end()) return false;
    Hold& hold = found->second;
    if (hold.hand == hand) {
        hold.until = now + kLease;
        return false;
    }
    if (hold.until > now) return true;
    holds_.erase(found);
    return false;
}

}  // namespace mixrig::control
