// The fake device of test builds as a backend: what the real binary is tortured with.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/fake_backend.h"

#include "src/backend/audio_side.h"
#include "src/backend/fake_device.h"
#include "src/backend/fake_port.h"
#include "src/base/clock.h"

namespace mixrig::backend {

namespace {

constexpr std::int64_t kRetryNs = 250'000'000;

class FakeBackend final : public Backend {
public:
    FakeBackend(BackendConfig config, unsigned port) : config_(std::move(config)), port_(port) {}
    ~FakeBackend() override { stop(); }

    base::Result<StreamInfo> start(AudioCallback& callback, BackendEvents& events) override {
        stop();
        events_ = &events;
        side_.attach(callback);
        side_.report_rate(config_.rate);
        device_ = std::make_unique<FakeDevice>(config_, side_);
        base::Result<std::unique_ptr<FakePort>> port = FakePort::open(port_, *device_);
        if (!port) {
            device_.reset();
            return port.error();
        }
        control_ = std::move(port).value();
        device_->open();
        info_ = {.rate = config_.rate,
                 .block = config_.block,
                 .backend = "fake",
                 .device = "fake device, control port " + std::to_string(control_->port()),
                 .realtime = device_->ask_realtime(config_.priority)};
        return info_;
    }

    void stop() override {
        side_.hold();
        control_.reset();
        device_.reset();
        side_.forget_thread();
    }

    void poll() override {
        if (!device_) return;
        if (device_->is_open())
            watch();
        else if (base::monotonic_ns() >= next_try_)
            try_to_open();
    }

    void hold() override { side_.hold(); }
    void resume() override { side_.resume(); }
    bool running() const override { return device_ && device_->is_open(); }
    StreamInfo info() const override { return info_; }
    Counters counters() const noexcept override { return side_.counters(); }
    void set_latency(std::size_t, std::size_t) override {}
    void rename(const Ports&) override {}

private:
    void watch() {
        if (!device_->present()) return lose("the fake device vanished");
        if (device_->stormed()) {
            side_.count_storm();
            return lose("the fake device calls far too fast");
        }
        if (const std::size_t block = device_->block(); block != info_.block) {
            info_.block = block;
            events_->block_changed(block);
        }
        report_rate();
    }

    void report_rate() {
        const unsigned rate = device_->rate();
        if (rate == side_.reported_rate()) return;
        side_.hold();
        side_.report_rate(rate);
        info_.rate = rate;
        events_->rate_changed(rate);
    }

    void lose(const std::string& reason) {
        device_->close();
        next_try_ = base::monotonic_ns() + kRetryNs;
        events_->stopped(reason);
    }

    void try_to_open() {
        next_try_ = base::monotonic_ns() + kRetryNs;
        if (!device_->open()) return;
        side_.count_reconnection();
        info_.rate = device_->rate();
        info_.block = device_->block();
        events_->started(info_);
        report_rate();
    }

    BackendConfig config_;
    unsigned port_;
    AudioSide side_;
    BackendEvents* events_ = nullptr;
    std::unique_ptr<FakeDevice> device_;
    std::unique_ptr<FakePort> control_;  // after the device: uses it
    StreamInfo info_;
    std::int64_t next_try_ = 0;
};

}  // namespace

std::unique_ptr<Backend> make_fake_backend(BackendConfig config, unsigned port) {
    return std::make_unique<FakeBackend>(std::move(config), port);
}

}  // namespace mixrig::backend
