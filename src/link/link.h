// The queues between the control side and the engine: all they share besides the table.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/queue.h"
#include "src/link/event.h"
#include "src/link/notice.h"
#include "src/link/tape.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

namespace mixrig::link {

// Events in order, published batch by batch: the engine takes all of a batch at one quantum
// boundary or none of it. One producer, one consumer.
class EventQueue {
public:
    explicit EventQueue(std::size_t capacity) : queue_(capacity), capacity_(capacity) {}

    // [control] False, and nothing is sent, if there is no room for the whole batch now. A batch
    // larger than the queue could never be sent; capacity() is chosen so that a whole desk fits.
    [[nodiscard]] bool try_send(std::span<const Event> batch) {
        if (batch.size() > capacity_ - queue_.size_approx()) return false;
        for (const Event& event : batch)
            if (!queue_.try_push(event)) return false;  // cannot be: only this thread fills it
        sent_ += batch.size();
        published_.store(sent_, std::memory_order_release);  // with the acquire in front()
        return true;
    }

    // [audio] The next event of a published batch, or null.
    const Event* front() const noexcept {
        if (taken_ == published_.load(std::memory_order_acquire)) return nullptr;
        return queue_.peek();
    }
    void pop() noexcept {
        (void)queue_.pop();
        ++taken_;
    }

    std::size_t capacity() const { return capacity_; }

private:
    base::Queue<Event> queue_;
    std::size_t capacity_;
    std::uint64_t sent_ = 0;                   // control's
    std::atomic<std::uint64_t> published_{0};  // whole batches only
    std::uint64_t taken_ = 0;                  // the engine's
};

// What the engine no longer uses; the control thread frees it.
struct Retired {
    enum class Kind : std::uint8_t { plan, unit };
    Kind kind = Kind::plan;
    void* what = nullptr;  // engine::Plan, dsp::FxUnit
};

// When a batch was begun, for whoever marked it.
struct Applied {
    std::uint64_t batch = 0;
    std::uint64_t frame = 0;
};

// What the engine lets the meters hear besides the main bus; looked at in every quantum. 0:
// nothing. Relaxed: the numbers carry no other data with them.
struct Taps {
    static constexpr std::size_t kMostGuarded = 16;

    void analyse(std::uint32_t strip, Tap tap) noexcept {
        const auto number = 1 + strip * kMeteredTaps + static_cast<std::size_t>(tap);
        analysed.store(static_cast<std::uint32_t>(number), std::memory_order_relaxed);
    }

    std::atomic<std::uint32_t> analysed{0};                             // as analyse() packs it
    std::array<std::atomic<std::uint32_t>, kMostGuarded> guarded = {};  // strip + 1, gaps allowed
};

struct Link {
    explicit Link(std::size_t event_capacity) : live(event_capacity), timeline(event_capacity) {}

    EventQueue live;                            // control -> engine, as soon as possible
    EventQueue timeline;                        // control -> engine, by frame: automation
    base::Queue<Retired> retired{256};          // engine -> control
    base::Queue<Applied> applied{8192};         // engine -> control
    base::Queue<Notice> notices{1024};          // engine -> meters
    base::Queue<MeterFrame*> meters{8};         // engine -> meters
    base::Queue<MeterFrame*> free_meters{8};    // meters -> engine
    base::Queue<StereoQuantum> main_tap{4096};  // engine -> meters: the main bus behind its chain
    Taps taps;                                  // control -> engine
    base::Queue<StereoQuantum> analysis{4096};  // engine -> meters: what taps say
    base::Queue<GuardQuantum> guarded{8192};    // engine -> meters: what taps say
    base::Queue<BlockTime> block_times{8192};   // audio callback -> meters
    std::atomic<std::uint64_t> lost{0};         // messages to the meters that found a full queue
};

}  // namespace mixrig::link
