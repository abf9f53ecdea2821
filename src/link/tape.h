// What is recorded: a ring of quanta, written by the audio thread and read by the disk thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace mixrig::link {

// Where a strip is recorded, in the order of the words of its row `record` behind `off`.
enum class TapeTap : std::uint8_t {
    in,    // what comes in, before trim: of a channel, the interface
    pre,   // before the fader
    post,  // as it leaves: behind fader, limiter and, of an output, the ceiling
};

struct TapeSource {
    std::uint32_t strip = 0;
    TapeTap tap = TapeTap::in;
    std::uint8_t lanes = 1;  // 2 if stereo
    bool operator==(const TapeSource&) const = default;
};

// [one writer, any number of readers] The ring holds the past as well as what the disk has not
// taken yet: a disk that stalls costs nothing until the writer has gone once around. The writer
// never waits; a reader that was overtaken learns of it. Samples cross as relaxed atomics, which
// are plain moves of the processor, because a reader that is overtaken does read what is being
// written, and throws it away.
class Tape {
public:
    // [control or disk] All memory, touched. `quanta` at least 2: one is always being written.
    Tape(std::vector<TapeSource> sources, std::size_t quanta)
        : sources_(std::move(sources)), capacity_(quanta) {
        for (const TapeSource& source : sources_) lanes_ += source.lanes;
        samples_ = std::make_unique<float[]>(capacity_ * lanes_ * dsp::kQuantum);
    }

    static std::size_t bytes(std::size_t lanes, std::size_t quanta) {
        return lanes * quanta * dsp::kQuantum * sizeof(float);
    }

    // [any]
    std::span<const TapeSource> sources() const noexcept { return sources_; }
    std::size_t lanes() const noexcept { return lanes_; }
    std::size_t capacity() const noexcept { return capacity_; }

    // [audio] A quantum, counted from the start of the engine: what every lane has in it, slice by
    // slice, and then it is there to be read. Quanta follow one another without a hole.
    void begin_quantum(std::uint64_t quantum) MIXRIG_REALTIME {
        if (begin_.load(std::memory_order_relaxed) == kNone) {
            end_.store(quantum, std::memory_order_relaxed);
            begin_.store(quantum, std::memory_order_release);  // with the acquire in readable()
        }
        at_ = samples_.get() + quantum % capacity_ * lanes_ * dsp::kQuantum;
        // With the fence in read(): whoever sees a sample of this quantum also sees that its
        // predecessor has ended, so that this one is being written.
        std::atomic_thread_fence(std::memory_order_release);
    }
    // Null is silence; else the slice's first frame comes first.
    void write(std::size_t lane, const float* from, dsp::Slice slice) MIXRIG_REALTIME {
        float* to = at_ + lane * dsp::kQuantum + slice.first;
        for (std::size_t i = 0; i < slice.count; ++i)
            std::atomic_ref<float>(to[i]).store(from == nullptr ? 0.0f : from[i],
                                                std::memory_order_relaxed);
    }
    void end_quantum() MIXRIG_REALTIME {
        end_.store(end_.load(std::memory_order_relaxed) + 1,
                   std::memory_order_release);  // with the acquire in readable()
    }

    // The last that the writer does with it. (A flag and not a way back through a queue: the reader
    // may need the tape for longer than the writer, so neither of them could free it.)
    void let_go() MIXRIG_REALTIME {
        let_go_.store(true, std::memory_order_release);  // with the acquire in is_let_go()
    }
    // [any]
    bool is_let_go() const { return let_go_.load(std::memory_order_acquire); }

    struct Range {
        std::uint64_t begin = 0, end = 0;
    };
    // [any] The quanta that are there now; the oldest may be gone the next moment.
    Range readable() const {
        const std::uint64_t begin = begin_.load(std::memory_order_acquire);
        if (begin == kNone) return {};
        const std::uint64_t end = end_.load(std::memory_order_acquire);
        return {end - begin < capacity_ ? begin : end - capacity_ + 1, end};
    }
    // [any thread, not audio] Quanta [first, first + count) of one lane, all of them readable a
    // moment ago. False if the writer has come round meanwhile: what was read is worth nothing.
    [[nodiscard]] bool read(std::size_t lane, std::uint64_t first, std::size_t count,
                            float* out) const {
        for (std::uint64_t q = first; q < first + count; ++q) {
            float* from = samples_.get() + (q % capacity_ * lanes_ + lane) * dsp::kQuantum;
            for (std::size_t i = 0; i < dsp::kQuantum; ++i)
                *out++ = std::atomic_ref<float>(from[i]).load(std::memory_order_relaxed);
        }
        std::atomic_thread_fence(std::memory_order_acquire);  // with begin_quantum()
        return end_.load(std::memory_order_relaxed) < first + capacity_;
    }

private:
    static constexpr std::uint64_t kNone = ~std::uint64_t{0};

    std::vector<TapeSource> sources_;
    std::size_t capacity_;  // quanta
    std::size_t lanes_ = 0;
    std::unique_ptr<float[]> samples_;  // [quantum][lane][frame]
    float* at_ = nullptr;               // the writer's: the quantum that is being written
    std::atomic<std::uint64_t> begin_{kNone};
    std::atomic<std::uint64_t> end_{0};
    std::atomic<bool> let_go_{false};
};

}  // namespace mixrig::link
