// Answers of many lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/long_answers.h"

#include "control/osc_codec.h"

#include <utility>

namespace mixrig::control {
namespace {

// As subscriptions do: what a receiver written in Python takes off its socket.
constexpr double kDatagramsPerSecond = 1000.0, kBurst = 16.0;

}  // namespace

base::Status LongAnswers::add(Origin to, const std::vector<OscMessage>& lines) {
    if (to == kDeskItself) return base::Done{};
    const auto found = peers_.find(to);
    if (found != peers_.end() && found->second.bytes > kMostBytes)
        return base::Error{"a long answer to you is under way", {}, "wait for its end"};
    Peer& peer =
        peers_.emplace(to, Peer{.pace = RateLimit(kDatagramsPerSecond, kBurst)}).first->second;
    BundleWriter writer(kDatagramBytes);
    const auto put = [&] {
        peer.packets.push_back(writer.take());
        peer.bytes += peer.packets.back().size();
    };
    for (const OscMessage& line : lines) {
        const auto bytes = encode(line);
        if (!writer.empty() && !writer.fits(bytes)) put();
        writer.add(bytes);
    }
    if (!writer.empty()) put();
    waiting_ = true;
    return base::Done{};
}

Sent LongAnswers::serve(Origin to, Peer& peer, std::int64_t now) {
    while (!peer.packets.empty()) {
        if (!outlet_.has_flow_control(to) && !peer.pace.take(now)) return Sent::full;
        const Sent sent = outlet_.send(to, peer.packets.front(), Urgency::state);
        if (sent != Sent::done) return sent;
        peer.bytes -= peer.packets.front().size();
        peer.packets.pop_front();
    }
    return Sent::done;
}

void LongAnswers::turn(std::int64_t now) {
    waiting_ = false;
    for (auto peer = peers_.begin(); peer != peers_.end();) {
        const Sent sent = serve(peer->first, peer->second, now);
        // TCP says itself when there is room again.
        waiting_ |= sent == Sent::full && !outlet_.has_flow_control(peer->first);
        peer = sent == Sent::full ? std::next(peer) : peers_.erase(peer);
    }
}

}  // namespace mixrig::control
