// Answers of many lines, sent at the pace that each peer can take.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_message.h"
#include "control/outlet.h"
#include "control/rate_limit.h"
#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

namespace mixrig::control {

class LongAnswers {
public:
    static constexpr std::size_t kMostBytes = 4u << 20;  // that wait for one peer

    explicit LongAnswers(const Outlet& outlet) : outlet_(outlet) {}

    // In bundles below the size of a datagram. An error if too much waits for this peer already.
    base::Status add(Origin to, const std::vector<OscMessage>& lines);
    void turn(std::int64_t now);
    void forget(Origin peer) { peers_.erase(peer); }
    bool has(Origin peer) const { return peers_.contains(peer); }
    // Something waits that could be sent now or soon.
    bool is_waiting() const { return waiting_; }

private:
    struct Peer {
        std::deque<std::vector<std::uint8_t>> packets = {};
        std::size_t bytes = 0;
        RateLimit pace;  // UDP: datagrams
    };
    Sent serve(Origin to, Peer& peer, std::int64_t now);

    const Outlet& outlet_;
    std::map<Origin, Peer> peers_;
    bool waiting_ = false;
};

}  // namespace mixrig::control
