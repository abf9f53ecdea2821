// The monitor between an engine that is only pretended and a control thread that asks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/monitor.h"

#include "src/monitor/log_text.h"

#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <numbers>
#include <string>
#include <thread>
#include <vector>

using namespace mixrig;
using monitor::MeterField;
using monitor::Monitor;
using monitor::Readings;

namespace monitor_test {

constexpr double kRate = 48000.0;
constexpr std::size_t kBanks = 3;

// A desk of two channels and a main bus, in three banks.
struct Rig {
    link::Link link{64};
    std::vector<std::string> lines = {};  // of the log, which serves one line at a time
    monitor::Log log{{.least = monitor::Severity::debug,
                      .target = monitor::LogTarget::nowhere,
                      .also = [this](const monitor::LogLine& line) {
                          lines.push_back(monitor::console_text(line));
                      }}};
    std::vector<std::size_t> asked = {};  // banks whose dearest strip was asked for
    std::unique_ptr<Monitor> monitor = make(kRate);
    Readings readings = {};

    base::Result<std::unique_ptr<Monitor>> try_make(double rate, std::uint64_t xruns) {
        return Monitor::create(link, log,
                               {.rate = {rate},
                                .strips = {{.address = "/ch/1", .name = "Kick"},
                                           {.address = "/ch/2", .stereo = true},
                                           {.address = "/main", .stereo = true}},
                                .xruns = xruns,
                                .make_frame =
                                    [] {
                                        link::MeterFrame frame;
                                        frame.strips.resize(3);
                                        frame.bank_ticks.resize(kBanks);
                                        return frame;
                                    },
                                .dearest_strip =
                                    [this](std::size_t bank) {
                                        asked.push_back(bank);
                                        return "strip of bank " + std::to_string(bank);
                                    }});
    }
    std::unique_ptr<Monitor> make(double rate, std::uint64_t xruns = 0) {
        return *try_make(rate, xruns);
    }
};

// The engine's part, as src/engine plays it: meters every 960 frames, the main bus every 32.
class PretendedEngine {
public:
    explicit PretendedEngine(link::Link& link) : link_(link) {}

    double main_amplitude = 0.1;  // -20 dBFS
    bool right_silent = false;
    float kick_peak = 0.0f;
    std::uint32_t block_ns = 100000;
    std::vector<std::uint32_t> ticks = {1, 1, 1};

    // One block of 32 frames.
    void block() {
        link::StereoQuantum quantum{.frame = frame_};
        for (std::size_t i = 0; i < link::kTapFrames; ++i)
            quantum.left[i] = quantum.right[i] = static_cast<float>(
                main_amplitude *
                std::sin(2.0 * std::numbers::pi * 997.0 / kRate * static_cast<double>(frame_ + i)));
        if (right_silent) quantum.right = {};
        if (!link_.main_tap.try_push(quantum)) ++link_.lost;
        if (!link_.block_times.try_push({.frame = frame_, .frames = 32, .ns = block_ns}))
            ++link_.lost;
        frame_ += link::kTapFrames;
        if (frame_ % 960 == 0) meters();
    }
    void seconds(double time, Monitor& monitor) {
        const auto blocks = static_cast<std::uint64_t>(time * kRate / link::kTapFrames);
        for (std::uint64_t i = 0; i < blocks; ++i) {
            block();
            if (i % 15 == 14) monitor.turn();  // every 10 ms, as the thread would
        }
        monitor.turn();
    }
    std::uint64_t frame() const { return frame_; }

private:
    void meters() {
        link::MeterFrame* reading = nullptr;
        if (!link_.free_meters.try_pop(reading)) return;
        reading->frame = frame_;
        reading->frames = 960;
        reading->strips[0].tap[0][0] = {.peak = kick_peak, .square_sum = 0.0f, .clips = 2};
        reading->bank_ticks = ticks;
        if (!link_.meters.try_push(reading)) ++link_.lost;
    }

