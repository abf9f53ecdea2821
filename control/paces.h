// How many messages each peer may send; what is more is dropped, counted, and told once a second.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/origin.h"
#include "control/rate_limit.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <unordered_map>

namespace mixrig::control {

class Paces {
public:
    // Whether so many messages may pass now: all of them or none. A second's worth may come at
    // once. 0 a second is no limit.
    bool take(Origin peer, double per_second, std::size_t messages, std::int64_t now);
    // Calls tell(peer, number) for who has lost some, once a second each.
    void report(std::int64_t now, const std::function<void(Origin, std::size_t)>& tell);
    bool is_waiting() const { return waiting_ != 0; }
    void forget(Origin peer);
    std::uint64_t dropped() const { return dropped_; }

private:
    struct Pace {
        RateLimit limit;
        std::size_t dropped = 0;
        std::int64_t since = 0;  // the first of these
    };
    std::unordered_map<Origin, Pace> paces_;
    std::size_t waiting_ = 0;    // peers that have something to be told
    std::uint64_t dropped_ = 0;  // of all peers, ever
};

}  // namespace mixrig::control
