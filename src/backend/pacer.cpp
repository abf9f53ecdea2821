// When the next block of a clock is due: absolute times, so that rounding never accumulates.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/pacer.h"

#include <cerrno>
#include <time.h>

namespace mixrig::backend {

void sleep_until(std::int64_t due) noexcept {
    timespec until{};
    until.tv_sec = static_cast<time_t>(due / 1'000'000'000);
    until.tv_nsec = static_cast<long>(due % 1'000'000'000);
    // libstdc++'s steady_clock is CLOCK_MONOTONIC
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr) == EINTR) {
    }
}

}  // namespace mixrig::backend
