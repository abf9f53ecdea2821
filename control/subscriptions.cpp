// Leases, current values, changes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/subscriptions.h"

#include "control/osc_value.h"

#include <algorithm>
#include <utility>

namespace mixrig::control {
namespace {

// UDP has no flow control. 1.4 MB/s is 40,000 values a second, and less than a tenth of what a
// receiver written in Python takes off its socket; the burst fits the smallest usual socket buffer.
constexpr double kDatagramsPerSecond = 1000.0, kBurst = 16.0;
constexpr std::size_t kMostEncoded = 4096;

std::vector<std::uint8_t> date_message(std::uint32_t date) {
    return encode({"/turn", {OscArg::integer(static_cast<std::int32_t>(date))}});
}

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
    synced_.erase(id);
    dated_.erase(id);
    const auto found = peers_.find(id);
    if (found == peers_.end()) return 0;
    const std::size_t count = subscription_count(found->second);
    peers_.erase(found);
    return count;
}

void Subscriptions::sync(Origin id, bool on, bool dates) {
    const auto put = [id](std::set<Origin>& set, bool in) {
        if (in)
            set.insert(id);
        else
            set.erase(id);
    };
    put(synced_, on);
    put(dated_, on && dates);
    waiting_ = true;
}

std::vector<std::uint8_t> Subscriptions::answer_packet(Origin id, const OscMessage& value) const {
    if (!dated_.contains(id)) return encode(value);
    BundleWriter writer(kDatagramBytes);
    writer.add(date_message(date_ + 1));
    writer.add(encode(value));
    return writer.take();
}

void Subscriptions::remind(Origin id, param::Slot slot) {
    const auto found = peers_.find(id);
    if (found == peers_.end()) return;
    for (const Feed& feed : found->second.feeds)
        if (!feed.once && feed.slots.has(slot)) found->second.changed.add(slot), waiting_ = true;
}

void Subscriptions::note(const Change& change) {
    hash_.note(change.slot);
    for (auto& [id, peer] : peers_) {
        if (id == change.origin && !change.adjusted) {
            forget_repeats(id, peer, change.slot);
            continue;
        }
        for (const Feed& feed : peer.feeds) {
            if (feed.once || !feed.slots.has(change.slot)) continue;
            peer.changed.add(change.slot);
            waiting_ = true;
            break;
        }
    }
}

// A hand that moves on would be told where it was, as if somebody else had put it there. Who has no
// dates is told all the same: it may have heard of another's change behind its own.
void Subscriptions::forget_repeats(Origin id, Peer& peer, param::Slot slot) {
    if (!dated_.contains(id)) return;
    peer.repeats.forget(slot);
    peer.again.erase(slot);
}

void Subscriptions::turn(std::int64_t now) {
    encoded_.clear();
    date_ += 2;
    waiting_ = false;
    next_.reset();
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
        if (progress == Progress::gone || to.feeds.empty())
            gone.push_back(id);
        else if (progress == Progress::done)
            note_deadlines(id, to);
    }
    if (!order.empty()) last_served_ = order.front();
    for (const Origin id : gone) peers_.erase(id);
}

Subscriptions::Progress Subscriptions::serve(Origin id, Peer& peer, std::int64_t now) {
    // Of two ways one that is blocked does not hold up the other.
    const bool has_two_ways = outlet_.is_lossy(id) && outlet_.has_flow_control(id);
    Progress worst = Progress::done;
    const auto ends = [&](Progress progress) {
        worst = std::max(worst, progress);
        return progress == Progress::gone || (progress == Progress::blocked && !has_two_ways);
    };
    for (Feed& feed : peer.feeds)
        if (feed.sending && ends(send_current(id, peer, feed, now))) return worst;
    std::erase_if(peer.feeds, [](const Feed& feed) { return feed.once && !feed.sending; });
    if (ends(send_changes(id, peer, now)) || ends(send_again(id, peer, now))) return worst;
    if (synced_.contains(id)) ends(send_beats(id, peer, now));
    return worst;
}

void Subscriptions::note_deadlines(Origin id, const Peer& peer) {
    const auto at = [&](std::int64_t when) { next_ = next_ ? std::min(*next_, when) : when; };
    if (const auto due = peer.repeats.next()) at(*due);
    // Sums come behind changes.
    if (!peer.changed.empty()) return dated_.contains(id) ? at(peer.not_before) : void();
    if (!synced_.contains(id)) return;
    for (const Feed& feed : peer.feeds)
        if (!feed.once && !feed.sending) at(feed.beat);
}

