// Leases, current values, changes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/subscriptions.h"

#include "control/osc_codec.h"
#include "control/osc_value.h"

#include <algorithm>
#include <utility>

namespace mixrig::control {
namespace {

// UDP has no flow control. 1.4 MB/s is 40,000 values a second, and less than a tenth of what a
// receiver written in Python takes off its socket; the burst fits the smallest usual socket buffer.
constexpr double kDatagramsPerSecond = 1000.0, kBurst = 16.0;
constexpr std::size_t kMostEncoded = 4096;

}  // namespace

Subscriptions::Peer& Subscriptions::peer(Origin id) {
    const auto found = peers_.find(id);
    if (found != peers_.end()) return found->second;
    return peers_
        .emplace(id, Peer{.feeds = {},
                          .changed = SlotSet(desk_.layout().size()),
                          .pace = RateLimit(kDatagramsPerSecond, kBurst)})
        .first->second;
}

std::size_t Subscriptions::subscription_count(const Peer& peer) {
    return static_cast<std::size_t>(
        std::count_if(peer.feeds.begin(), peer.feeds.end(), [](const Feed& f) { return !f.once; }));
}

base::Status Subscriptions::subscribe(Origin id, std::string_view pattern, SlotSet slots,
                                      std::int64_t until) {
    if (!peers_.contains(id) && peers_.size() >= kMostPeers)
        return base::Error{"there are 256 subscribers already", {}, "try again when one has left"};
    Peer& to = peer(id);
    waiting_ = true;
    for (Feed& feed : to.feeds) {
        if (feed.once || feed.pattern != pattern) continue;
        feed.until = until;
        if (!feed.sending) feed.cursor = 0;
        feed.sending = true;
        return base::Done{};
    }
    if (subscription_count(to) >= kMostPerPeer)
        return base::Error{"no more than 16 subscriptions each", {}, "/unsubscribe from one"};
    to.feeds.push_back(
        {.pattern = std::string(pattern), .slots = std::move(slots), .until = until});
    return base::Done{};
}

base::Status Subscriptions::answer(Origin id, SlotSet slots) {
    if (!peers_.contains(id) && peers_.size() >= 2 * kMostPeers)
        return base::Error{"too many answers are under way", {}, "try again"};
    Peer& to = peer(id);
    if (to.feeds.size() - subscription_count(to) >= kMostAnswers)
        return base::Error{"8 answers to you are under way", {}, "wait for them"};
    to.feeds.push_back({.pattern = {}, .slots = std::move(slots), .once = true});
    waiting_ = true;
    return base::Done{};
}

std::size_t Subscriptions::unsubscribe(Origin id, std::string_view pattern) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) return 0;
    return std::erase_if(found->second.feeds,
                         [&](const Feed& feed) { return !feed.once && feed.pattern == pattern; });
}

std::size_t Subscriptions::forget(Origin id) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) return 0;
    const std::size_t count = subscription_count(found->second);
    peers_.erase(found);
    return count;
}

void Subscriptions::note(const Change& change) {
    for (auto& [id, peer] : peers_) {
        if (id == change.origin && !change.adjusted) continue;
        for (const Feed& feed : peer.feeds) {
            if (feed.once || !feed.slots.has(change.slot)) continue;
            peer.changed.add(change.slot);
            waiting_ = true;
            break;
        }
    }
}

void Subscriptions::turn(std::int64_t now) {
    encoded_.clear();
    waiting_ = false;
    std::vector<Origin> gone;
    // Whoever was served last in the turn before comes last in this one.
    std::vector<Origin> order;
    order.reserve(peers_.size());
    for (const auto& [id, peer] : peers_) order.push_back(id);
    std::rotate(order.begin(), std::upper_bound(order.begin(), order.end(), last_served_),
                order.end());
    for (const Origin id : order) {
        Peer& to = peers_.at(id);
        std::erase_if(to.feeds, [&](const Feed& f) { return !f.once && f.until <= now; });
        const Progress progress = serve(id, to, now);
        // TCP says itself when there is room again.
        if (progress == Progress::blocked && !outlet_.has_flow_control(id)) waiting_ = true;
        if (progress == Progress::gone || to.feeds.empty()) gone.push_back(id);
    }
    if (!order.empty()) last_served_ = order.front();
    for (const Origin id : gone) peers_.erase(id);
}

