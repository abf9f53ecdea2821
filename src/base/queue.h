// The one kind of queue between threads: one producer, one consumer, no allocation after
// construction.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <readerwriterqueue/readerwriterqueue.h>

#include <cstddef>
#include <type_traits>

namespace mixrig::base {

// [one producer thread, one consumer thread] Holds at least `capacity` elements. Only trivially
// copyable messages cross a thread. A full queue is an answer that the producer must read.
template <typename T>
class Queue {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    explicit Queue(std::size_t capacity) : queue_(capacity) {}

    [[nodiscard]] bool try_push(const T& message) noexcept { return queue_.try_enqueue(message); }
    [[nodiscard]] bool try_pop(T& message) noexcept { return queue_.try_dequeue(message); }
    const T* peek() const noexcept { return queue_.peek(); }
    [[nodiscard]] bool pop() noexcept { return queue_.pop(); }
    std::size_t size_approx() const noexcept { return queue_.size_approx(); }
    std::size_t capacity() const noexcept { return queue_.max_capacity(); }

private:
    moodycamel::ReaderWriterQueue<T> queue_;
};

}  // namespace mixrig::base
