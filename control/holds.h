// Which hand is on what, so that two of them do not fight.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/origin.h"
#include "src/base/result.h"
#include "src/param/layout.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace mixrig::control {

// [control] Times are base::monotonic_ns().
class Holds {
public:
    static constexpr std::size_t kMostEach =
        64;  // of one hand: more than fingers, less than a desk
    static constexpr std::int64_t kLease = 10'000'000'000;  // without a move
    // Until a hand has heard that it was overruled, if it does not say so: a slow network's way
    // there and back.
    static constexpr std::int64_t kUnaware = 300'000'000;

    // Who came first has it, until its lease is over.
    base::Status hold(param::Slot slot, Origin hand, std::int64_t now);
    // Whether it did hold it.
    bool let_go(param::Slot slot, Origin hand);
    // Of everything, which is returned; a peer that is gone has no hands.
    std::vector<param::Slot> let_go(Origin hand);
    // Those whose lease is over are held by nobody any more.
    std::vector<param::Slot> end(std::int64_t now);
    // A move renews its own hold.
    bool is_taken(param::Slot slot, Origin hand, std::int64_t now);
    // Somebody else has changed it: what the hand wants now may be from before it heard of that.
    void overrule(param::Slot slot, Origin by, std::int64_t now);
    bool is_unaware(param::Slot slot, Origin hand, std::int64_t now) const;
    void has_heard(param::Slot slot, Origin hand);
    bool empty() const { return holds_.empty(); }

private:
    struct Hold {
        Origin hand = kDeskItself;
        std::int64_t until = 0;
        std::int64_t unaware_until = 0;
    };
    template <typename Which>
    std::vector<param::Slot> take_out(Which which);

    std::map<param::Slot, Hold> holds_;
};

}  // namespace mixrig::control
