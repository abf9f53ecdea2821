// What waits to be sent to one WebSocket: bounded, and of meters only the newest.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/web/mail.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <utility>

namespace mixrig::web {

class Outbox {
public:
    // As of TCP connections that carry OSC (control/tcp.h): changes only as long as next to nothing
    // waits, since those that are kept back coalesce and are the newest when they leave; meters as
    // long as little waits, then answers; beyond that the connection is over.
    static constexpr std::size_t kChangesRoom = 4u << 10;
    static constexpr std::size_t kMetersRoom = 16u << 10;
    static constexpr std::size_t kMost = 256u << 10;

    // `full` for what was left out. Old meters make room for new ones.
    Sent push(Bytes packet, Urgency urgency, std::int64_t now);
    Sent push_text(std::string_view text, std::int64_t now);
    std::optional<Outgoing> pop(std::int64_t now);

    // Changes were refused, and now there is room; once.
    bool take_appetite() { return bytes_ <= kChangesRoom && std::exchange(has_refused_, false); }

    bool empty() const { return waiting_.empty(); }
    std::size_t bytes() const { return bytes_; }
    // Too much waits: the connection is to be closed.
    bool is_over() const { return is_over_; }
    // Since when nothing was taken although something waits.
    std::optional<std::int64_t> stalled_since() const;

private:
    Sent add(Bytes packet, Urgency urgency, std::int64_t now, bool is_text);
    bool make_room_for_meters();

    std::deque<Outgoing> waiting_;
    std::size_t bytes_ = 0;
    std::size_t meters_ = 0;  // how many of those that wait
    std::int64_t moved_ = 0;  // when the last was taken, or the first began to wait
    bool has_refused_ = false;
    bool is_over_ = false;
};

}  // namespace mixrig::web