    link::Link& link_;
    std::uint64_t frame_ = 0;
};

bool within(double value, double expected, double tolerance) {
    return std::fabs(value - expected) <= tolerance;
}

TEST_CASE("monitor: a stereo tone of -20 dBFS at 997 Hz is -20 LUFS through the queue") {
    Rig rig;
    PretendedEngine engine(rig.link);
    engine.seconds(10.0, *rig.monitor);
    rig.monitor->snapshot(rig.readings);
    const monitor::MainLoudness& main = rig.readings.main;
    // 0.1 LU and 0.2 dB are what Tech 3341 allows; the range of a steady tone is nothing.
    CHECK(within(main.momentary_lufs, -20.0, 0.1));
    CHECK(within(main.short_term_lufs, -20.0, 0.1));
    CHECK(within(main.integrated_lufs, -20.0, 0.1));
    CHECK(within(main.range_lu, 0.0, 0.1));
    CHECK(within(main.true_peak_dBTP, -20.0, 0.2));
    CHECK(rig.readings.lost == 0);
}

TEST_CASE("monitor: a tone on one side is half the power of a tone on both") {
    Rig rig;
    PretendedEngine engine(rig.link);
    engine.right_silent = true;
    engine.seconds(4.0, *rig.monitor);
    rig.monitor->snapshot(rig.readings);
    CHECK(within(rig.readings.main.integrated_lufs, -23.01, 0.1));
}

TEST_CASE("monitor: reset_loudness forgets what was loud") {
    Rig rig;
    PretendedEngine engine(rig.link);
    engine.seconds(4.0, *rig.monitor);
    engine.main_amplitude = 0.01;
    rig.monitor->reset_loudness();
    rig.monitor->turn();
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.readings.main.integrated_lufs == monitor::kFloor_dB);
    CHECK(rig.readings.main.true_peak_dBTP == monitor::kFloor_dB);
    engine.seconds(4.0, *rig.monitor);
    rig.monitor->snapshot(rig.readings);
    CHECK(within(rig.readings.main.integrated_lufs, -40.0, 0.1));
    CHECK(within(rig.readings.main.short_term_max_lufs, -40.0, 0.1));
}

TEST_CASE("monitor: silence is the floor, not minus infinity") {
    Rig rig;
    rig.monitor->turn();
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.readings.main.integrated_lufs == monitor::kFloor_dB);
    CHECK(rig.readings.main.momentary_lufs == monitor::kFloor_dB);
    CHECK(rig.readings.main.range_lu == 0.0f);
}

TEST_CASE("monitor: meters arrive and their memory goes round") {
    Rig rig;
    PretendedEngine engine(rig.link);
    engine.kick_peak = 0.1f;
    engine.seconds(1.0, *rig.monitor);  // 50 readings, of four frames
    rig.monitor->snapshot(rig.readings);
    REQUIRE(rig.readings.strips.size() == 3);
    CHECK(within(rig.readings.strips[0][MeterField::input_peak], -20.0, 0.01));
    CHECK(rig.readings.strips[1][MeterField::input_peak] == monitor::kFloor_dB);
    CHECK(rig.readings.frame == 48000);
    CHECK(rig.readings.strips[0][MeterField::clips] == 100.0f);
    rig.monitor->reset_clips(0);
    rig.monitor->turn();
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.readings.strips[0][MeterField::clips] == 0.0f);
    engine.seconds(0.1, *rig.monitor);
    rig.monitor->reset_clips();
    rig.monitor->turn();
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.readings.strips[0][MeterField::clips] == 0.0f);
}

TEST_CASE("monitor: load is known of every block") {
    Rig rig;
    PretendedEngine engine(rig.link);
    engine.block_ns = 200000;  // of 666667 that 32 frames last
    engine.seconds(2.0, *rig.monitor);
    rig.monitor->snapshot(rig.readings);
    CHECK(within(rig.readings.last_second.mean, 0.3, 1e-3));
    CHECK(within(rig.readings.since_start.p99, 0.3, 5e-3));
    CHECK(rig.monitor->blocks_seen() == 3000);
    CHECK(rig.readings.overloads == 0);
}

TEST_CASE("monitor: an overload is named after the dearest bank and logged") {
    Rig rig;
    PretendedEngine engine(rig.link);
    engine.seconds(1.0, *rig.monitor);
    engine.block_ns = 640000;  // 96 %
    engine.ticks = {100, 300, 200};
    engine.block();
    engine.block_ns = 100000;
    engine.seconds(0.1, *rig.monitor);
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.asked == std::vector<std::size_t>{1});
    REQUIRE(rig.readings.last_overload);
    CHECK(rig.readings.last_overload->strip == "strip of bank 1");
    CHECK(rig.readings.last_overload->frame == 48000);
    CHECK(rig.readings.overloads == 1);
    REQUIRE(rig.lines.size() == 1);
    CHECK(rig.lines[0] ==
          "overload: a block took 96 % of its time, strip of bank 1 cost most "
          "(percent=96, bank=1, frame=48000)");
    // Told once, remembered.
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.asked.size() == 1);
    CHECK(rig.readings.last_overload);
}

TEST_CASE("monitor: an overload after which the audio stops is told all the same") {
    Rig rig;
    PretendedEngine engine(rig.link);
    engine.block_ns = 5000000;
    engine.block();
    for (int i = 0; i < 49; ++i) rig.monitor->turn();
    rig.monitor->snapshot(rig.readings);
    CHECK_FALSE(rig.readings.last_overload);
    rig.monitor->turn();  // half a second
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.readings.last_overload);
}

