// Who is told of which values: leases, the values at the start, and changes, the newest per slot.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_codec.h"
#include "control/outlet.h"
#include "control/rate_limit.h"
#include "control/repeats.h"
#include "control/slot_set.h"
#include "control/state_hash.h"
#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace mixrig::control {

class Subscriptions {
public:
    static constexpr std::size_t kMostPeers = 256;
    static constexpr std::size_t kMostPerPeer = 16;
    static constexpr std::size_t kMostAnswers = 8;  // gets by pattern that wait for their turn
    static constexpr std::int64_t kBeat = 500'000'000;
    // Some beats behind a change come sooner, so that what was lost is soon asked for.
    static constexpr std::int64_t kQuickBeat = 150'000'000;
    static constexpr int kQuickBeats = 4;
    // Who wants dates is a page: it draws no sooner, and two ways are two packets for each.
    static constexpr std::int64_t kPagesTogether = 20'000'000;

    Subscriptions(const Desk& desk, const Outlet& outlet)
        : desk_(desk), outlet_(outlet), hash_(desk) {}

    // A new one, or a longer lease for the one with the same pattern. Either way the current values
    // are sent, and /synced with their number; a renewal while they are being sent does not begin
    // anew.
    base::Status subscribe(Origin peer, std::string_view pattern, SlotSet slots,
                           std::int64_t until);
    // Sends the current values of the slots, once.
    base::Status answer(Origin peer, SlotSet slots);
    // How many subscriptions ended.
    std::size_t unsubscribe(Origin peer, std::string_view pattern);
    std::size_t forget(Origin peer);
    bool has(Origin peer) const { return peers_.contains(peer); }

    // This peer counts what it is told and compares: its changes are numbered (/seq), and twice a
    // second it hears the hash of each of its subscriptions (/hash), sooner behind a change.
    // With `dates` each packet of values says of which turn they are (/turn, at its front and where
    // it changes), so that of what came by two ways the newest is known.
    void sync(Origin peer, bool on, bool dates);
    // A value that the peer has asked for, as it is to be sent.
    std::vector<std::uint8_t> answer_packet(Origin peer, const OscMessage& value) const;
    std::uint32_t hash(const SlotSet& slots) { return hash_.sum(slots); }

    void note(const Change& change);
    // The peer believes something else: it is told how this stands.
    void remind(Origin peer, param::Slot slot);
    // Who compares finds out, and has asked by then; told twice, he would take the first for the
    // answer.
    void remind_unless_synced(Origin peer, param::Slot slot) {
        if (!synced_.contains(peer)) remind(peer, slot);
    }
    void turn(std::int64_t now);
    // Something waits that could be sent now or soon.
    bool is_waiting() const { return waiting_; }
    // When turn() is to be called again at the latest, if nothing waits.
    std::optional<std::int64_t> next() const { return next_; }

private:
    struct Feed {
        std::string pattern;
        SlotSet slots;
        std::int64_t until = 0;
        param::Slot cursor = 0;  // what lies before it has been sent
        bool sending = true;     // the current values, up to /synced
        bool first = true;       // no /synced yet: changes wait for it
        bool once = false;       // an answer, not a subscription
        std::int64_t beat = 0;   // when the next hash is due
        int quick_beats = 0;
    };
    using Again = std::map<param::Slot, std::uint32_t>;
    struct Peer {
        std::vector<Feed> feeds;
        SlotSet changed;
        // To be told once more, as a packet may be lost, with the dates of what they repeat.
        Again again = {};
        Repeats repeats = {};
        std::int32_t sequence = 0;    // of the last packet of changes, where they are numbered
        param::Slot cursor = 0;       // where sending changes goes on
        std::int64_t not_before = 0;  // are changes told again
        RateLimit pace;               // UDP: datagrams
    };
    enum class Progress : std::uint8_t { done, blocked, gone };

    Peer& peer(Origin id);
    static std::size_t subscription_count(const Peer& peer);
    Progress serve(Origin id, Peer& peer, std::int64_t now);
    Progress send_current(Origin id, Peer& peer, Feed& feed, std::int64_t now);
    Progress send_changes(Origin id, Peer& peer, std::int64_t now);
    Progress send_some(Origin id, Peer& peer, std::int64_t now, param::Slot from, param::Slot to);
    Progress send_again(Origin id, Peer& peer, std::int64_t now);
    Again::iterator write_again(BundleWriter& writer, Peer& peer, bool has_dates);
    void forget_repeats(Origin id, Peer& peer, param::Slot slot);
    static void hurry_beats(Peer& peer, std::int64_t now);
    Progress send_beats(Origin id, Peer& peer, std::int64_t now);
    BundleWriter writer_for(Origin id) const;
    BundleWriter numbered_writer_for(Origin id, const Peer& peer) const;
    void note_deadlines(Origin id, const Peer& peer);
    Progress send(Origin id, Peer& peer, Bytes packet, Urgency urgency, std::int64_t now);
    static bool is_held(const Peer& peer, param::Slot slot);
    const std::vector<std::uint8_t>& encoded(param::Slot slot);

    const Desk& desk_;
    const Outlet& outlet_;
    std::map<Origin, Peer> peers_;
    Origin last_served_ = 0;
    // Of this turn: many peers are sent the same value.
    std::unordered_map<param::Slot, std::vector<std::uint8_t>> encoded_;
    StateHash hash_;
    std::set<Origin> synced_, dated_;
    // What is told in a turn has an even date; what is answered between two, the odd one.
    std::uint32_t date_ = 0;
    bool waiting_ = false;
    std::optional<std::int64_t> next_;
};

}  // namespace mixrig::control
