// Brings files onto the disk every few seconds.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/syncer.h"

#include <cerrno>
#include <chrono>
#include <unistd.h>
#include <utility>

namespace mixrig::disk {
namespace {

constexpr std::chrono::seconds kEvery{5};

}  // namespace

Syncer::Syncer(std::vector<int> files, const DiskCalls& calls)
    : files_(std::move(files)), calls_(calls), thread_([this] { loop(); }) {}

Syncer::~Syncer() {
    end();
    thread_.join();
    for (const int file : files_) ::close(file);
}

void Syncer::end() {
    {
        const std::lock_guard lock(mutex_);
        end_ = true;
    }
    changed_.notify_one();
}

void Syncer::loop() {
    for (bool last = false; !last;) {
        {
            std::unique_lock lock(mutex_);
            last = changed_.wait_for(lock, kEvery, [this] { return end_; });
        }
        for (const int file : files_)
            // An error before the end comes back with the write that follows, or at the end.
            if (calls_.sync(file) != 0 && last) error_ = errno;
    }
    done_.store(true, std::memory_order_release);  // with the acquire in is_done()
}

}  // namespace mixrig::disk
