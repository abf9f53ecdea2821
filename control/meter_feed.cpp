// Meters for those who asked.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/meter_feed.h"

#include "control/osc_codec.h"

#include <algorithm>
#include <utility>

namespace mixrig::control {
namespace {

constexpr std::string_view kPrefix = "/meters";

bool matches(const Pattern& pattern, std::string_view address) {
    if (pattern.matches(address)) return true;
    return address.starts_with(kPrefix) && pattern.matches(address.substr(kPrefix.size()));
}

}  // namespace

bool MeterFeed::shows(Origin peer, const Pattern& pattern, const MeterLine& line) const {
    return matches(pattern, line.address) && access_.of(rights_of(peer)).sees_meter(line.address);
}

base::Status MeterFeed::subscribe(Origin peer, const std::string& text, std::int64_t period,
                                  std::int64_t until) {
    std::size_t of_peer = 0;
    for (Feed& feed : feeds_) {
        if (feed.peer != peer) continue;
        ++of_peer;
        if (feed.text != text) continue;
        feed.period = period;
        feed.until = until;
        return base::Done{};
    }
    const bool is_by_udp = !outlet_.has_flow_control(peer);
    if (auto room = has_room(is_by_udp, of_peer); !room) return room;
    auto pattern = Pattern::compile(text);
    if (!pattern) return pattern.error();
    if (hooks_.meters) {
        const auto lines = hooks_.meters();
        if (std::none_of(lines.begin(), lines.end(),
                         [&](const MeterLine& line) { return shows(peer, *pattern, line); }))
            return base::Error{
                "matches no meter", {}, "meters are /meters/ch/1, /meters/main, ..."};
    }
    feeds_.push_back({.peer = peer,
                      .text = text,
                      .pattern = std::move(pattern).value(),
                      .is_by_udp = is_by_udp,
                      .period = period,
                      .until = until});
    return base::Done{};
}

base::Status MeterFeed::has_room(bool is_by_udp, std::size_t of_peer) const {
    if (of_peer >= kMostPerPeer)
        return base::Error{"no more than 16 meter subscriptions each", {}, "/unsubscribe from one"};
    const auto others = std::count_if(feeds_.begin(), feeds_.end(),
                                      [](const Feed& feed) { return feed.is_by_udp; });
    if (is_by_udp && static_cast<std::size_t>(others) >= kMostByUdp)
        return base::Error{
            "there are 512 meter subscriptions by UDP already", {}, "by TCP there is room"};
    return base::Done{};
}

std::size_t MeterFeed::unsubscribe(Origin peer, std::string_view pattern) {
    return std::erase_if(feeds_,
                         [&](const Feed& f) { return f.peer == peer && f.text == pattern; });
}

std::size_t MeterFeed::forget(Origin peer) {
    return std::erase_if(feeds_, [&](const Feed& f) { return f.peer == peer; });
}

bool MeterFeed::has(Origin peer) const {
    return std::any_of(feeds_.begin(), feeds_.end(), [&](const Feed& f) { return f.peer == peer; });
}

void MeterFeed::turn(std::int64_t now) {
    std::erase_if(feeds_, [&](const Feed& f) { return f.until <= now; });
    const bool any_due =
        std::any_of(feeds_.begin(), feeds_.end(), [&](const Feed& f) { return f.next <= now; });
    if (!any_due || !hooks_.meters) return;
    const std::span<const MeterLine> lines = hooks_.meters();
    encoded_.assign(lines.size(), {});
    for (Feed& feed : feeds_) {
        if (feed.next > now) continue;
        send(feed, lines);
        // A late turn does not make up for what it missed: only the newest reading counts.
        feed.next = feed.next + feed.period > now ? feed.next + feed.period : now + feed.period;
    }
}

std::optional<std::int64_t> MeterFeed::next() const {
    std::optional<std::int64_t> earliest;
    for (const Feed& feed : feeds_)
        if (!earliest || feed.next < *earliest) earliest = feed.next;
    return earliest;
}

void MeterFeed::send(Feed& feed, std::span<const MeterLine> lines) {
    if (feed.known_lines != lines.size()) {
        feed.known_lines = lines.size();
        feed.lines.clear();
        for (std::size_t i = 0; i < lines.size(); ++i)
            if (shows(feed.peer, feed.pattern, lines[i])) feed.lines.push_back(i);
    }
    BundleWriter writer(kDatagramBytes);
    const auto flush = [&] {
        return outlet_.send(feed.peer, writer.take(), Urgency::meters) == Sent::done;
    };
    for (const std::size_t i : feed.lines) {
        const auto& bytes = encoded(lines[i], i);
        if (!writer.fits(bytes) && !writer.empty() && !flush()) return;
        writer.add(bytes);
    }
    if (!writer.empty()) flush();
}

const std::vector<std::uint8_t>& MeterFeed::encoded(const MeterLine& line, std::size_t index) {
    auto& bytes = encoded_[index];
    if (bytes.empty()) {
        OscMessage message{line.address};
        message.args.reserve(line.dB.size());
        for (const float dB : line.dB) message.args.push_back(OscArg::number(dB));
        bytes = encode(message);
    }
    return bytes;
}

}  // namespace mixrig::control
