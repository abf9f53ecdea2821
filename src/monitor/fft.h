// The power of each frequency in a stretch of sound.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <span>

namespace mixrig::monitor {

// [one thread, not audio] Made and destroyed on any thread: the planner, which is not thread-safe,
// is held by a lock.
class PowerFft {
public:
    // `size` is a power of two.
    explicit PowerFft(std::size_t size);
    PowerFft(PowerFft&&) noexcept;
    PowerFft& operator=(PowerFft&&) noexcept;
    ~PowerFft();

    std::size_t size() const;
    // What to transform; of size(). It does not survive run().
    std::span<float> input();
    // |X|^2 of the bins 0 to size()/2, which are size()/2 + 1.
    std::span<const float> run();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace mixrig::monitor
