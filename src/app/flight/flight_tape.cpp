// What comes in, quantum by quantum.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/flight/flight_tape.h"

#include <algorithm>

namespace mixrig::app {

FlightTape::FlightTape(std::size_t inputs, double rate, double seconds)
    : inputs_(inputs),
      heads_(static_cast<std::size_t>(rate * seconds) / dsp::kQuantum + 2),
      samples_(heads_.size() * inputs * dsp::kQuantum, 0.0f) {}

std::uint32_t FlightTape::start() {
    session_.store(++sessions_, std::memory_order_release);
    return sessions_;
}

void FlightTape::stop() {
    session_.store(0, std::memory_order_release);
}

void FlightTape::write(std::uint64_t position, const float* const* in, std::size_t frames)
    MIXRIG_REALTIME {
    for (std::size_t done = 0; done < frames;) {
        const std::uint64_t head = head_.load(std::memory_order_relaxed);
        const auto place = static_cast<std::size_t>(head % heads_.size());
        const auto first = static_cast<std::size_t>((position + done) % dsp::kQuantum);
        const std::size_t count = std::min(dsp::kQuantum - first, frames - done);
        if (first == 0) {
            const std::uint32_t session = session_.load(std::memory_order_acquire);
            open_ = session != 0 && head - tail_.load(std::memory_order_acquire) < heads_.size();
            if (open_) heads_[place] = {.frame = position + done, .session = session};
        }
        if (open_) {
            float* out = samples_.data() + place * inputs_ * dsp::kQuantum + first;
            for (std::size_t i = 0; i < inputs_; ++i)
                std::copy_n(in[i] + done, count, out + i * dsp::kQuantum);
            if (first + count == dsp::kQuantum) head_.store(head + 1, std::memory_order_release);
        }
        done += count;
    }
}

bool FlightTape::front(Quantum& quantum) const {
    const std::uint64_t tail = tail_.load(std::memory_order_relaxed);
    if (tail == head_.load(std::memory_order_acquire)) return false;
    const auto place = static_cast<std::size_t>(tail % heads_.size());
    quantum = {.frame = heads_[place].frame,
               .session = heads_[place].session,
               .samples = samples_.data() + place * inputs_ * dsp::kQuantum};
    return true;
}

}  // namespace mixrig::app
