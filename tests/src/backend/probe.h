// A tiny engine and a listener, to see what a backend does with them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/backend.h"
#include "src/backend/realtime.h"
#include "tests/src/backend/new_counter.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace mixrig::backend::test {

// Copies input i to output i, writes `constant` to outputs beyond the inputs, and measures input 0.
class Probe final : public AudioCallback {
public:
    Probe(std::size_t inputs, std::size_t outputs) : inputs_(inputs), outputs_(outputs) {}

    void process(const float* const* in, float* const* out, std::size_t frames)
        MIXRIG_REALTIME override {
        counts_news = false;
        if (!subnormals_flushed()) flushed = false;
        if (inside_.exchange(true)) overlapped = true;
        float peak = 0.0f;
        for (std::size_t i = 0; i < inputs_; ++i)
            for (std::size_t f = 0; f < frames; ++f) {
                if (i == 0 && std::isfinite(in[i][f])) peak = std::max(peak, std::fabs(in[i][f]));
                if (i == 0 && !std::isfinite(in[i][f])) ++not_finite;
            }
        for (std::size_t o = 0; o < outputs_; ++o)
            if (o < inputs_)
                std::copy_n(in[o], frames, out[o]);
            else
                std::fill_n(out[o], frames, constant.load());
        input_peak = peak;
        last_frames = frames;
        total_frames += frames;
        ++blocks;
        inside_ = false;
        counts_news = true;
    }
    void xrun() MIXRIG_REALTIME override { ++xruns; }

    std::atomic<float> constant{0.0f};
    std::atomic<float> input_peak{0.0f};
    std::atomic<std::size_t> last_frames{0};
    std::atomic<std::uint64_t> total_frames{0};
    std::atomic<std::uint64_t> blocks{0};
    std::atomic<std::uint64_t> not_finite{0};
    std::atomic<int> xruns{0};
    std::atomic<bool> flushed{true};
    std::atomic<bool> overlapped{false};

private:
    std::size_t inputs_;
    std::size_t outputs_;
    std::atomic<bool> inside_{false};
};

class Listener final : public BackendEvents {
public:
    void started(const StreamInfo& info) override {
        last = info;
        ++starts;
    }
    void stopped(const std::string& reason) override {
        last_reason = reason;
        ++stops;
    }
    void block_changed(std::size_t new_block) override { block = new_block; }
    void rate_changed(unsigned new_rate) override { rate = new_rate; }
    void message(const std::string& text) override { messages.push_back(text); }

    StreamInfo last;
    int starts = 0;
    int stops = 0;
    std::size_t block = 0;
    unsigned rate = 0;
    std::string last_reason;
    std::vector<std::string> messages;
};

// Polls the backend, as the control thread does, until the condition holds.
inline bool poll_until(Backend& backend, const std::function<bool()>& condition, int limit_ms) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(limit_ms);
    for (;;) {
        backend.poll();
        if (condition()) return true;
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

inline BackendConfig small_config(std::size_t inputs, std::size_t outputs) {
    BackendConfig config;
    for (unsigned i = 1; i <= inputs; ++i)
        config.ports.inputs.push_back({.name = "ch-" + std::to_string(i), .device_channel = i});
    for (unsigned o = 1; o <= outputs; ++o)
        config.ports.outputs.push_back({.name = "out-" + std::to_string(o), .device_channel = o});
    return config;
}

}  // namespace mixrig::backend::test
