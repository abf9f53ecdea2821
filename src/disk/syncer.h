// Brings files onto the disk every few seconds, beside the thread that fills them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/disk/disk_calls.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace mixrig::disk {

// A program that is killed loses nothing that was written; a machine that loses its power does, so
// much as has not been synced. To sync takes as long as the disk likes, so it has its own thread.
class Syncer {
public:
    // Takes over the descriptors.
    Syncer(std::vector<int> files, const DiskCalls& calls);
    ~Syncer();  // waits for the disk
    Syncer(const Syncer&) = delete;
    Syncer& operator=(const Syncer&) = delete;

    // [one thread] Nothing is written any more: syncs everything once more, and is done.
    void end();
    bool is_done() const { return done_.load(std::memory_order_acquire); }
    // Once it is done: of the last sync, 0 if all went well.
    int error() const { return error_; }

private:
    void loop();

    std::vector<int> files_;
    const DiskCalls& calls_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool end_ = false;
    int error_ = 0;
    std::atomic<bool> done_{false};
    std::thread thread_;
};

}  // namespace mixrig::disk
