// Queues of what is to be told again, each in the order of time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/repeats.h"

#include <algorithm>

namespace mixrig::control {

void Repeats::told(param::Slot slot, std::int64_t now, std::uint32_t date) {
    last_[slot] = now;
    for (std::deque<Told>& queue : queues_) queue.push_back({slot, now, date});
}

bool Repeats::is_newest(const Told& told, std::size_t copy) {
    const auto found = last_.find(told.slot);
    if (found == last_.end() || found->second != told.when) return false;
    if (copy + 1 == kAfter.size()) last_.erase(found);
    return true;
}

std::optional<std::int64_t> Repeats::next() const {
    std::optional<std::int64_t> out;
    for (std::size_t k = 0; k < kAfter.size(); ++k)
        if (!queues_[k].empty()) {
            const std::int64_t due = queues_[k].front().when + kAfter[k];
            out = out ? std::min(*out, due) : due;
        }
    if (out) out = std::max(*out, not_before_);
    return out;
}

}  // namespace mixrig::control
