// When the next block of a clock is due: absolute times, so that rounding never accumulates.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace mixrig::backend {

class Pacer {
public:
    // A block that is later than `catch_up_ns` is not made up for: see late().
    explicit Pacer(std::int64_t catch_up_ns) : catch_up_ns_(catch_up_ns) {}

    void begin(unsigned rate, std::int64_t now) {
        rate_ = rate;
        start_ = now;
        frames_ = 0;
    }

    // After a block of so many frames: when the next one is due.
    std::int64_t advance(std::size_t frames) {
        frames_ += frames;
        if (frames_ >= rate_) {  // whole seconds move the start, so that nothing overflows
            start_ += static_cast<std::int64_t>(frames_ / rate_) * kSecond;
            frames_ %= rate_;
        }
        return start_ + static_cast<std::int64_t>(frames_ * std::uint64_t{kSecond} / rate_);
    }

    // True: the time is lost (the machine slept, or was starved), and counting starts anew from
    // now.
    bool late(std::int64_t due, std::int64_t now) {
        if (now - due <= catch_up_ns_) return false;
        begin(rate_, now);
        return true;
    }

private:
    static constexpr std::int64_t kSecond = 1'000'000'000;

    std::int64_t catch_up_ns_;
    unsigned rate_ = 48000;
    std::int64_t start_ = 0;
    std::uint64_t frames_ = 0;  // since start_
};

// Sleeps until a moment of base::monotonic_ns().
void sleep_until(std::int64_t due) noexcept;

}  // namespace mixrig::backend
