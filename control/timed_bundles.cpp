// Bundles whose time has not come.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/timed_bundles.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace mixrig::control {

bool TimedBundles::add(Origin from, Bytes bundle, std::int64_t due) {
    if (waiting_.size() >= kMost || bytes_ + bundle.size() > kMostBytes) return false;
    bytes_ += bundle.size();
    waiting_.emplace(due, Timed{from, {bundle.begin(), bundle.end()}});
    return true;
}

std::optional<TimedBundles::Timed> TimedBundles::take_due(std::int64_t now) {
    if (waiting_.empty() || waiting_.begin()->first > now) return std::nullopt;
    Timed out = std::move(waiting_.begin()->second);
    waiting_.erase(waiting_.begin());
    bytes_ -= out.bundle.size();
    return out;
}

std::optional<std::int64_t> TimedBundles::next() const {
    if (waiting_.empty()) return std::nullopt;
    return waiting_.begin()->first;
}

std::size_t TimedBundles::count(Origin from) const {
    return static_cast<std::size_t>(
        std::count_if(waiting_.begin(), waiting_.end(),
                      [&](const auto& one) { return one.second.from == from; }));
}

std::int64_t ahead(std::uint64_t tag, std::uint64_t present) {
    // Of the difference in 2^-32 s; wraps rightly in 2036, when the seconds do.
    const auto difference = static_cast<std::int64_t>(tag - present);
    const std::int64_t seconds = difference >> 32;
    const auto fraction = static_cast<std::int64_t>(
        (static_cast<std::uint64_t>(difference) & 0xFFFFFFFFu) * 1'000'000'000u >> 32);
    return seconds * 1'000'000'000 + fraction;
}

std::uint64_t time_tag_now() {
    constexpr std::uint64_t kSecondsFrom1900To1970 = 2'208'988'800;
    const auto since_1970 =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                       std::chrono::system_clock::now().time_since_epoch())
                                       .count());
    return later(kSecondsFrom1900To1970 << 32, static_cast<std::int64_t>(since_1970));
}

std::uint64_t later(std::uint64_t tag, std::int64_t nanoseconds) {
    const auto ns = static_cast<std::uint64_t>(nanoseconds);
    const std::uint64_t seconds = ns / 1'000'000'000, rest = ns % 1'000'000'000;
    return tag + (seconds << 32) + (rest << 32) / 1'000'000'000;
}

}  // namespace mixrig::control
