// Work that may wait for a disk, done one after the other beside the control thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace mixrig::app {

class Errands {
public:
    using Outcome = base::Result<std::vector<std::string>>;

    // `wake` is called by the thread that works, whenever something is done.
    explicit Errands(std::function<void()> wake);
    // Does what waits, then ends.
    ~Errands();
    Errands(const Errands&) = delete;
    Errands& operator=(const Errands&) = delete;

    // [control] `work` runs on the other thread, in the order of the calls; `done` on this one, in
    // collect().
    void send(std::function<Outcome()> work, std::function<void(const Outcome&)> done);
    // [control] Calls `done` for whatever is done.
    void collect();
    // [control] Whether everything is done within this time.
    bool wait(std::chrono::milliseconds limit);

private:
    struct Errand {
        std::function<Outcome()> work;
        std::function<void(const Outcome&)> done;
    };
    struct Finished {
        std::function<void(const Outcome&)> done;
        Outcome outcome;
    };
    void loop();

    std::function<void()> wake_;
    std::mutex mutex_;
    std::condition_variable changed_;  // something waits, or nothing does any more
    std::deque<Errand> waiting_;
    std::vector<Finished> finished_;
    bool busy_ = false;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace mixrig::app
