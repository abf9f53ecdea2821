// Where the control thread and the web thread meet: what came in by WebSocket, what is to go out,
// and what has changed on the desk. One short mutex, nothing waits in it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/values.h"
#include "src/web/mail.h"
#include "src/web/outbox.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mixrig::web {

// What the control thread is told of connections. A packet that is refused comes again.
struct Reception {
    std::function<void(ConnectionId, const Visitor&, Rights)> came = {};
    std::function<bool(ConnectionId, Bytes)> packet = {};
    std::function<void(ConnectionId)> left = {};
};

using Changes = std::vector<std::pair<param::Slot, param::Value>>;
// Leaves the last of each slot, in the order of slots.
void coalesce(Changes& changes);

class Exchange {
public:
    // Beyond this a connection is not read from until the control thread has taken some.
    static constexpr std::size_t kInbox = 256u << 10;
    // So many changes may wait before they are looked through for those that are out of date.
    static constexpr std::size_t kMostChanges = 1u << 16;

    // [web] A connection begins and ends.
    void open(ConnectionId id, Visitor visitor, Rights rights);
    void close(ConnectionId id);
    // [web] False if the connection is not to be read from any more, until take_resumed() names it.
    bool receive(ConnectionId id, std::vector<std::uint8_t> packet);
    // [web] What the control thread asks to be done since.
    struct Orders {
        std::vector<ConnectionId> written = {};  // something waits to be sent
        std::vector<ConnectionId> resumed = {};  // may be read from again
        std::vector<ConnectionId> dropped = {};  // are to be closed
        Changes changes = {};                    // the last of each value
        std::vector<float> meters = {};          // the newest, empty if none came
    };
    Orders take_orders();
    std::optional<Outgoing> pop(ConnectionId id, std::int64_t now);
    bool has_mail(ConnectionId id);
    // [web] The control thread has more for this one, which had no room until now.
    bool wants_more(ConnectionId id);
    // [web] Of its own: a stream of OSCQuery. `full`: later.
    Sent push(ConnectionId id, Bytes packet, Urgency urgency, std::int64_t now);
    Sent push_text(ConnectionId id, std::string_view text, std::int64_t now);
    // [web] Those that took nothing for so long although something waits, or too little.
    std::vector<ConnectionId> stalled(std::int64_t now, std::int64_t patience);

    // [control]
    void collect(const Reception& reception);
    Sent send(ConnectionId id, Bytes packet, Urgency urgency, std::int64_t now);
    std::size_t backlog(ConnectionId id);
    void drop(ConnectionId id);
    void publish(Changes changes);
    void publish_meters(std::span<const float> values);
    // [control] Whether the web thread is to be woken for what was said since it last was.
    bool must_wake();

private:
    struct Channel {
        Visitor visitor = {};
        Rights rights = 0;
        std::deque<std::vector<std::uint8_t>> inbox = {};
        std::size_t inbox_bytes = 0;
        bool is_announced = false;
        bool is_open = true;
        bool is_paused = false;
        bool is_written = false;  // named in orders_.written
        Outbox outbox = {};
    };
    struct Taken {
        ConnectionId id;
        Visitor visitor;
        Rights rights;
        bool came, left;
        std::deque<std::vector<std::uint8_t>> packets;
    };
    std::vector<Taken> take();
    void give_back(Taken taken);
    void resume(ConnectionId id);

    std::mutex mutex_;
    std::unordered_map<ConnectionId, Channel> channels_;
    Orders orders_;
    bool is_woken_ = false;
    bool has_orders_ = false;
    std::size_t arrivals_ = 0;  // packets, and connections that came or went
};

}  // namespace mixrig::web
