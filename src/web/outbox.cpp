// What waits to be sent to one WebSocket.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/outbox.h"

#include <algorithm>

namespace mixrig::web {

Sent Outbox::push(Bytes packet, Urgency urgency, std::int64_t now) {
    if (is_over_) return Sent::gone;
    if (urgency == Urgency::meters && bytes_ > kMetersRoom && !make_room_for_meters())
        return Sent::full;
    if (urgency == Urgency::state && bytes_ > kChangesRoom) return has_refused_ = true, Sent::full;
    return add(packet, urgency, now, false);
}

Sent Outbox::push_text(std::string_view text, std::int64_t now) {
    if (is_over_) return Sent::gone;
    return add({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, Urgency::state,
               now, true);
}

Sent Outbox::add(Bytes packet, Urgency urgency, std::int64_t now, bool is_text) {
    if (waiting_.empty()) moved_ = now;
    Outgoing out{.urgency = urgency, .is_text = is_text};
    out.bytes.resize(Outgoing::kBefore + packet.size());
    std::copy(packet.begin(), packet.end(), out.bytes.begin() + Outgoing::kBefore);
    waiting_.push_back(std::move(out));
    bytes_ += packet.size();
    meters_ += urgency == Urgency::meters ? 1u : 0u;
    is_over_ = bytes_ > kMost;
    return is_over_ ? Sent::gone : Sent::done;
}

// Takes the oldest meters away until there is room; false if that is not enough.
bool Outbox::make_room_for_meters() {
    for (auto at = waiting_.begin(); meters_ > 0 && bytes_ > kMetersRoom;) {
        if (at->urgency != Urgency::meters) {
            ++at;
            continue;
        }
        bytes_ -= at->size();
        --meters_;
        at = waiting_.erase(at);
    }
    return bytes_ <= kMetersRoom;
}

std::optional<Outgoing> Outbox::pop(std::int64_t now) {
    if (waiting_.empty()) return std::nullopt;
    Outgoing out = std::move(waiting_.front());
    waiting_.pop_front();
    bytes_ -= out.size();
    meters_ -= out.urgency == Urgency::meters ? 1u : 0u;
    moved_ = now;
    return out;
}

std::optional<std::int64_t> Outbox::stalled_since() const {
    return waiting_.empty() ? std::nullopt : std::optional(moved_);
}

}  // namespace mixrig::web