TEST_CASE("monitor: faults are logged by the strip's present name and handed on once") {
    Rig rig;
    REQUIRE(rig.link.notices.try_push({link::Fault::not_finite, 0, 64}));
    rig.monitor->turn();
    rig.monitor->set_name(0, "Big Kick");
    REQUIRE(rig.link.notices.try_push({link::Fault::recovered, 0, 128}));
    REQUIRE(rig.link.notices.try_push({link::Fault::ceiling, 2, 128}));
    REQUIRE(rig.link.notices.try_push({link::Fault::ceiling, 99, 128}));  // no such strip
    rig.monitor->turn();
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.lines ==
          std::vector<std::string>{
              "fault: /ch/1 \"Kick\" is not a number or absurdly loud; silenced until it is clean "
              "(strip=/ch/1, frame=64)",
              "recovered: /ch/1 \"Big Kick\" is clean and heard again (strip=/ch/1, frame=128)",
              "ceiling: an output of /main had samples that are not numbers; they became silence "
              "(strip=/main, frame=128)"});
    CHECK(rig.readings.faults == 2);
    REQUIRE(rig.readings.notices.size() == 3);
    CHECK(rig.readings.notices[0].fault == link::Fault::not_finite);
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.readings.notices.empty());
    CHECK(rig.readings.faults == 2);
}

TEST_CASE("monitor: a storm of faults stays bounded in log and snapshot") {
    Rig rig;
    for (int turn = 0; turn < 5; ++turn) {
        for (int i = 0; i < 1000; ++i)
            REQUIRE(rig.link.notices.try_push({link::Fault::not_finite, 1, 0}));
        rig.monitor->turn();
    }
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.readings.faults == 5000);
    CHECK(rig.readings.notices.size() == Monitor::kMostNotices);
    CHECK(rig.lines.size() == 5);
}

TEST_CASE("monitor: gaps and lost messages are logged when there are more") {
    Rig rig;
    rig.monitor->turn();
    rig.monitor->set_xruns(1);
    for (int i = 0; i < 10; ++i) rig.monitor->turn();
    rig.monitor->set_xruns(4);
    rig.link.lost = 7;
    for (int i = 0; i < 20; ++i) rig.monitor->turn();
    CHECK(rig.lines == std::vector<std::string>{"xrun: 1 gap in the audio (total=1)",
                                                "xrun: 3 gaps in the audio (total=4)",
                                                "lost: 7 messages of the engine found no room "
                                                "(total=7)"});
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.readings.xruns == 4);
    CHECK(rig.readings.lost == 7);
}

TEST_CASE("monitor: gaps from before it was made are counted, but no news") {
    Rig rig;
    rig.monitor.reset();
    rig.monitor = rig.make(kRate, 5);
    rig.monitor->turn();
    rig.monitor->set_xruns(5);
    for (int i = 0; i < 10; ++i) rig.monitor->turn();
    CHECK(rig.lines.empty());
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.readings.xruns == 5);
}

TEST_CASE("monitor: an impossible rate is refused with a reason") {
    Rig rig;
    const auto none = rig.try_make(0.0, 0);
    REQUIRE_FALSE(none);
    CHECK(!none.error().what.empty());
}

TEST_CASE("monitor: a new one on the same link finds no frames of the old") {
    Rig rig;
    PretendedEngine engine(rig.link);
    engine.seconds(0.05, *rig.monitor);
    rig.monitor.reset();
    CHECK(rig.link.free_meters.size_approx() + rig.link.meters.size_approx() == 0);
    rig.monitor = rig.make(kRate);
    CHECK(rig.link.free_meters.size_approx() == 4);
}

TEST_CASE("monitor: the thread works beside engine and control, starts and stops") {
    Rig rig;
    std::atomic<bool> end{false};
    std::thread audio([&] {
        PretendedEngine engine(rig.link);
        while (!end.load()) {
            for (int i = 0; i < 15; ++i) engine.block();
            if (!rig.link.notices.try_push({link::Fault::not_finite, 1, engine.frame()}))
                ++rig.link.lost;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    std::uint64_t before = 0;
    for (int round = 0; round < 3; ++round) {
        rig.monitor->start();
        rig.monitor->start();  // is running
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (rig.monitor->blocks_seen() < before + 200 &&
               std::chrono::steady_clock::now() < limit) {
            rig.monitor->snapshot(rig.readings);
            rig.monitor->set_name(1, "round " + std::to_string(round));
            rig.monitor->set_xruns(static_cast<std::uint64_t>(round));
            rig.monitor->reset_clips();
            rig.monitor->reset_loudness();
            rig.log.info("control", "is logging too");
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        CHECK(rig.monitor->blocks_seen() >= before + 200);
        rig.monitor->stop();
        rig.monitor->stop();  // is stopped
        before = rig.monitor->blocks_seen();
        std::this_thread::sleep_for(std::chrono::milliseconds(30));
        CHECK(rig.monitor->blocks_seen() == before);
    }
    end.store(true);
    audio.join();
    rig.monitor->turn();
    rig.monitor->snapshot(rig.readings);
    CHECK(rig.readings.frame > 0);
    CHECK(rig.readings.faults > 0);
}

}  // namespace monitor_test
