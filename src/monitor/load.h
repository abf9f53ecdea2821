// How much of its time the audio thread needs, and which bank of strips it was when that was much.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/link/notice.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace mixrig::monitor {

// Times of blocks as shares of their deadline, which is the time that their frames last: 1 is all.
struct LoadFigures {
    double mean = 0.0;
    double p99 = 0.0;  // within half a percent of a deadline; beyond 2, the longest
    double longest = 0.0;
    std::uint64_t blocks = 0;
    std::uint64_t late = 0;  // took longer than their deadline
};

// A block that took more than kOverload of its time.
struct Overload {
    std::uint64_t frame = 0;
    double share = 0.0;
    std::size_t bank = 0;  // that cost most around it
};

inline constexpr double kOverload = 0.9;

// Of fixed size, whatever is counted.
class LoadHistogram {
public:
    void add(double share);
    void clear() { *this = {}; }
    LoadHistogram& operator+=(const LoadHistogram& other);
    LoadFigures figures() const;

private:
    static constexpr double kBin = 0.005;
    static constexpr std::size_t kBins = 400;  // up to twice the deadline, and one for the rest

    std::array<std::uint64_t, kBins + 1> bins_ = {};
    std::uint64_t blocks_ = 0, late_ = 0;
    double sum_ = 0.0, longest_ = 0.0;
};

// [monitor] Time is the audio's own: a second is `rate` frames.
class Load {
public:
    explicit Load(dsp::Hertz rate);

    void add(const link::BlockTime& block);
    // What each bank cost until `frame`, since the call before. An overload waits for it, because
    // only then it is known who it was.
    void add_ticks(std::uint64_t frame, std::span<const std::uint32_t> bank_ticks);

    // The worst block over kOverload since the last call, if its cost is known; who does not wait
    // for that gets the dearest bank so far.
    enum class Patience : std::uint8_t { waits, over };
    std::optional<Overload> take_overload(Patience patience);
    bool has_overload() const { return worst_.has_value(); }

    LoadFigures last_second() const;
    LoadFigures since_start() const { return whole_.figures(); }
    std::uint64_t overloads() const { return overloads_; }

private:
    static constexpr std::size_t kPieces = 10;  // of a second

    struct Cost {
        std::uint64_t until = 0;
        std::size_t bank = 0;  // the dearest
        std::uint32_t ticks = 0;
    };

    double rate_;
    LoadHistogram whole_;
    std::array<LoadHistogram, kPieces> pieces_ = {};
    std::size_t piece_ = 0;
    double piece_frames_ = 0.0;
    std::uint64_t overloads_ = 0;
    std::optional<Overload> worst_ = {};
    std::uint64_t worst_end_ = 0;  // the frame after it
    bool worst_known_ = false;
    Cost last_ = {};
};

}  // namespace mixrig::monitor
