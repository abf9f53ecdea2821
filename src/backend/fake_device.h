// A sound card made of a thread, for test builds: it can do all that breaks desks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/backend/audio_side.h"
#include "src/backend/fake_command.h"
#include "src/backend/pacer.h"
#include "src/backend/plain_buffers.h"
#include "src/backend/storm_guard.h"
#include "src/base/queue.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace mixrig::backend {

class FakeDevice {
public:
    FakeDevice(const BackendConfig& config, AudioSide& side);  // starts its thread, closed
    ~FakeDevice();
    FakeDevice(const FakeDevice&) = delete;
    FakeDevice& operator=(const FakeDevice&) = delete;

    // --- control thread ---

    bool open();   // false: unplugged
    void close();  // no callback runs after it
    std::string ask_realtime(int priority);
    bool is_open() const { return open_.load(std::memory_order_acquire); }
    bool present() const { return present_.load(std::memory_order_acquire); }
    bool stormed() const { return stormed_.load(std::memory_order_acquire); }
    std::size_t block() const { return block_.load(std::memory_order_relaxed); }
    unsigned rate() const { return rate_.load(std::memory_order_relaxed); }
    std::size_t inputs() const { return buffers_.inputs(); }

    // --- the thread of the control port ---

    bool obey(const FakeCommand& command);  // true: the device has done it, or begun to
    std::string counters() const;
    std::string peaks();  // of each output since the last question

private:
    struct Source {
        double step = 0.0;  // cycles a frame
        double phase = 0.0;
        double amplitude = 0.0;
        FakeSignal signal = FakeSignal::dc;
        std::uint64_t injected = 0;  // frames left
    };

    void run() noexcept;
    void take_commands();
    void take(const FakeCommand& command);
    void idle();
    void one_block();
    void wait_for_next(std::size_t frames);
    void sleep_through(std::int64_t until);
    void fill(Source& source, float* samples, std::size_t frames);
    void measure_outputs(std::size_t frames);
    void restart_clock();

    AudioSide& side_;
    PlainBuffers buffers_;
    base::Queue<FakeCommand> commands_{64};
    std::uint64_t asked_ = 0;  // thread of the control port
    std::atomic<std::uint64_t> done_{0};

    std::atomic<bool> open_{false};     // the control thread wants callbacks
    std::atomic<bool> calling_{false};  // a callback may be running
    std::atomic<bool> present_{true};
    std::atomic<bool> stormed_{false};
    std::atomic<bool> stopping_{false};
    std::atomic<unsigned> rate_;
    std::atomic<std::size_t> block_;
    std::atomic<std::uint64_t> not_finite_{0};  // samples at the outputs
    std::unique_ptr<std::atomic<float>[]> peaks_;

    // the device's thread
    std::vector<Source> sources_;
    Pacer pacer_;
    StormGuard guard_;
    bool storming_ = false;
    bool was_calling_ = false;
    unsigned late_ms_ = 0;
    unsigned stall_ms_ = 0;
    std::thread thread_;
};

}  // namespace mixrig::backend
