// What was told by UDP, told again a few times: a datagram that was lost is not missed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/layout.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

namespace mixrig::control {

// Of one peer. A value that has not changed since is sent again after these times; of ten copies,
// at a loss of 20 %, all are lost once in ten million cases. (Of seven, one in 78,000: in two of
// twelve runs with some 20,000 such cases each a page was seconds late.) Copies carry the value of
// the moment, so it does not matter which come, or in what order the last two do; and the date of
// what they repeat, as they are no news to who has that.
// [control] Times are base::monotonic_ns().
class Repeats {
public:
    static constexpr std::array<std::int64_t, 9> kAfter = {35'000'000,  80'000'000,  135'000'000,
                                                           200'000'000, 275'000'000, 360'000'000,
                                                           460'000'000, 570'000'000, 690'000'000};

    // What is due within so long goes together: a hand that moves makes few packets of it.
    static constexpr std::int64_t kTogether = 25'000'000;

    void told(param::Slot slot, std::int64_t now, std::uint32_t date);
    // It need not be told again.
    void forget(param::Slot slot) { last_.erase(slot); }
    // Calls give(slot, date) for each that is due.
    template <typename Give>
    void take_due(std::int64_t now, Give give) {
        if (now < not_before_) return;
        not_before_ = now + kTogether;
        for (std::size_t k = 0; k < kAfter.size(); ++k)
            while (!queues_[k].empty() && queues_[k].front().when + kAfter[k] <= now) {
                const Told told = queues_[k].front();
                queues_[k].pop_front();
                if (is_newest(told, k)) give(told.slot, told.date);
            }
    }
    // When the next is due.
    std::optional<std::int64_t> next() const;
    bool empty() const { return last_.empty(); }

private:
    struct Told {
        param::Slot slot = 0;
        std::int64_t when = 0;
        std::uint32_t date = 0;
    };
    // The last of its copies forgets it.
    bool is_newest(const Told& told, std::size_t copy);

    std::array<std::deque<Told>, kAfter.size()> queues_;
    std::unordered_map<param::Slot, std::int64_t> last_;  // when each was told
    std::int64_t not_before_ = 0;
};

}  // namespace mixrig::control
