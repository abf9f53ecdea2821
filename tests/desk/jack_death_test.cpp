// jackd is killed while the desk plays, and started again.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/jack_recorder.h"
#include "tests/desk/osc_peer.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <numbers>
#include <thread>

namespace mixrig::tests {

namespace jack_death_test {

constexpr float kAmplitude = 0.5f;

void write_sine(const std::filesystem::path& path) {
    Samples samples(kRate);  // whole periods: it loops without a seam
    for (std::size_t i = 0; i < samples.size(); ++i)
        samples[i] = kAmplitude * static_cast<float>(std::sin(2.0 * std::numbers::pi * 500.0 *
                                                              static_cast<double>(i) / kRate));
    write_wav(path, samples);
}

float peak(const Samples& samples, std::size_t from, std::size_t count) {
    float loudest = 0.0f;
    for (std::size_t i = from; i < std::min(from + count, samples.size()); ++i)
        loudest = std::max(loudest, std::fabs(samples[i]));
    return loudest;
}

// A second from the first sound on; empty if there is none.
Samples from_first_sound(const JackRecorder& recorder) {
    Samples left;
    std::size_t looked_at = 0;
    const bool heard = poll_until(
        [&] {
            if (recorder.frames() < looked_at + kRate / 4) return false;
            looked_at = recorder.frames();
            left = recorder.sound().left;
            const auto first =
                std::find_if(left.begin(), left.end(), [](float x) { return x != 0.0f; });
            left.erase(left.begin(), first);
            return left.size() >= kRate;
        },
        std::chrono::seconds(12));
    return heard ? left : Samples{};
}

TEST_SUITE_BEGIN("jack");

TEST_CASE("run: a killed jackd is survived, its connections restored, the sound ramps up") {
    const ScratchFolder home;
    std::filesystem::create_directory(home / "tracks");
    write_sine(home / "tracks/1.wav");
    write_text(
        home / "desk.toml",
        "[desk]\nchannels = 4\n[audio]\nbackend = \"jack\"\njack_server = \"mixrig-desk\"\n");
    Jackd jackd(home.path(), 128);
    auto recorder = std::make_unique<JackRecorder>(30 * kRate);
    Daemon desk(
        {"-c", (home / "desk.toml").string(), "--play", (home / "tracks").string(), "--no-state"},
        home.path());
    OscPeer me(desk.port());
    me.send({"/ch/1/pan", {-1.0f}});
    me.send({"/ch/2/fader", {-7.25f}});
    REQUIRE_MESSAGE(recorder->connect("mixrig:main-L", "mixrig:main-R"), desk.log());
    std::this_thread::sleep_for(
        Milliseconds(600));  // the desk looks at its connections twice a second
    int forgotten = 0;
    for (int round = 0; round < 2; ++round) {
        CAPTURE(round);
        const std::size_t before = desk.log().rfind("audio has stopped");
        jackd.kill();
        CHECK(poll_until([&] { return desk.log().rfind("audio has stopped") != before; },
                         std::chrono::seconds(10)));
        recorder.reset();
        CHECK(me.get("/ch/2/fader").number() == -7.25f);
        jackd.start();
        recorder = std::make_unique<JackRecorder>(30 * kRate);  // connects nothing itself
        const auto back = std::chrono::steady_clock::now();
        CHECK_MESSAGE(poll_until([&] { return recorder->source() == "mixrig:main-L"; },
                                 std::chrono::seconds(10)),
                      desk.log());
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - back;
        const Samples left = from_first_sound(*recorder);
        // On a starved machine JACK sometimes ceases to call a new client: the recorder, not the
        // desk. Then there is nothing to judge, and the round is played once more.
        if (left.empty() && recorder->frames() < 10 * kRate && ++forgotten < 4) {
            MESSAGE("JACK forgot the recorder after " << recorder->frames() << " frames");
            --round;
            continue;
        }
        REQUIRE_MESSAGE(!left.empty(), desk.log());
        MESSAGE("connected again after " << passed.count() << " s; peak in the first 20 ms "
                                         << peak(left, 0, kRate / 50) << ", at 250 ms "
                                         << peak(left, kRate / 4, kRate / 50) << ", at 700 ms "
                                         << peak(left, kRate * 7 / 10, kRate / 50));
        // The ramp lasts 500 ms. The recorder may join some milliseconds after its start.
        CHECK(peak(left, 0, kRate / 50) < 0.25f * kAmplitude);
        CHECK(peak(left, kRate / 4, kRate / 50) < 0.98f * kAmplitude);
        CHECK(std::fabs(peak(left, kRate * 7 / 10, kRate / 50) - kAmplitude) < 0.01f);
        CHECK(me.get("/ch/1/pan").number() == -1.0f);
        CHECK(me.get("/ch/2/fader").number() == -7.25f);
        std::this_thread::sleep_for(Milliseconds(600));
    }
    CHECK(desk.program().end(SIGTERM) == 0);
}

TEST_SUITE_END();

}  // namespace jack_death_test
}  // namespace mixrig::tests
