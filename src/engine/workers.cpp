// Threads that help the audio thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/workers.h"

#include "dsp/denormals.h"

#include <cassert>
#include <chrono>

namespace mixrig::engine {

namespace {

// Of a ticket, from below: the next unclaimed index, the number of jobs, the round.
constexpr unsigned kCountShift = 16, kRoundShift = 32;
constexpr std::uint64_t kMostJobs = 0xffff;

constexpr std::uint64_t index_of(std::uint64_t ticket) {
    return ticket & kMostJobs;
}
constexpr std::uint64_t count_of(std::uint64_t ticket) {
    return ticket >> kCountShift & kMostJobs;
}

// A helper looks for work this often before it takes a nap: some 50 us. The nap is shorter than a
// block.
constexpr int kLooks = 2000;
constexpr std::chrono::microseconds kNap{30};

void pause_briefly() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
}

}  // namespace

Workers::Workers(std::size_t helpers, const std::function<void()>& on_start) {
    for (std::size_t i = 0; i < helpers; ++i)
        threads_.emplace_back([this, on_start] { loop(on_start); });
}

Workers::~Workers() {
    stop_.store(true, std::memory_order_relaxed);
    for (std::thread& thread : threads_) thread.join();
}

void Workers::run(Job job, void* context, std::size_t count) MIXRIG_REALTIME {
    assert(count <= kMostJobs);
    if (threads_.empty() || count <= 1) {
        for (std::size_t i = 0; i < count; ++i) job(context, i);
        return;
    }
    // Nobody is in the round before: it ended only when every claimed job was done.
    job_.store(job, std::memory_order_relaxed);
    context_.store(context, std::memory_order_relaxed);
    done_.store(0, std::memory_order_relaxed);
    const std::uint64_t round = (ticket_.load(std::memory_order_relaxed) >> kRoundShift) + 1;
    ticket_.store(round << kRoundShift | std::uint64_t{count} << kCountShift,
                  std::memory_order_release);  // with the acquire in work()
    while (work()) {
    }
    // What is left has been claimed and is being computed.
    while (done_.load(std::memory_order_acquire) != count)
        pause_briefly();  // with the release in work()
}

// Claims and runs one job; false if there is none.
bool Workers::work() MIXRIG_REALTIME {
    std::uint64_t ticket = ticket_.load(std::memory_order_acquire);
    for (;;) {
        const Job job = job_.load(std::memory_order_relaxed);
        void* const context = context_.load(std::memory_order_relaxed);
        const std::uint64_t index = index_of(ticket);
        if (index >= count_of(ticket)) return false;
        if (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel,
                                           std::memory_order_acquire))
            continue;
        job(context, index);
        done_.fetch_add(1, std::memory_order_release);
        return true;
    }
}

void Workers::loop(const std::function<void()>& on_start) {
    if (on_start) on_start();
    const dsp::FlushSubnormals flush;
    int looks = 0;
    while (!stop_.load(std::memory_order_relaxed)) {
        if (work()) {
            looks = 0;
        } else if (looks < kLooks) {
            ++looks;
            pause_briefly();
        } else {
            std::this_thread::sleep_for(kNap);
        }
    }
}

}  // namespace mixrig::engine
