// Bundles whose time has not come.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/osc_message.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace mixrig::control {

class TimedBundles {
public:
    static constexpr std::size_t kMost = 1024;
    static constexpr std::size_t kMostBytes = 8u << 20;

    struct Timed {
        Origin from = kDeskItself;
        std::vector<std::uint8_t> bundle;
    };

    // False if too many wait already.
    [[nodiscard]] bool add(Origin from, Bytes bundle, std::int64_t due);
    // The earliest that is due; those of the same moment in the order in which they came.
    std::optional<Timed> take_due(std::int64_t now);
    std::optional<std::int64_t> next() const;
    std::size_t size() const { return waiting_.size(); }
    std::size_t count(Origin from) const;

private:
    std::multimap<std::int64_t, Timed> waiting_;
    std::size_t bytes_ = 0;
};

// How far ahead of the present a time tag lies, in nanoseconds; negative for the past.
std::int64_t ahead(std::uint64_t tag, std::uint64_t present);
// The present as a time tag: seconds since 1900 in the upper half, their fraction in the lower.
std::uint64_t time_tag_now();
// The time tag so many nanoseconds after another.
std::uint64_t later(std::uint64_t tag, std::int64_t nanoseconds);

}  // namespace mixrig::control
