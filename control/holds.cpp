// Leases on parameters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/holds.h"

#include <algorithm>

namespace mixrig::control {

base::Status Holds::hold(param::Slot slot, Origin hand, std::int64_t now) {
    if (is_taken(slot, hand, now)) return base::Error{"another hand holds it"};
    const auto mine = std::count_if(holds_.begin(), holds_.end(), [&](const auto& one) {
        return one.second.hand == hand && one.first != slot;
    });
    if (static_cast<std::size_t>(mine) >= kMostEach)
        return base::Error{"no hand holds more than 64"};
    // Renewed, it has heard no more than before.
    Hold& held = holds_[slot];
    if (held.hand != hand) held = {.hand = hand};
    held.until = now + kLease;
    return base::Done{};
}

bool Holds::let_go(param::Slot slot, Origin hand) {
    const auto found = holds_.find(slot);
    if (found == holds_.end() || found->second.hand != hand) return false;
    holds_.erase(found);
    return true;
}

template <typename Which>
std::vector<param::Slot> Holds::take_out(Which which) {
    std::vector<param::Slot> out;
    std::erase_if(holds_, [&](const auto& one) {
        if (!which(one.second)) return false;
        out.push_back(one.first);
        return true;
    });
    return out;
}

std::vector<param::Slot> Holds::let_go(Origin hand) {
    return take_out([&](const Hold& hold) { return hold.hand == hand; });
}

std::vector<param::Slot> Holds::end(std::int64_t now) {
    return take_out([&](const Hold& hold) { return hold.until <= now; });
}

bool Holds::is_taken(param::Slot slot, Origin hand, std::int64_t now) {
    const auto found = holds_.find(slot);
    if (found == holds_.end()) return false;
    Hold& hold = found->second;
    if (hold.hand == hand) {
        hold.until = now + kLease;
        return false;
    }
    return hold.until > now;
}

void Holds::overrule(param::Slot slot, Origin by, std::int64_t now) {
    const auto found = holds_.find(slot);
    if (found != holds_.end() && found->second.hand != by)
        found->second.unaware_until = now + kUnaware;
}

bool Holds::is_unaware(param::Slot slot, Origin hand, std::int64_t now) const {
    const auto found = holds_.find(slot);
    return found != holds_.end() && found->second.hand == hand && found->second.unaware_until > now;
}

void Holds::has_heard(param::Slot slot, Origin hand) {
    const auto found = holds_.find(slot);
    if (found != holds_.end() && found->second.hand == hand) found->second.unaware_until = 0;
}

}  // namespace mixrig::control
