// A sound card that does everything wrong: the desk survives, sounds again, and keeps its values.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/fake_remote.h"
#include "tests/desk/osc_peer.h"

#include <algorithm>
#include <cmath>
#include <csignal>

namespace mixrig::tests {

namespace fake_device_test {

// A desk that plays a sine at -12 dBFS through channel 1, panned to the left.
struct Rig {
    Rig() : desk({"-c", config(), "--block", "128", "--no-state"}, home.path()) {
        const std::string log = desk.log();
        const auto at = log.find("port ", log.find(" audio: fake"));
        REQUIRE_MESSAGE(at != std::string::npos, log);
        device = std::make_unique<FakeRemote>(
            static_cast<std::uint16_t>(std::stoul(log.substr(at + 5))));
        me = std::make_unique<OscPeer>(desk.port());
        me->send({"/ch/1/pan", {-1.0f}});
        CHECK(device->ask("sine 1 1000 -12") == "ok");
        CHECK(sounds());
    }
    std::string config() {
        const auto path = home / "desk.toml";
        write_text(
            path, "[desk]\nchannels = 4\n[audio]\nbackend = \"fake:0\"\n[engine]\nramp_ms = 100\n");
        return path.string();
    }
    // -12 dBFS at the main bus's left side.
    bool sounds() {
        return poll_until(
            [this] {
                const std::vector<float> peaks = device->peaks();
                return std::fabs(peaks[main_left] - 0.2512f) < 0.01f;
            },
            std::chrono::seconds(10));
    }
    void check_still_fine() {
        CHECK(sounds());
        CHECK(me->get("/ch/1/pan").number() == -1.0f);
        CHECK(desk.program().is_running());
        CHECK(device->counters()["nonfinite"] == 0);
    }

    ScratchFolder home;
    Daemon desk;
    std::unique_ptr<FakeRemote> device;
    std::unique_ptr<OscPeer> me;
    std::size_t main_left = 0;
};

TEST_SUITE_BEGIN("fake");

TEST_CASE("run: a stalled or late device is one gap, then the sound goes on") {
    Rig rig;
    const long before = rig.device->counters()["xruns"];
    CHECK(rig.device->ask("stall 300") == "ok");
    CHECK(rig.device->ask("late 30") == "ok");
    rig.check_still_fine();
    CHECK(rig.device->counters()["xruns"] > before);
}

TEST_CASE("run: a device that vanishes is reported; when it returns, the sound rises again") {
    Rig rig;
    for (int round = 0; round < 3; ++round) {
        CAPTURE(round);
        CHECK(rig.device->ask("vanish") == "ok");
        CHECK(poll_until([&] { return rig.device->counters()["open"] == 0; },
                         std::chrono::seconds(5)));
        CHECK(rig.desk.log_says("audio has stopped"));
        rig.me->send({"/ch/2/fader", {-20.0f - static_cast<float>(round)}});
        CHECK(rig.me->get("/ch/2/fader").number() == -20.0f - static_cast<float>(round));
        CHECK(rig.device->ask("return") == "ok");
        rig.check_still_fine();
    }
    CHECK(rig.device->counters()["reconnections"] == 3);
}

TEST_CASE("run: at another rate the desk is tuned anew") {
    Rig rig;
    // A bell of +12 dB at 6 kHz: at twice the rate with the old coefficients it would sit at
    // 12 kHz, and 6 kHz would pass nearly as it is.
    rig.me->send_bundle({{"/ch/1/eq/on", {true}},
                         {"/ch/1/eq/3/on", {true}},
                         {"/ch/1/eq/3/type", {std::string("bell")}},
                         {"/ch/1/eq/3/freq", {6000.0f}},
                         {"/ch/1/eq/3/gain", {12.0f}},
                         {"/ch/1/eq/3/q", {4.0f}}});
    REQUIRE(rig.me->get("/ch/1/eq/3/q").number() == 4.0f);
    for (const std::string rate : {"96000", "44100", "48000"}) {
        CAPTURE(rate);
        CHECK(rig.device->ask("rate " + rate) == "ok");
        CHECK(rig.desk.log_says(rate + " Hz"));
        rig.device->pass(250);  // over the ramp
        const auto level_dB = [&](const std::string& hertz) {
            CHECK(rig.device->ask("sine 1 " + hertz + " -30") == "ok");
            rig.device->pass(20);  // over the filter's settling
            // A machine that stalls leaves out a block, which is a click: no two are as loud as
            // another. So the lowest of short stretches, once three of them are as low.
            constexpr int kTries = 100, kAlike = 3;
            double lowest = 0.0;
            for (int i = 0, alike = 0; i < kTries && alike < kAlike; ++i) {
                const double peak = rig.device->peaks(10)[rig.main_left];
                const double dB = 20.0 * std::log10(peak);
                alike = dB < lowest - 0.05 ? 1 : alike + (dB < lowest + 0.05);
                lowest = std::min(lowest, dB);
            }
            return lowest;
        };
        // Peaks of samples: a whole fraction of the rate may miss its crest for good, by up to 3 dB
        // where it is a quarter.
        CHECK(std::fabs(level_dB("5950") - -18.0) < 0.7);
        CHECK(std::fabs(level_dB("1000") - -30.0) < 0.3);
        CHECK(std::fabs(level_dB("11950") - -30.0) < 1.5);
    }
    CHECK(rig.device->ask("sine 1 1000 -12") == "ok");
    rig.check_still_fine();
}

TEST_CASE("run: blocks of another size are taken as they come") {
    Rig rig;
    for (const char* block : {"16", "1000", "4096", "128"}) {
        CAPTURE(block);
        CHECK(rig.device->ask("block " + std::string(block)) == "ok");
        rig.check_still_fine();
    }
}

TEST_CASE("run: a storm of callbacks is cut off and the device opened again") {
    Rig rig;
    CHECK(rig.device->ask("storm") == "ok");
    CHECK(poll_until([&] { return rig.device->counters()["storms"] == 1; },
                     std::chrono::seconds(10)));
    rig.check_still_fine();
}

TEST_CASE("run: what is not a number at an input is no number at any output") {
    Rig rig;
    for (const char* signal : {"nan", "inf", "big", "dc", "subnormal"}) {
        CAPTURE(signal);
        CHECK(rig.device->ask("inject " + std::string(signal) + " 2 4800") == "ok");
        for (const float peak : rig.device->peaks(10)) CHECK(peak <= 1.0f);
        rig.check_still_fine();
    }
    CHECK(rig.desk.program().end(SIGTERM) == 0);
}

TEST_SUITE_END();

}  // namespace fake_device_test
}  // namespace mixrig::tests
