// Saves the state of the desk beside everything else.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/keeper.h"

#include "src/session/scene.h"

#include <exception>
#include <utility>

namespace mixrig::app {

Keeper::Keeper(session::StateFile& file, const param::Layout& layout)
    : file_(file), layout_(layout), thread_([this] { loop(); }) {}

Keeper::~Keeper() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Keeper::save(param::Values values) {
    {
        const std::lock_guard lock(mutex_);
        waiting_ = std::move(values);
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
        const param::Values values = *std::exchange(waiting_, std::nullopt);
        lock.unlock();
        const base::Status status = write(values);
        lock.lock();
        if (!status) error_ = status.error();
    }
}

// The text of a large desk takes longer than a remote should wait: 16 MB for 1024 channels.
base::Status Keeper::write(const param::Values& values) {
    try {
        return file_.save(session::write_scene(layout_, values, session::Lines::state));
    } catch (const std::exception& failure) {
        return base::Error{"the state could not be saved: " + std::string(failure.what())};
    }
}

}  // namespace mixrig::app
