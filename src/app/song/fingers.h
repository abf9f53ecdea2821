// Fingers that rest on parameters so that lanes are written, as `/automation/touch` says it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/holds.h"
#include "control/origin.h"
#include "src/param/layout.h"

#include <cstdint>
#include <map>
#include <vector>

namespace mixrig::app {

// [control] One finger a parameter, that which came last: nobody is kept off by it. Times are
// base::monotonic_ns().
class Fingers {
public:
    // Without a move, and without saying so again: as by `/touch`.
    static constexpr std::int64_t kLease = control::Holds::kLease;

    void rest(param::Slot slot, control::Origin hand, std::int64_t now) {
        resting_[slot] = {hand, now + kLease};
    }
    // A move of the hand whose finger it is.
    void moved(param::Slot slot, control::Origin hand, std::int64_t now) {
        const auto found = resting_.find(slot);
        if (found != resting_.end() && found->second.hand == hand)
            found->second.until = now + kLease;
    }
    // Whoever says so.
    void lift(param::Slot slot) { resting_.erase(slot); }
    void lift_all() { resting_.clear(); }
    bool rests_on(param::Slot slot) const { return resting_.contains(slot); }
    // Both return what no finger rests on any more: all of a hand that is gone; those whose time is
    // over.
    std::vector<param::Slot> lift_all_of(control::Origin hand) {
        return take_out([&](const Finger& finger) { return finger.hand == hand; });
    }
    std::vector<param::Slot> end(std::int64_t now) {
        return take_out([&](const Finger& finger) { return finger.until <= now; });
    }

private:
    struct Finger {
        control::Origin hand = control::kDeskItself;
        std::int64_t until = 0;
    };
    template <typename Which>
    std::vector<param::Slot> take_out(Which which) {
        std::vector<param::Slot> out;
        for (const auto& [slot, finger] : resting_)
            if (which(finger)) out.push_back(slot);
        for (const param::Slot slot : out) resting_.erase(slot);
        return out;
    }

    std::map<param::Slot, Finger> resting_;
};

}  // namespace mixrig::app
