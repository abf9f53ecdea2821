// Work that may wait for a disk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/errands.h"

#include <exception>
#include <utility>

namespace mixrig::app {

namespace {

Errands::Outcome attempt(const std::function<Errands::Outcome()>& work) {
    try {
        return work();
    } catch (const std::exception& failure) {
        return base::Error{failure.what()};
    }
}

}  // namespace

Errands::Errands(std::function<void()> wake)
    : wake_(std::move(wake)), thread_([this] { loop(); }) {}

Errands::~Errands() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void Errands::send(std::function<Outcome()> work, std::function<void(const Outcome&)> done) {
    {
        const std::lock_guard lock(mutex_);
        waiting_.push_back({std::move(work), std::move(done)});
    }
    changed_.notify_all();
}

void Errands::collect() {
    std::vector<Finished> finished;
    {
        const std::lock_guard lock(mutex_);
        finished.swap(finished_);
    }
    for (const Finished& one : finished) one.done(one.outcome);
}

bool Errands::wait(std::chrono::milliseconds limit) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, limit, [this] { return waiting_.empty() && !busy_; });
}

void Errands::loop() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
        if (waiting_.empty()) return;
        Errand errand = std::move(waiting_.front());
        waiting_.pop_front();
        busy_ = true;
        lock.unlock();
        Outcome outcome = attempt(errand.work);
        lock.lock();
        finished_.push_back({std::move(errand.done), std::move(outcome)});
        busy_ = false;
        changed_.notify_all();
        if (wake_ && !stop_) {
            lock.unlock();
            wake_();
            lock.lock();
        }
    }
}

}  // namespace mixrig::app
