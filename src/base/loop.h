// A stretch of a song that plays again and again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace mixrig::base {

// From `begin` up to, not including, `end`, in frames; none if that is empty.
struct Loop {
    std::uint64_t begin = 0, end = 0;

    constexpr bool is_on() const { return end > begin; }
    // Where one is `frames` behind `from`. Who begins behind the end is never taken back.
    constexpr std::uint64_t advance(std::uint64_t from, std::uint64_t frames) const {
        const std::uint64_t to = from + frames;
        if (!is_on() || from >= end || to < end) return to;
        return begin + (to - begin) % (end - begin);
    }
    constexpr bool operator==(const Loop&) const = default;
};

}  // namespace mixrig::base
