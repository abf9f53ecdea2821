// Differences, pace and echoes of one wire.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/midi/wire.h"

#include <algorithm>

namespace mixrig::midi {
namespace {

// One place is told something new 50 times a second at most: hands and eyes do not see more, and a
// fader that automation moves leaves room for the others.
constexpr std::int64_t kPlaceEvery = 20 * kMillisecond;
// What comes back so late from a surface that is known to echo is an echo.
constexpr std::int64_t kEcho = 2000 * kMillisecond;
// From others less: a hand that is quick brings a fader back to its end, or presses a button again
// within a tenth of a second, and means it.
constexpr std::int64_t kEchoOfPosition = 250 * kMillisecond;
constexpr std::int64_t kEchoOfButton = 50 * kMillisecond;
constexpr std::size_t kMostRemembered = 4096;  // more than a wire carries in that time

}  // namespace

void Wire::update(Place place, const Cell& cell) {
    if (cell.again || (!cell.wanted.empty() && cell.wanted != cell.shown))
        waiting_.insert(place);
    else
        waiting_.erase(place);
}

void Wire::want(Place place, Bytes message) {
    Cell& cell = cells_[place];
    cell.wanted = std::move(message);
    update(place, cell);
}

void Wire::want_again(Place place, Bytes message) {
    Cell& cell = cells_[place];
    cell.wanted = std::move(message);
    cell.again = true;
    update(place, cell);
}

void Wire::shows(Place place, Bytes message) {
    Cell& cell = cells_[place];
    cell.shown = std::move(message);
    update(place, cell);
}

void Wire::forget(Place place) {
    cells_.erase(place);
    waiting_.erase(place);
}

void Wire::forget_all() {
    cells_.clear();
    waiting_.clear();
}

void Wire::probe(Place place, Bytes message) {
    probe_ = message;
    want(place, std::move(message));
}

void Wire::send(std::int64_t now, const PortSide& ports) {
    const double seconds = static_cast<double>(now - room_at_) * 1e-9;
    room_ = std::min(kBytesAtOnce, room_ + seconds * kBytesPerSecond);
    room_at_ = now;
    for (auto at = waiting_.begin(); at != waiting_.end();) {
        Cell& cell = cells_[*at];
        const auto size = static_cast<double>(cell.wanted.size());
        if (size > room_) return;
        if (now - cell.sent < kPlaceEvery) {
            ++at;
            continue;
        }
        if (!ports.send(port_, cell.wanted)) return;
        room_ -= size;
        cell.shown = cell.wanted;
        cell.again = false;
        cell.sent = now;
        remember(cell.wanted, now);
        at = waiting_.erase(at);
    }
}

void Wire::remember(const Bytes& message, std::int64_t now) {
    sent_.push_back({message, now});
    while (sent_.size() > kMostRemembered || now - sent_.front().at > kEcho) sent_.pop_front();
}

bool Wire::is_probe(View message) {
    if (probe_.empty() || !std::equal(message.begin(), message.end(), probe_.begin(), probe_.end()))
        return false;
    return echoes_ = true;
}

bool Wire::is_echo(View message, Sense sense, std::int64_t now) {
    const std::int64_t unless_known = sense == Sense::button ? kEchoOfButton : kEchoOfPosition;
    const std::int64_t window = echoes_ ? kEcho : unless_known;
    const auto at = std::find_if(sent_.begin(), sent_.end(), [&](const Sent& sent) {
        return now - sent.at <= window &&
               std::equal(message.begin(), message.end(), sent.message.begin(), sent.message.end());
    });
    if (at == sent_.end()) return false;
    sent_.erase(at);
    return true;
}

}  // namespace mixrig::midi
