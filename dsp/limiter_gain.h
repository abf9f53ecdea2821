// The gain of a look-ahead limiter: the gains needed, seen ahead of time, held, released and
// smoothed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::dsp {

// A gain from 0 to 1 in units of 2^-30: sums of integers are exact, so running sums never drift and
// a gain of one comes back as exactly one.
using FixedGain = std::int32_t;
inline constexpr FixedGain kUnity = 1 << 30;

// The least of the last `window` values; constant time on average, at most `window` steps.
class SlidingMinimum {
public:
    explicit SlidingMinimum(std::size_t window);  // [control]
    FixedGain next(FixedGain value) MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;

private:
    struct Entry {
        std::uint64_t time;
        FixedGain value;
    };
    Entry& at(std::size_t k) MIXRIG_REALTIME { return entries_[k & (entries_.size() - 1)]; }

    std::vector<Entry> entries_;  // a ring of increasing values, those below unity only
    std::size_t window_;
    std::size_t front_ = 0, back_ = 0;
    std::uint64_t time_ = 0;
};

// The sum of the last `length` values.
class RunningSum {
public:
    RunningSum(std::size_t length, std::int64_t rest);  // [control] `rest` is what silence gives
    std::int64_t next(std::int64_t value) MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;
    std::int64_t rest() const MIXRIG_REALTIME {
        return rest_ * static_cast<std::int64_t>(values_.size());
    }

private:
    std::vector<std::int64_t> values_;
    std::int64_t rest_;
    std::int64_t sum_;
    std::size_t place_ = 0;
};

class LimiterGain {
public:
    // A value given to next() bounds what it returns from `smoothing` - 1 to `smoothing` + `hold` -
    // 2 calls later; the gain moves there smoothly over the calls before.
    struct Shape {
        std::size_t smoothing = 1;
        std::size_t hold = 1;
    };
    explicit LimiterGain(const Shape& shape);  // [control]

    void set_release(double share_per_frame) MIXRIG_REALTIME { release_ = share_per_frame; }
    float next(FixedGain needed) MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;

    // Nothing but unity was given for so long that more of it would change nothing.
    bool idle() const MIXRIG_REALTIME { return calls_at_unity_ >= memory_; }

private:
    SlidingMinimum minimum_;
    std::array<RunningSum, 3> smoothing_;  // three in series: a bell without corners
    double release_ = 1.0;
    double released_ = 1.0;
    double scale_;        // of the last running sum
    std::size_t memory_;  // calls after which nothing is left of a value
    std::size_t calls_at_unity_;
};

}  // namespace mixrig::dsp
