// Stopping on signals.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/stop.h"

#include <atomic>
#include <csignal>

namespace mixrig::disk {

namespace {

std::atomic<bool> was_asked{false};
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

void stop_on_signals() {
    struct sigaction action = {};
    action.sa_handler = [](int) { was_asked.store(true, std::memory_order_relaxed); };
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

bool is_stopped() {
    return was_asked.load(std::memory_order_relaxed);
}

base::Error stopped() {
    return {"stopped; nothing is left behind"};
}

}  // namespace mixrig::disk
