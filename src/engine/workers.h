// Threads that help the audio thread with the banks of a level. They talk by atomics only.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/realtime.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace mixrig::engine {

// The audio thread takes jobs too, and a job belongs to whoever claims it first: a helper that is
// asleep or was taken off its core before it claimed anything delays nobody.
class Workers {
public:
    // [control] `helpers` threads; each calls `on_start` once (scheduling, affinity).
    Workers(std::size_t helpers, const std::function<void()>& on_start);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    using Job = void (*)(void* context, std::size_t index) noexcept;
    // [audio] Runs job(context, 0..count-1), in any order and on any thread; returns when all are
    // done.
    void run(Job job, void* context, std::size_t count) MIXRIG_REALTIME;

private:
    bool work() MIXRIG_REALTIME;
    void loop(const std::function<void()>& on_start);

    // The ticket holds the round, its number of jobs and the next unclaimed index in one word. A
    // claim succeeds only while its round still has jobs, so what was read before it (the job, its
    // context) is of that round: the next one is not prepared before all claimed jobs are done.
    std::atomic<std::uint64_t> ticket_{0};
    std::atomic<Job> job_{nullptr};
    std::atomic<void*> context_{nullptr};
    std::atomic<std::uint32_t> done_{0};
    std::atomic<bool> stop_{false};
    std::vector<std::thread> threads_;
};

}  // namespace mixrig::engine
