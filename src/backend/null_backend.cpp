// A clock that needs no hardware: silence in, the outputs are dropped.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/null_backend.h"

#include "src/backend/audio_side.h"
#include "src/backend/pacer.h"
#include "src/backend/plain_buffers.h"
#include "src/backend/realtime.h"
#include "src/base/clock.h"

#include <thread>

namespace mixrig::backend {

namespace {

// A busy machine must not change how much time passes; a machine that slept must not race.
constexpr std::int64_t kCatchUpNs = 200'000'000;

class NullBackend final : public Backend {
public:
    explicit NullBackend(BackendConfig config)
        : config_(std::move(config)),
          buffers_(config_.ports.inputs.size(), config_.ports.outputs.size(), config_.block) {}
    ~NullBackend() override { stop(); }

    base::Result<StreamInfo> start(AudioCallback& callback, BackendEvents&) override {
        stop();
        side_.attach(callback);
        side_.set_device_rate(config_.rate);
        side_.report_rate(config_.rate);
        side_.forget_thread();
        stopping_.store(false, std::memory_order_relaxed);
        thread_ = std::thread([this] { run(); });
        info_ = {.rate = config_.rate,
                 .block = config_.block,
                 .backend = "null",
                 .device = "a clock without sound",
                 .realtime = ask_realtime(thread_.native_handle(), config_.priority).text};
        return info_;
    }

    void stop() override {
        side_.hold();
        stopping_.store(true, std::memory_order_relaxed);
        if (thread_.joinable()) thread_.join();
    }

    void poll() override {}
    void hold() override { side_.hold(); }
    void resume() override { side_.resume(); }
    bool running() const override { return thread_.joinable(); }
    StreamInfo info() const override { return info_; }
    Counters counters() const noexcept override { return side_.counters(); }
    void set_latency(std::size_t, std::size_t) override {}
    void rename(const Ports&) override {}

private:
    void run() noexcept {
        Pacer pacer(kCatchUpNs);
        pacer.begin(config_.rate, base::monotonic_ns());
        while (!stopping_.load(std::memory_order_relaxed)) {
            side_.process(buffers_.in(), buffers_.out(), buffers_.outputs(), config_.block);
            const std::int64_t due = pacer.advance(config_.block);
            sleep_until(due);
            if (pacer.late(due, base::monotonic_ns())) side_.xrun();
        }
    }

    BackendConfig config_;
    PlainBuffers buffers_;
    AudioSide side_;
    StreamInfo info_;
    std::thread thread_;
    std::atomic<bool> stopping_{false};
};

}  // namespace

std::unique_ptr<Backend> make_null_backend(BackendConfig config) {
    return std::make_unique<NullBackend>(std::move(config));
}

}  // namespace mixrig::backend
