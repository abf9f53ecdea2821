// Transport and automation of a running desk: a pass of hands, and the same sound from its lanes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/sound_file_reader.h"
#include "src/disk/sound_file_writer.h"
#include "tests/desk/osc_peer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <random>
#include <thread>

namespace mixrig::tests {

namespace automation_test {

using std::chrono::seconds;

constexpr std::size_t kRate = 48000;
constexpr std::size_t kTape = 6 * kRate;  // frames of the recording that plays

float sample(std::size_t frame) {
    std::minstd_rand random(static_cast<unsigned>(frame) + 1);
    random.discard(3);
    return std::uniform_real_distribution<float>(0.1f, 0.3f)(random) *
           (frame % 2 == 0 ? 1.0f : -1.0f);
}

// A desk of two channels whose tape is noise, recorded at the input of channel 1 and behind main.
class Studio {
public:
    Studio() {
        std::vector<float> noise(kTape);
        for (std::size_t n = 0; n < kTape; ++n) noise[n] = sample(n);
        std::filesystem::create_directories(home_ / "takes/tape");
        REQUIRE(disk::write_whole(home_ / "takes/tape/01.wav",
                                  {.rate = {48000.0}, .tracks = {std::move(noise)}},
                                  {disk::Container::wav, disk::Coding::float32}));
        write_text(home_ / "desk.toml",
                   "[desk]\nchannels = 2\n[recording]\nfolder = \"takes\"\nformat = \"32f\"\n"
                   "lookback_s = 1.0\n");
    }

    Words options() const {
        return {"-c", (home_ / "desk.toml").string(), "--backend", "null", "--block", "128"};
    }
    const std::filesystem::path& home() const { return home_.path(); }

private:
    ScratchFolder home_;
};

std::string state(OscPeer& peer) {
    return peer.get("/transport/state").text();
}

void act(OscPeer& peer, const Message& message) {
    peer.send(message);
    REQUIRE_MESSAGE(peer.wait(message.address), say(message));
}

void stop(OscPeer& peer) {
    act(peer, {"/transport/stop", {}});
    REQUIRE(poll_until([&] { return state(peer) == "stopped"; }, seconds(5)));
}

// From the first frame of the tape on, which is frame 0 of the song: input and main.
struct Heard {
    std::vector<float> in = {}, main = {};
};

class Pass {
public:
    Pass(const Studio& studio, OscPeer& peer) : takes_(studio.home() / "takes"), peer_(peer) {
        act(peer_, {"/transport/locate", {0.0f}});
        act(peer_, {"/record/start", {}});
        act(peer_, {"/transport/play", {}});
        REQUIRE(poll_until([&] { return state(peer_) == "rolling"; }, seconds(5)));
    }

