// Threads that help the audio thread: every job of every round is done once, whoever does it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/workers.h"

#include <doctest/doctest.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>

using namespace mixrig;

namespace workers_test {

constexpr std::size_t kMost = 16;

struct Counted {
    std::array<std::atomic<unsigned>, kMost> times{};
};

void count(void* context, std::size_t index) noexcept {
    static_cast<Counted*>(context)->times.at(index).fetch_add(1, std::memory_order_relaxed);
}

// Rounds follow one another as fast as they can, with another number of jobs each time, so that
// helpers are still at the end of one round when the next one begins.
TEST_CASE("workers: every job of a round is done once, by any number of helpers") {
    constexpr std::chrono::milliseconds kEach{700};  // some 500,000 rounds
    for (const std::size_t helpers : {0u, 1u, 3u}) {
        CAPTURE(helpers);
        engine::Workers workers(helpers, {});
        std::minstd_rand random(7);
        std::size_t rounds = 0;
        std::size_t wrong = 0;
        const auto end = std::chrono::steady_clock::now() + kEach;
        for (; std::chrono::steady_clock::now() < end; ++rounds) {
            const std::size_t jobs = 2 + random() % (kMost - 2);
            Counted counted;
            workers.run(count, &counted, jobs);
            for (std::size_t i = 0; i < kMost; ++i)
                wrong += counted.times[i].load(std::memory_order_relaxed) != (i < jobs ? 1u : 0u);
        }
        CHECK(wrong == 0);
        CHECK(rounds > 100);
    }
}

}  // namespace workers_test
