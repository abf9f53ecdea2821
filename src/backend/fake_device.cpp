// A sound card made of a thread, for test builds: it can do all that breaks desks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/fake_device.h"

#include "src/backend/realtime.h"
#include "src/base/clock.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>

namespace mixrig::backend {

namespace {

constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kCardBufferNs = 40 * kMillisecond;  // what a real card buffers, about

float value_of(FakeSignal signal) {
    switch (signal) {
        case FakeSignal::nan:
            return std::numeric_limits<float>::quiet_NaN();
        case FakeSignal::inf:
            return std::numeric_limits<float>::infinity();
        case FakeSignal::big:
            return 1e38f;
        case FakeSignal::dc:
            return 1.0f;
        case FakeSignal::subnormal:
            return 1e-40f;
    }
    return 0.0f;
}

}  // namespace

FakeDevice::FakeDevice(const BackendConfig& config, AudioSide& side)
    : side_(side),
      buffers_(config.ports.inputs.size(), config.ports.outputs.size(), kLargestFakeBlock),
      rate_(config.rate),
      block_(config.block),
      peaks_(std::make_unique<std::atomic<float>[]>(config.ports.outputs.size())),
      sources_(config.ports.inputs.size()),
      pacer_(kCardBufferNs),
      thread_([this] { run(); }) {}

FakeDevice::~FakeDevice() {
    close();
    stopping_.store(true, std::memory_order_relaxed);
    thread_.join();
}

bool FakeDevice::open() {
    if (!present()) return false;
    side_.set_device_rate(rate());
    stormed_.store(false, std::memory_order_relaxed);
    open_.store(true, std::memory_order_seq_cst);
    return true;
}

void FakeDevice::close() {
    open_.store(false, std::memory_order_seq_cst);
    while (calling_.load(std::memory_order_seq_cst))
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

std::string FakeDevice::ask_realtime(int priority) {
    return backend::ask_realtime(thread_.native_handle(), priority).text;
}

bool FakeDevice::obey(const FakeCommand& command) {
    if (!commands_.try_push(command)) return false;
    ++asked_;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (done_.load(std::memory_order_acquire) < asked_) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

std::string FakeDevice::counters() const {
    const Counters c = side_.counters();
    return "blocks=" + std::to_string(c.blocks) + " frames=" + std::to_string(c.frames) +
           " xruns=" + std::to_string(c.xruns) +
           " reconnections=" + std::to_string(c.reconnections) +
           " storms=" + std::to_string(c.storms) +
           " nonfinite=" + std::to_string(not_finite_.load(std::memory_order_relaxed)) +
           " rate=" + std::to_string(rate()) + " block=" + std::to_string(block()) +
           " open=" + (is_open() ? "1" : "0");
}

std::string FakeDevice::peaks() {
    std::string text;
    for (std::size_t o = 0; o < buffers_.outputs(); ++o)
        text += (o == 0 ? "" : " ") + std::to_string(peaks_[o].exchange(0.0f));
    return text;
}

// ---- the device's thread

void FakeDevice::run() noexcept {
    while (!stopping_.load(std::memory_order_relaxed)) {
        take_commands();
        calling_.store(true, std::memory_order_seq_cst);  // before the question: partner is close()
        const bool calls = open_.load(std::memory_order_seq_cst) && present() && !stormed();
        if (calls && !was_calling_) restart_clock();
        was_calling_ = calls;
        if (calls) one_block();
        calling_.store(false, std::memory_order_seq_cst);
        if (!calls)
            idle();
        else if (!storming_)
            wait_for_next(block());
    }
}

void FakeDevice::idle() {
    storming_ = false;
    sleep_until(base::monotonic_ns() + 2 * kMillisecond);
}

void FakeDevice::restart_clock() {
    const std::int64_t now = base::monotonic_ns();
    pacer_.begin(rate(), now);
    guard_.begin(rate(), now);
    stall_ms_ = late_ms_ = 0;
}

void FakeDevice::one_block() {
    const std::size_t frames = block();
    if (guard_.is_storm(frames, base::monotonic_ns())) {
        stormed_.store(true, std::memory_order_release);  // partner: stormed()
        return;
    }
    for (std::size_t i = 0; i < buffers_.inputs(); ++i)
        fill(sources_[i], buffers_.in_to_fill()[i], frames);
    side_.process(buffers_.in(), buffers_.out(), buffers_.outputs(), frames);
    measure_outputs(frames);
}

void FakeDevice::wait_for_next(std::size_t frames) {
    const std::int64_t due = pacer_.advance(frames);
    sleep_until(due);
    if (stall_ms_ != 0) {
        sleep_through(due + stall_ms_ * kMillisecond);
        stall_ms_ = 0;
        pacer_.begin(rate(), base::monotonic_ns());
        side_.xrun();
        return;
    }
    if (late_ms_ != 0) {
        sleep_through(due + late_ms_ * kMillisecond);
        late_ms_ = 0;
    }
    if (pacer_.late(due, base::monotonic_ns())) side_.xrun();
}

void FakeDevice::sleep_through(std::int64_t until) {
    while (!stopping_.load(std::memory_order_relaxed) && base::monotonic_ns() < until)
        sleep_until(std::min(until, base::monotonic_ns() + 10 * kMillisecond));
}

void FakeDevice::take_commands() {
    FakeCommand command;
    while (commands_.try_pop(command)) {
        take(command);
        done_.fetch_add(1, std::memory_order_release);  // partner: obey()
    }
}

void FakeDevice::take(const FakeCommand& command) {
    switch (command.kind) {
        case FakeCommand::Kind::stall:
            stall_ms_ = command.milliseconds;
            break;
        case FakeCommand::Kind::late:
            late_ms_ = command.milliseconds;
            break;
        case FakeCommand::Kind::vanish:
            present_.store(false, std::memory_order_release);
            break;
        case FakeCommand::Kind::comes_back:
            present_.store(true, std::memory_order_release);
            break;
        case FakeCommand::Kind::block:
            block_.store(command.block, std::memory_order_relaxed);
            break;
        case FakeCommand::Kind::storm:
            storming_ = true;
            break;
        case FakeCommand::Kind::rate:
            rate_.store(command.rate, std::memory_order_relaxed);
            side_.set_device_rate(command.rate);
            restart_clock();
            break;
        case FakeCommand::Kind::inject:
            sources_[command.input].signal = command.signal;
            sources_[command.input].injected = command.frames;
            break;
        case FakeCommand::Kind::sine:
            sources_[command.input].step = command.hertz / rate();
            sources_[command.input].amplitude = command.amplitude;
            break;
        case FakeCommand::Kind::counters:
        case FakeCommand::Kind::peaks:
            break;  // answered without the device
    }
}

void FakeDevice::fill(Source& source, float* samples, std::size_t frames) {
    const auto injected =
        static_cast<std::size_t>(std::min<std::uint64_t>(source.injected, frames));
    std::fill_n(samples, injected, value_of(source.signal));
    source.injected -= injected;
    for (std::size_t f = injected; f < frames; ++f) {
        samples[f] =
            static_cast<float>(source.amplitude * std::sin(2.0 * std::numbers::pi * source.phase));
        source.phase += source.step;
        source.phase -= std::floor(source.phase);
    }
}

void FakeDevice::measure_outputs(std::size_t frames) {
    std::uint64_t not_finite = 0;
    for (std::size_t o = 0; o < buffers_.outputs(); ++o) {
        float peak = 0.0f;
        for (std::size_t f = 0; f < frames; ++f) {
            const float sample = std::fabs(buffers_.out()[o][f]);
            if (std::isfinite(sample))
                peak = std::max(peak, sample);
            else
                ++not_finite;
        }
        if (peak > peaks_[o].load(std::memory_order_relaxed))  // peaks() may ask meanwhile: no harm
            peaks_[o].store(peak, std::memory_order_relaxed);
    }
    not_finite_.fetch_add(not_finite, std::memory_order_relaxed);
}

}  // namespace mixrig::backend
