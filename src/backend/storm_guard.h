// Notices a card that calls back far faster than its rate, as ALSA does after an unplug.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace mixrig::backend {

// A bucket: frames pour in, 1.5 times the rate drains. 2.5 times the rate overflows it within 100
// ms; an unplugged card (25,000 to 192,000 calls a second measured) within one. A healthy card
// fills its own buffer at once now and then, which is less than the bucket holds.
class StormGuard {
public:
    void begin(unsigned rate, std::int64_t now) {
        rate_ = static_cast<double>(rate);
        last_ = start_ = now;
        level_ = 0.0;
    }

    // True: cut it off.
    bool is_storm(std::size_t frames, std::int64_t now) MIXRIG_REALTIME {
        const double seconds = static_cast<double>(now - last_) * 1e-9;
        last_ = now;
        level_ = std::max(0.0, level_ - 1.5 * rate_ * seconds) + static_cast<double>(frames);
        // A Pulse server swallows about two seconds before it runs at its rate.
        const double held = now - start_ < kSettleNs ? 3.0 : 0.1;
        return level_ > held * rate_ + 4.0 * static_cast<double>(frames);
    }

private:
    static constexpr std::int64_t kSettleNs = 5'000'000'000;

    double rate_ = 48000.0;
    double level_ = 0.0;  // frames
    std::int64_t last_ = 0;
    std::int64_t start_ = 0;
};

}  // namespace mixrig::backend