    Heard end() {
        stop(peer_);
        act(peer_, {"/record/stop", {}});
        REQUIRE(
            poll_until([&] { return peer_.get("/record/state").text() == "off"; }, seconds(10)));
        const auto folder = takes_ / peer_.get("/record/folder").text();
        const auto in = disk::read_whole(folder / "01.wav"),
                   main = disk::read_whole(folder / "main.wav");
        REQUIRE_MESSAGE(in, folder.string());
        REQUIRE(main);
        const auto sound = [](float x) { return x != 0.0f; };
        const auto& track = in->tracks[0];
        const auto at = std::find_if(track.begin(), track.end(), sound) - track.begin();
        return {{track.begin() + at, track.end()},
                {main->tracks[0].begin() + at, main->tracks[0].end()}};
    }

private:
    std::filesystem::path takes_;
    OscPeer& peer_;
};

// The tape is silent in its first frame or so while it fades in.
void check_tape(const std::vector<float>& in, std::size_t from, std::size_t frames) {
    std::size_t wrong = 0;
    for (std::size_t n = 0; n < frames; ++n) wrong += in[from + n] != sample(from + n);
    CHECK(wrong == 0);
}

void load_tape(OscPeer& peer) {
    act(peer, {"/soundcheck/load", {std::string("tape")}});
    REQUIRE(poll_until([&] { return peer.get("/transport/length").number() == 6.0f; }, seconds(5)));
    peer.send({"/soundcheck", {true}});
    REQUIRE(poll_until([&] { return state(peer) == "rolling"; }, seconds(5)));
    stop(peer);
    peer.send({"/ch/1/record", {std::string("in")}});
    peer.send({"/main/record", {std::string("post")}});
    REQUIRE(poll_until([&] { return peer.get("/record/lookback").number() > 0.2f; }, seconds(5)));
}

TEST_SUITE_BEGIN("automation");

TEST_CASE("automation: what hands did is heard again from the lanes, sample by sample") {
    const Studio studio;
    Daemon desk(studio.options(), studio.home());
    OscPeer peer(desk.port());
    load_tape(peer);
    peer.send({"/ch/1/eq/on", {true}});
    for (const char* strip : {"/ch/1", "/main"})
        peer.send({std::string(strip) + "/automation/mode", {std::string("latch")}});
    std::mt19937 random(5);
    std::uniform_real_distribution<float> level(-20.0f, 5.0f), side(-1.0f, 1.0f);
    Pass by_hand(studio, peer);
    for (int i = 0; i < 40; ++i) {
        switch (random() % 4) {
            case 0:
                peer.send({"/ch/1/pan", {side(random)}});
                break;
            case 1:
                peer.send({"/ch/1/eq/2/gain", {level(random)}});
                break;
            case 2:
                peer.send({"/main/fader", {level(random)}});
                break;
            default:
                peer.send({"/ch/1/fader", {level(random)}});
        }
        std::this_thread::sleep_for(Milliseconds(random() % 60));
    }
    std::this_thread::sleep_for(Milliseconds(200));
    const Heard first = by_hand.end();
    for (const char* strip : {"/ch/1", "/main"})
        peer.send({std::string(strip) + "/automation/mode", {std::string("read")}});
    // Other values: the lanes know better.
    peer.send({"/ch/1/fader", {-60.0f}});
    peer.send({"/ch/1/pan", {0.7f}});
    // Lanes are sent 50 ms ahead. A machine that stalls for longer makes a move late, but not the
    // same one three times.
    bool same = false;
    for (int pass = 0; pass < 3 && !same; ++pass) {
        act(peer, {"/transport/locate", {0.0f}});
        std::this_thread::sleep_for(Milliseconds(100));
        Pass by_lane(studio, peer);
        std::this_thread::sleep_for(Milliseconds(1800));
        const Heard second = by_lane.end();
        // Up to where the one that was stopped first begins to fade.
        const std::size_t frames = std::min(first.in.size(), second.in.size()) - 2 * kRate / 10;
        const std::size_t rolled = std::min<std::size_t>(frames, 13 * kRate / 10);
        REQUIRE(rolled > kRate);
        check_tape(first.in, 1000, rolled - 1000);
        const auto differs = std::mismatch(first.main.begin(),
                                           first.main.begin() + static_cast<std::ptrdiff_t>(rolled),
                                           second.main.begin());
        same = differs.first - first.main.begin() == static_cast<std::ptrdiff_t>(rolled);
        if (!same)
            MESSAGE("pass ", pass, " differs from frame ", differs.first - first.main.begin());
    }
    CHECK(same);
    CHECK(desk.program().end(SIGTERM) == 0);
}

TEST_CASE("automation: what is touched returns, is there after a restart, and can be undone") {
    const Studio studio;
    {
        Daemon desk(studio.options(), studio.home());
        OscPeer peer(desk.port());
        const auto fader = [&] { return peer.get("/ch/2/fader").number(); };
        peer.send({"/ch/2/automation/mode", {std::string("touch")}});
        peer.send({"/automation/release", {100.0f}});
        peer.send({"/automation/return", {100.0f}});
        act(peer, {"/marker/add", {std::string("Bridge"), 0.5f}});
        act(peer, {"/transport/play", {}});
        REQUIRE(poll_until([&] { return state(peer) == "rolling"; }, seconds(5)));
        peer.send({"/ch/2/fader", {-12.0f}});
        CHECK(fader() == -12.0f);
        CHECK(poll_until([&] { return fader() == 0.0f; }, seconds(5)));
        {
            OscPeer hand(desk.port(), Wire::sized);
            hand.send({"/touch", {std::string("/ch/2/fader"), 1}});
            hand.send({"/ch/2/fader", {-24.0f}});
            REQUIRE(poll_until([&] { return fader() == -24.0f; }, seconds(5)));
            std::this_thread::sleep_for(Milliseconds(300));
            CHECK(fader() == -24.0f);  // rests
        }
        // Whoever is gone has let go.
        CHECK(poll_until([&] { return fader() == 0.0f; }, seconds(5)));
        stop(peer);
        act(peer, {"/marker/go", {std::string("Bridge")}});
        CHECK(poll_until([&] { return peer.get("/transport/position").number() == 0.5f; },
                         seconds(5)));
        const auto kept = studio.home() / "state/mixrig/desk.auto";
        REQUIRE(poll_until([&] { return read_text(kept).find("-12 dB") != std::string::npos; },
                           seconds(5)));
        CHECK(desk.program().end(SIGKILL) == -SIGKILL);
    }
    Daemon desk(studio.options(), studio.home());
    OscPeer peer(desk.port());
    peer.send({"/automation/list", {}});
    const auto lane = peer.wait("/automation/list");
    REQUIRE(lane);
    CHECK(lane->text() == "/ch/2/fader");
    act(peer, {"/automation/save", {std::string("one")}});
    act(peer, {"/automation/clear", {}});
    act(peer, {"/undo", {}});
    peer.send({"/automation/list", {}});
    const auto back = peer.wait("/automation/list/end");
    REQUIRE(back);
    CHECK(back->number() == 1.0f);
    act(peer, {"/automation/load", {std::string("one")}});
    peer.send({"/automation/load", {std::string("two")}});
    const auto error = peer.wait("/error");
    REQUIRE(error);
    CHECK(error->text(1).find("no automation of the name `two`") != std::string::npos);
    peer.send({"/transport/locate", {-1.0f}});
    CHECK(peer.wait("/error"));
    CHECK(desk.program().end(SIGTERM) == 0);
}

TEST_CASE("transport: a loop of the tape is all there but for its seam") {
    const Studio studio;
    Daemon desk(studio.options(), studio.home());
    OscPeer peer(desk.port());
    load_tape(peer);
    peer.send({"/transport/loop/start", {0.25f}});
    peer.send({"/transport/loop/end", {0.5f}});
    peer.send({"/transport/loop", {true}});
    Pass pass(studio, peer);
    std::this_thread::sleep_for(Milliseconds(900));
    const Heard heard = pass.end();
    REQUIRE(heard.in.size() > 7 * kRate / 10);
    std::size_t wrong = 0;
    const auto seam = [](std::size_t n) { return n % (kRate / 4) >= kRate / 4 - kRate / 200; };
    for (std::size_t n = 1000; n < 7 * kRate / 10; ++n)
        if (n < kRate / 4 || !seam(n))
            wrong += heard.in[n] !=
                     sample(n < kRate / 2 ? n : kRate / 4 + (n - kRate / 2) % (kRate / 4));
    CHECK(wrong == 0);
    CHECK(peer.get("/transport/position").number() < 0.5f);
    CHECK(desk.program().end(SIGTERM) == 0);
}

TEST_SUITE_END();

}  // namespace automation_test
}  // namespace mixrig::tests
