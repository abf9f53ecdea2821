// The door between a backend's audio thread and the engine: opened and held by the control thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/backend.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <pthread.h>

namespace mixrig::backend {

class AudioSide {
public:
    AudioSide() = default;
    AudioSide(const AudioSide&) = delete;
    AudioSide& operator=(const AudioSide&) = delete;

    // --- control thread ---

    void attach(AudioCallback& callback) { callback_ = &callback; }  // [control, held]
    void hold();    // returns when process() of the callback is not running
    void resume();  // for the rate last reported
    void report_rate(unsigned rate) { reported_rate_ = rate; }
    unsigned reported_rate() const { return reported_rate_; }

    // [no device is open] The audio thread is gone, maybe cancelled in mid-block: libjack does
    // that.
    void forget_thread();
    std::optional<pthread_t> thread() const;  // once it has called; alive as long as its device
    bool wait_for_callback(int milliseconds) const;  // false: none came since forget_thread()

    void count_reconnection() { reconnections_.fetch_add(1, std::memory_order_relaxed); }
    void count_storm() { storms_.fetch_add(1, std::memory_order_relaxed); }

    // --- any thread ---

    // From the thread that learns of it; the engine falls silent if it was built for another rate.
    void set_device_rate(unsigned rate) MIXRIG_REALTIME;
    unsigned device_rate() const MIXRIG_REALTIME;
    void xrun() MIXRIG_REALTIME;
    Counters counters() const noexcept;

    // --- audio thread ---

    // Runs the engine, or fills the outputs with silence while it is held.
    void process(const float* const* in, float* const* out, std::size_t outputs, std::size_t frames)
        MIXRIG_REALTIME;

private:
    void first_callback() MIXRIG_REALTIME;

    AudioCallback* callback_ = nullptr;
    unsigned reported_rate_ = 0;            // control thread only
    std::atomic<unsigned> engine_rate_{0};  // that the engine was built for; 0: held
    std::atomic<unsigned> device_rate_{0};
    std::atomic<bool> inside_{false};
    std::atomic<bool> thread_known_{false};
    std::atomic<pthread_t> thread_{};
    std::atomic<std::uint64_t> blocks_{0};
    std::atomic<std::uint64_t> frames_{0};
    std::atomic<std::uint64_t> xruns_{0};
    std::atomic<std::uint64_t> reconnections_{0};
    std::atomic<std::uint64_t> storms_{0};
};

}  // namespace mixrig::backend
