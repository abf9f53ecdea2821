// Who is sent which meters, how often, for how long.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/osc_hooks.h"
#include "control/osc_pattern.h"
#include "control/outlet.h"
#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control {

class MeterFeed {
public:
    static constexpr std::size_t kMostPerPeer = 16;
    // Of all peers without a connection: anybody has as many ports as he likes. Connections are
    // bounded where they are made, and every page that is let in has its meters.
    static constexpr std::size_t kMostByUdp = 512;

    MeterFeed(const OscHooks& hooks, const Outlet& outlet, const Access& access)
        : hooks_(hooks), outlet_(outlet), access_(access) {}

    // A new one, or a new rate and lease for the one with the same pattern, which may be that of
    // the strip ("/ch/*") or of its meter ("/meters/ch/*").
    base::Status subscribe(Origin peer, const std::string& pattern, std::int64_t period,
                           std::int64_t until);
    std::size_t unsubscribe(Origin peer, std::string_view pattern);
    std::size_t forget(Origin peer);
    bool has(Origin peer) const;

    void turn(std::int64_t now);
    std::optional<std::int64_t> next() const;

private:
    struct Feed {
        Origin peer = kDeskItself;
        std::string text;
        Pattern pattern;
        bool is_by_udp = false;
        std::int64_t period = 0, until = 0, next = 0;
        std::vector<std::size_t> lines = {};  // those that match
        std::size_t known_lines = 0;          // how many there were when `lines` was made
    };

    base::Status has_room(bool is_by_udp, std::size_t of_peer) const;
    bool shows(Origin peer, const Pattern& pattern, const MeterLine& line) const;
    void send(Feed& feed, std::span<const MeterLine> lines);
    const std::vector<std::uint8_t>& encoded(const MeterLine& line, std::size_t index);

    const OscHooks& hooks_;
    const Outlet& outlet_;
    const Access& access_;
    std::vector<Feed> feeds_;
    std::vector<std::vector<std::uint8_t>> encoded_;  // of this turn
};

}  // namespace mixrig::control
