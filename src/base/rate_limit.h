// A bucket of permissions that fills at a steady rate.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

namespace mixrig::base {

class RateLimit {
public:
    // Full at first.
    RateLimit(double per_second, double burst)
        : rate_(per_second * 1e-9), burst_(burst), left_(burst) {}

    // `now` is in nanoseconds.
    bool take(std::int64_t now, double count = 1.0) {
        if (!has(now, count)) return false;
        left_ -= count;
        return true;
    }
    bool has(std::int64_t now, double count = 1.0) {
        const std::int64_t passed = last_ < 0 ? 0 : now - last_;
        left_ = std::min(burst_, left_ + static_cast<double>(passed) * rate_);
        last_ = now;
        return left_ >= count;
    }

private:
    double rate_;  // per nanosecond
    double burst_;
    double left_;
    std::int64_t last_ = -1;
};

}  // namespace mixrig::base
