// Where the control thread and the web thread meet.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/exchange.h"

#include <algorithm>
#include <iterator>

namespace mixrig::web {

using Lock = std::lock_guard<std::mutex>;

void Exchange::open(ConnectionId id, Visitor visitor, Rights rights) {
    const Lock lock(mutex_);
    channels_[id] = {.visitor = std::move(visitor), .rights = rights};
    ++arrivals_;
}

void Exchange::close(ConnectionId id) {
    const Lock lock(mutex_);
    const auto found = channels_.find(id);
    if (found == channels_.end()) return;
    found->second.is_open = false;
    ++arrivals_;
}

bool Exchange::receive(ConnectionId id, std::vector<std::uint8_t> packet) {
    const Lock lock(mutex_);
    const auto found = channels_.find(id);
    if (found == channels_.end()) return false;
    Channel& channel = found->second;
    channel.inbox_bytes += packet.size();
    channel.inbox.push_back(std::move(packet));
    ++arrivals_;
    channel.is_paused = channel.inbox_bytes > kInbox;
    return !channel.is_paused;
}

Exchange::Orders Exchange::take_orders() {
    Orders out;
    {
        const Lock lock(mutex_);
        is_woken_ = false;
        has_orders_ = false;
        for (const ConnectionId id : orders_.written)
            if (const auto found = channels_.find(id); found != channels_.end())
                found->second.is_written = false;
        out = std::exchange(orders_, {});
    }
    coalesce(out.changes);
    return out;
}

std::optional<Outgoing> Exchange::pop(ConnectionId id, std::int64_t now) {
    const Lock lock(mutex_);
    const auto found = channels_.find(id);
    return found == channels_.end() ? std::nullopt : found->second.outbox.pop(now);
}

bool Exchange::has_mail(ConnectionId id) {
    const Lock lock(mutex_);
    const auto found = channels_.find(id);
    return found != channels_.end() && !found->second.outbox.empty();
}

Sent Exchange::push(ConnectionId id, Bytes packet, Urgency urgency, std::int64_t now) {
    const Lock lock(mutex_);
    const auto found = channels_.find(id);
    return found == channels_.end() ? Sent::gone : found->second.outbox.push(packet, urgency, now);
}

Sent Exchange::push_text(ConnectionId id, std::string_view text, std::int64_t now) {
    const Lock lock(mutex_);
    const auto found = channels_.find(id);
    return found == channels_.end() ? Sent::gone : found->second.outbox.push_text(text, now);
}

std::vector<ConnectionId> Exchange::stalled(std::int64_t now, std::int64_t patience) {
    const Lock lock(mutex_);
    std::vector<ConnectionId> out;
    for (const auto& [id, channel] : channels_) {
        const auto since = channel.outbox.stalled_since();
        const bool is_stuck = since && now - *since > patience;
        if (channel.is_open && (channel.outbox.is_over() || is_stuck)) out.push_back(id);
    }
    return out;
}

std::vector<Exchange::Taken> Exchange::take() {
    const Lock lock(mutex_);
    std::vector<Taken> out;
    if (arrivals_ == 0) return out;
    arrivals_ = 0;
    for (auto at = channels_.begin(); at != channels_.end();) {
        auto& [id, channel] = *at;
        const bool came = !channel.is_announced;
        if (came || !channel.is_open || !channel.inbox.empty())
            out.push_back({id, came ? channel.visitor : Visitor{}, channel.rights, came,
                           !channel.is_open, std::exchange(channel.inbox, {})});
        channel.is_announced = true;
        channel.inbox_bytes = 0;
        // What it said last is still to be heard, by whoever took it.
        at = channel.is_open ? std::next(at) : channels_.erase(at);
    }
    return out;
}

// What was not wanted yet stands in front of what has come meanwhile.
void Exchange::give_back(Taken taken) {
    const Lock lock(mutex_);
    Channel& channel = channels_[taken.id];
    for (const auto& packet : taken.packets) channel.inbox_bytes += packet.size();
    channel.inbox.insert(channel.inbox.begin(), std::make_move_iterator(taken.packets.begin()),
                         std::make_move_iterator(taken.packets.end()));
    channel.is_announced = true;
    channel.is_open = channel.is_open && !taken.left;
    channel.rights = taken.rights;
    ++arrivals_;
}

void Exchange::collect(const Reception& reception) {
    for (Taken& taken : take()) {
        if (taken.came) reception.came(taken.id, taken.visitor, taken.rights);
        while (!taken.packets.empty() && reception.packet(taken.id, taken.packets.front()))
            taken.packets.pop_front();
        const ConnectionId id = taken.id;
        if (!taken.packets.empty())
            give_back(std::move(taken));
        else if (taken.left)
            reception.left(id);
        resume(id);
    }
}

// Half empty is room enough: a pause for each packet would cost more than it saves.
void Exchange::resume(ConnectionId id) {
    const Lock lock(mutex_);
    const auto found = channels_.find(id);
    if (found == channels_.end()) return;
    Channel& channel = found->second;
    if (!channel.is_paused || channel.inbox_bytes > kInbox / 2) return;
    channel.is_paused = false;
    orders_.resumed.push_back(id);
    has_orders_ = true;
}

Sent Exchange::send(ConnectionId id, Bytes packet, Urgency urgency, std::int64_t now) {
    const Lock lock(mutex_);
    const auto found = channels_.find(id);
    if (found == channels_.end() || !found->second.is_open) return Sent::gone;
    Channel& channel = found->second;
    const Sent sent = channel.outbox.push(packet, urgency, now);
    if (!channel.is_written) orders_.written.push_back(id);
    channel.is_written = true;
    has_orders_ = true;
    return sent;
}

bool Exchange::wants_more(ConnectionId id) {
    const Lock lock(mutex_);
    const auto found = channels_.find(id);
    return found != channels_.end() && found->second.outbox.take_appetite();
}

std::size_t Exchange::backlog(ConnectionId id) {
    const Lock lock(mutex_);
    const auto found = channels_.find(id);
    return found == channels_.end() ? 0 : found->second.outbox.bytes();
}

void Exchange::drop(ConnectionId id) {
    const Lock lock(mutex_);
    orders_.dropped.push_back(id);
    has_orders_ = true;
}

void Exchange::publish(Changes changes) {
    const Lock lock(mutex_);
    // The web thread takes them all the time; if it does not, the last of each value is enough.
    if (orders_.changes.size() + changes.size() > kMostChanges) coalesce(orders_.changes);
    std::move(changes.begin(), changes.end(), std::back_inserter(orders_.changes));
    has_orders_ = true;
}

void coalesce(Changes& all) {
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    // Of equal neighbours the last stays: unique() keeps the first, seen from the end.
    const auto last = std::unique(all.rbegin(), all.rend(),
                                  [](const auto& a, const auto& b) { return a.first == b.first; });
    all.erase(all.begin(), last.base());
}

void Exchange::publish_meters(std::span<const float> values) {
    const Lock lock(mutex_);
    orders_.meters.assign(values.begin(), values.end());
    has_orders_ = true;
}

bool Exchange::must_wake() {
    const Lock lock(mutex_);
    return has_orders_ && !std::exchange(is_woken_, true);
}

}  // namespace mixrig::web