Subscriptions::Progress Subscriptions::send(Origin id, Peer& peer, Bytes packet, Urgency urgency,
                                            std::int64_t now) {
    if (!outlet_.has_flow_control(id) && !peer.pace.take(now)) return Progress::blocked;
    switch (outlet_.send(id, packet, urgency)) {
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
    while (true) {
        param::Slot slot = feed.slots.next(feed.cursor);
        if (slot == feed.slots.end()) break;
        BundleWriter writer = writer_for(id);
        for (; slot != feed.slots.end() && writer.fits(encoded(slot));
             slot = feed.slots.next(slot + 1))
            writer.add(encoded(slot));
        if (const Progress progress = send(id, peer, writer.take(), Urgency::state, now);
            progress != Progress::done)
            return progress;
        for (param::Slot sent = feed.slots.next(feed.cursor); sent < slot;
             sent = feed.slots.next(sent + 1)) {
            // What it brings may come late, where changes have a quicker way.
            if (peer.changed.has(sent) && outlet_.is_lossy(id)) peer.repeats.told(sent, now, date_);
            peer.changed.remove(sent);
        }
        feed.cursor = slot;
    }
    if (!feed.once) {
        const OscMessage synced{"/synced",
                                {OscArg::integer(static_cast<std::int32_t>(feed.slots.count()))}};
        if (const Progress progress = send(id, peer, encode(synced), Urgency::state, now);
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
    if (dated_.contains(id) && !peer.changed.empty()) {
        if (now < peer.not_before) return Progress::done;
        peer.not_before = now + kPagesTogether;
    }
    // Goes on where it stopped, so that a flood of changes does not starve the slots at the end.
    const param::Slot middle = peer.cursor;
    const Progress progress = send_some(id, peer, now, middle, peer.changed.end());
    if (progress != Progress::done) return progress;
    peer.cursor = 0;
    return send_some(id, peer, now, 0, middle);
}

// Those who want it find a date at the front of each packet,
BundleWriter Subscriptions::writer_for(Origin id) const {
    BundleWriter writer(kDatagramBytes);
    if (dated_.contains(id)) writer.add(date_message(date_));
    return writer;
}

// and those who count the changes a number.
BundleWriter Subscriptions::numbered_writer_for(Origin id, const Peer& peer) const {
    BundleWriter writer = writer_for(id);
    if (synced_.contains(id)) writer.add(encode({"/seq", {OscArg::integer(peer.sequence + 1)}}));
    return writer;
}

Subscriptions::Progress Subscriptions::send_some(Origin id, Peer& peer, std::int64_t now,
                                                 param::Slot from, param::Slot to) {
    const bool is_lossy = outlet_.is_lossy(id);
    BundleWriter writer = numbered_writer_for(id, peer);
    std::vector<param::Slot> taken;
    const auto flush = [&] {
        const Progress progress = send(id, peer, writer.take(), Urgency::change, now);
        if (progress == Progress::done) {
            ++peer.sequence;
            hurry_beats(peer, now);
            for (const param::Slot slot : taken) {
                peer.changed.remove(slot);
                if (is_lossy) peer.repeats.told(slot, now, date_);
            }
            peer.cursor = taken.back() + 1;
        }
        taken.clear();
        writer = numbered_writer_for(id, peer);
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
    return taken.empty() ? Progress::done : flush();
}

void Subscriptions::hurry_beats(Peer& peer, std::int64_t now) {
    for (Feed& feed : peer.feeds) {
        feed.quick_beats = kQuickBeats;
        feed.beat = std::min(feed.beat, now + kQuickBeat);
    }
}

// Without numbers: a repeat is nothing that could be missed.
Subscriptions::Progress Subscriptions::send_again(Origin id, Peer& peer, std::int64_t now) {
    peer.repeats.take_due(now, [&](param::Slot slot, std::uint32_t date) {
        for (const Feed& feed : peer.feeds)
            if (!feed.once && feed.slots.has(slot)) peer.again[slot] = date;
    });
    while (!peer.again.empty()) {
        BundleWriter writer(kDatagramBytes);
        const auto end = write_again(writer, peer, dated_.contains(id));
        const Progress progress = send(id, peer, writer.take(), Urgency::again, now);
        if (progress != Progress::done) return progress;
        peer.again.erase(peer.again.begin(), end);
    }
    return Progress::done;
}

// As many as fit; returns the first that did not.
Subscriptions::Again::iterator Subscriptions::write_again(BundleWriter& writer, Peer& peer,
                                                          bool has_dates) {
    std::optional<std::uint32_t> date;
    for (auto next = peer.again.begin(); next != peer.again.end(); ++next) {
        const bool is_other = has_dates && date != next->second;
        if (is_other && !writer.fits(date_message(next->second))) return next;
        if (is_other) writer.add(date_message(next->second));
        date = next->second;
        if (!writer.fits(encoded(next->first))) return next;
        writer.add(encoded(next->first));
    }
    return peer.again.end();
}

// Only when the peer has been told everything: else it could not have the same hash.
Subscriptions::Progress Subscriptions::send_beats(Origin id, Peer& peer, std::int64_t now) {
    if (!peer.changed.empty()) return Progress::done;
    for (Feed& feed : peer.feeds) {
        if (feed.once || feed.sending || feed.beat > now) continue;
        const OscMessage beat{"/hash",
                              {OscArg::text(feed.pattern),
                               OscArg::integer(static_cast<std::int32_t>(feed.slots.count())),
                               OscArg::integer(static_cast<std::int32_t>(hash_.sum(feed.slots)))}};
        BundleWriter writer = writer_for(id);
        writer.add(encode(beat));
        if (const Progress progress = send(id, peer, writer.take(), Urgency::change, now);
            progress != Progress::done)
            return progress;
        feed.beat = now + (feed.quick_beats > 0 ? kQuickBeat : kBeat);
        feed.quick_beats = std::max(0, feed.quick_beats - 1);
    }
    return Progress::done;
}

const std::vector<std::uint8_t>& Subscriptions::encoded(param::Slot slot) {
    if (const auto found = encoded_.find(slot); found != encoded_.end()) return found->second;
    if (encoded_.size() >= kMostEncoded) encoded_.clear();
    return encoded_[slot] = encode(
               {desk_.layout().address(slot), {to_arg(desk_.layout(), slot, desk_.get(slot))}});
}

}  // namespace mixrig::control
