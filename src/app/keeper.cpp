// Saves the state of the desk beside everything else.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/keeper.h"

#include <utility>

namespace mixrig::app {

Keeper::Keeper(session::StateFile& file) : file_(file), thread_([this] { loop(); }) {}

Keeper::~Keeper() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Keeper::save(std::string text) {
    {
        const std::lock_guard lock(mutex_);
        waiting_ = std::move(text);
    }
    changed_.notify_one();
}

std::optional<base::Error> Keeper::take_error() {
    const std::lock_guard lock(mutex_);
    return std::exchange(error_, std::nullopt);
}

void Keeper::loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stop_ || waiting_.has_value(); });
        if (!waiting_) return;
        const std::string text = *std::exchange(waiting_, std::nullopt);
        lock.unlock();
        const base::Status status = file_.save(text);
        lock.lock();
        if (!status) error_ = status.error();
    }
}

}  // namespace mixrig::app
