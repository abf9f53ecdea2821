// How much of something there may be in a time, and how that is counted here.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/rate_limit.h"

#include <cstdint>

namespace mixrig::control {

using base::RateLimit;

inline constexpr std::int64_t kOneSecond = 1'000'000'000;  // in nanoseconds

}  // namespace mixrig::control