Subscriptions::Progress Subscriptions::serve(Origin id, Peer& peer, std::int64_t now) {
    for (Feed& feed : peer.feeds) {
        if (!feed.sending) continue;
        const Progress progress = send_current(id, peer, feed, now);
        if (progress != Progress::done) return progress;
    }
    std::erase_if(peer.feeds, [](const Feed& feed) { return feed.once && !feed.sending; });
    return send_changes(id, peer, now);
}

Subscriptions::Progress Subscriptions::send(Origin id, Peer& peer, Bytes packet, std::int64_t now) {
    if (!outlet_.has_flow_control(id) && !peer.pace.take(now)) return Progress::blocked;
    switch (outlet_.send(id, packet, Urgency::state)) {
        case Sent::done:
            return Progress::done;
        case Sent::full:
            return Progress::blocked;
        case Sent::gone:
            break;
    }
    return Progress::gone;
}

Subscriptions::Progress Subscriptions::send_current(Origin id, Peer& peer, Feed& feed,
                                                    std::int64_t now) {
    BundleWriter writer(kDatagramBytes);
    while (true) {
        param::Slot slot = feed.slots.next(feed.cursor);
        for (; slot != feed.slots.end() && writer.fits(encoded(slot));
             slot = feed.slots.next(slot + 1))
            writer.add(encoded(slot));
        if (writer.empty()) break;
        if (const Progress progress = send(id, peer, writer.take(), now);
            progress != Progress::done)
            return progress;
        for (param::Slot sent = feed.slots.next(feed.cursor); sent < slot;
             sent = feed.slots.next(sent + 1))
            peer.changed.remove(sent);
        feed.cursor = slot;
    }
    if (!feed.once) {
        const OscMessage synced{"/synced",
                                {OscArg::integer(static_cast<std::int32_t>(feed.slots.count()))}};
        if (const Progress progress = send(id, peer, encode(synced), now);
            progress != Progress::done)
            return progress;
    }
    feed.sending = feed.first = false;
    return Progress::done;
}

bool Subscriptions::is_held(const Peer& peer, param::Slot slot) {
    return std::any_of(peer.feeds.begin(), peer.feeds.end(), [&](const Feed& feed) {
        return feed.sending && feed.first && !feed.once && feed.slots.has(slot);
    });
}

Subscriptions::Progress Subscriptions::send_changes(Origin id, Peer& peer, std::int64_t now) {
    // Goes on where it stopped, so that a flood of changes does not starve the slots at the end.
    const param::Slot middle = peer.cursor;
    const Progress progress = send_changes(id, peer, now, middle, peer.changed.end());
    if (progress != Progress::done) return progress;
    peer.cursor = 0;
    return send_changes(id, peer, now, 0, middle);
}

Subscriptions::Progress Subscriptions::send_changes(Origin id, Peer& peer, std::int64_t now,
                                                    param::Slot from, param::Slot to) {
    BundleWriter writer(kDatagramBytes);
    std::vector<param::Slot> taken;
    const auto flush = [&] {
        const Progress progress = send(id, peer, writer.take(), now);
        if (progress == Progress::done) {
            for (const param::Slot slot : taken) peer.changed.remove(slot);
            peer.cursor = taken.back() + 1;
        }
        taken.clear();
        return progress;
    };
    for (param::Slot slot = peer.changed.next(from); slot < to;
         slot = peer.changed.next(slot + 1)) {
        if (is_held(peer, slot)) continue;
        if (!writer.fits(encoded(slot)))
            if (const Progress progress = flush(); progress != Progress::done) return progress;
        writer.add(encoded(slot));
        taken.push_back(slot);
    }
    return writer.empty() ? Progress::done : flush();
}

const std::vector<std::uint8_t>& Subscriptions::encoded(param::Slot slot) {
    if (const auto found = encoded_.find(slot); found != encoded_.end()) return found->second;
    if (encoded_.size() >= kMostEncoded) encoded_.clear();
    return encoded_[slot] = encode(
               {desk_.layout().address(slot), {to_arg(desk_.layout(), slot, desk_.get(slot))}});
}

}  // namespace mixrig::control
