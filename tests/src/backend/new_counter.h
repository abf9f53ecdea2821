// Counts what an audio thread allocates between two calls of the engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>

namespace mixrig::backend::test {

extern thread_local bool
    counts_news;  // the probe sets it when it leaves, and clears it when it enters
extern std::atomic<int> news_of_backend;

}  // namespace mixrig::backend::test
