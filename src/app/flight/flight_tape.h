// What comes in, quantum by quantum, from the audio thread to the disk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::app {

// One producer, one consumer. The audio thread never waits: what finds no room is left out, and
// shows as a jump in the frames.
class FlightTape {
public:
    // [control] All memory, touched. `seconds` is how long the disk may stand still.
    FlightTape(std::size_t inputs, double rate, double seconds);

    // [control] From the next quantum boundary on, quanta belong to a new session, or to none.
    std::uint32_t start();
    void stop();

    // [audio] Frames of the engine in order, cut anywhere.
    void write(std::uint64_t position, const float* const* in, std::size_t frames) MIXRIG_REALTIME;

    struct Quantum {
        std::uint64_t frame = 0;
        std::uint32_t session = 0;
        const float* samples = nullptr;  // dsp::kQuantum of each input, one input after the other
    };
    // [disk] False if there is none. What front() names lives until pop().
    bool front(Quantum& quantum) const;
    void pop() {
        tail_.store(tail_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
    }

    std::size_t inputs() const { return inputs_; }

private:
    struct Head {
        std::uint64_t frame = 0;
        std::uint32_t session = 0;
    };
    std::size_t inputs_;
    std::vector<Head> heads_;     // a ring
    std::vector<float> samples_;  // beside it
    // Quanta written and read since the start; release with the acquire on the other side.
    std::atomic<std::uint64_t> head_{0}, tail_{0};
    std::atomic<std::uint32_t> session_{0};  // 0: none
    std::uint32_t sessions_ = 0;             // control's
    bool open_ = false;                      // audio's: the quantum at work is being kept
};

}  // namespace mixrig::app
