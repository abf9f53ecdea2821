// The door between a backend's audio thread and the engine: opened and held by the control thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/audio_side.h"

#include "src/backend/realtime.h"

#include <algorithm>
#include <chrono>
#include <thread>

namespace mixrig::backend {

namespace {

using std::chrono::milliseconds;

void pause_a_moment() {
    std::this_thread::sleep_for(milliseconds(1));
}

}  // namespace

void AudioSide::hold() {
    // seq_cst here and in process(): either the audio thread sees the 0, or we see it inside.
    engine_rate_.store(0, std::memory_order_seq_cst);
    while (inside_.load(std::memory_order_seq_cst)) pause_a_moment();
}

void AudioSide::resume() {
    engine_rate_.store(reported_rate_, std::memory_order_seq_cst);
}

void AudioSide::forget_thread() {
    thread_known_.store(false, std::memory_order_relaxed);
    inside_.store(false, std::memory_order_seq_cst);
}

std::optional<pthread_t> AudioSide::thread() const {
    // acquire: partner is the release in first_callback()
    if (!thread_known_.load(std::memory_order_acquire)) return std::nullopt;
    return thread_.load(std::memory_order_relaxed);
}

bool AudioSide::wait_for_callback(int limit) const {
    const auto deadline = std::chrono::steady_clock::now() + milliseconds(limit);
    while (!thread()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        pause_a_moment();
    }
    return true;
}

void AudioSide::set_device_rate(unsigned rate) MIXRIG_REALTIME {
    device_rate_.store(rate, std::memory_order_seq_cst);
}

unsigned AudioSide::device_rate() const MIXRIG_REALTIME {
    return device_rate_.load(std::memory_order_seq_cst);
}

void AudioSide::xrun() MIXRIG_REALTIME {
    xruns_.fetch_add(1, std::memory_order_relaxed);
    callback_->xrun();
}

Counters AudioSide::counters() const noexcept {
    return {.blocks = blocks_.load(std::memory_order_relaxed),
            .frames = frames_.load(std::memory_order_relaxed),
            .xruns = xruns_.load(std::memory_order_relaxed),
            .reconnections = reconnections_.load(std::memory_order_relaxed),
            .storms = storms_.load(std::memory_order_relaxed)};
}

void AudioSide::first_callback() MIXRIG_REALTIME {
    prefault_stack();
    thread_.store(pthread_self(), std::memory_order_relaxed);
    thread_known_.store(true, std::memory_order_release);  // partner: thread()
}

void AudioSide::process(const float* const* in, float* const* out, std::size_t outputs,
                        std::size_t frames) MIXRIG_REALTIME {
    flush_subnormals();  // every time: libraries between us and the device may have put it back
    if (!thread_known_.load(std::memory_order_relaxed)) first_callback();

    inside_.store(true, std::memory_order_seq_cst);
    const unsigned engine_rate = engine_rate_.load(std::memory_order_seq_cst);
    if (engine_rate != 0 && engine_rate == device_rate_.load(std::memory_order_seq_cst))
        callback_->process(in, out, frames);
    else
        for (std::size_t output = 0; output < outputs; ++output)
            std::fill_n(out[output], frames, 0.0f);
    inside_.store(false, std::memory_order_seq_cst);

    blocks_.fetch_add(1, std::memory_order_relaxed);
    frames_.fetch_add(frames, std::memory_order_relaxed);
}

}  // namespace mixrig::backend
