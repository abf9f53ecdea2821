// The JACK backend against a real server. Runs in a private /dev/shm: see private_jack.sh.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/backend/jack_session.h"
#include "tests/src/backend/child.h"
#include "tests/src/backend/probe.h"

#include <doctest/doctest.h>
#include <jack/jack.h>

#include <cstdlib>
#include <cstring>
#include <set>

namespace mixrig::backend::test {

namespace {

constexpr const char* kServer = "mixrig-test";

class Jackd {
public:
    Jackd() { start(48000); }
    void start(int rate) {
        setenv("JACK_NO_AUDIO_RESERVATION", "1", 1);
        server_ = std::make_unique<Child>(
            std::vector<std::string>{"jackd", "-r", "-p", "64", "-n", kServer, "-d", "dummy", "-r",
                                     std::to_string(rate), "-p", "128", "-C", "4", "-P", "4"});
    }
    void end(int signal) { server_->end(signal); }
    void send(int signal) { server_->send(signal); }

private:
    std::unique_ptr<Child> server_;
};

// What another program sees of the graph.
class Onlooker {
public:
    Onlooker() {
        const auto options = static_cast<jack_options_t>(JackNoStartServer | JackServerName);
        client_ = jack_client_open("onlooker", options, nullptr, kServer);
        REQUIRE(client_ != nullptr);
    }
    ~Onlooker() { jack_client_close(client_); }
    Onlooker(const Onlooker&) = delete;
    Onlooker& operator=(const Onlooker&) = delete;

    bool exists(const std::string& port) const {
        return jack_port_by_name(client_, port.c_str()) != nullptr;
    }
    std::set<std::string> connections(const std::string& port) const {
        std::set<std::string> names;
        jack_port_t* found = jack_port_by_name(client_, port.c_str());
        if (found == nullptr) return names;
        const char** list = jack_port_get_all_connections(client_, found);
        for (const char** name = list; name != nullptr && *name != nullptr; ++name)
            names.insert(*name);
        if (list != nullptr) jack_free(static_cast<void*>(list));
        return names;
    }
    unsigned latency(const std::string& port, jack_latency_callback_mode_t mode) const {
        jack_latency_range_t range{};
        jack_port_get_latency_range(jack_port_by_name(client_, port.c_str()), mode, &range);
        return range.max;
    }
    jack_client_t* client() const { return client_; }

private:
    jack_client_t* client_ = nullptr;
};

struct Desk {
    explicit Desk(BackendConfig given = config()) : backend(make(std::move(given))) {
        // jackd takes a moment to start; poll() finds it.
        (void)backend->start(probe, listener);
        backend->resume();
        REQUIRE(until([&] { return backend->running() && probe.blocks > 5; }, 10'000));
        if (listener.rate != 0) backend->resume();
    }
    static BackendConfig config() {
        BackendConfig config = small_config(2, 3);
        config.jack_server = kServer;
        config.ports.inputs[0].name = "ch-1 Kick";
        config.ports.inputs[1].name = "ch-2 Snare";
        config.ports.outputs[0].name = "main-L";
        config.ports.outputs[1].name = "main-R";
        config.ports.outputs[2] = {.name = "aux-1", .device_channel = 0};
        return config;
    }
    static std::unique_ptr<Backend> make(BackendConfig given) {
        auto made = make_backend("jack", std::move(given));
        REQUIRE(made);
        return std::move(made).value();
    }
    bool until(const std::function<bool()>& condition, int limit_ms = 3000) {
        return poll_until(*backend, condition, limit_ms);
    }

    Probe probe{2, 3};
    Listener listener;
    std::unique_ptr<Backend> backend;
};

}  // namespace

TEST_SUITE_BEGIN("jack");

TEST_CASE("jack: without a server the error says so, and auto goes on to cards and null") {
    CHECK_FALSE(jack_server_runs(kServer));
    auto backend = Desk::make(Desk::config());
    Probe probe(2, 3);
    Listener listener;
    const auto info = backend->start(probe, listener);
    REQUIRE_FALSE(info);
    CHECK(info.error().text().find("no server is running") != std::string::npos);
    CHECK_FALSE(backend->running());

    setenv("PULSE_SERVER", "unix:/nowhere", 1);
    BackendConfig config = Desk::config();
    config.api = "pulse";
    const auto found = make_backend("auto", config);
    REQUIRE(found);
    const auto found_info = (*found)->start(probe, listener);
    REQUIRE(found_info);
    CHECK(found_info->backend == "null");
}

TEST_CASE("jack: ports are named after strips and connected to the card") {
    Jackd jackd;
    Desk desk;
    const StreamInfo info = desk.backend->info();
    MESSAGE(info.device << ", " << info.realtime);
    CHECK(info.backend == "jack");
    CHECK(info.rate == 48000);
    CHECK(info.block == 128);
    CHECK_FALSE(info.realtime.empty());
    const Onlooker onlooker;
    for (const char* name : {"mixrig:ch-1 Kick", "mixrig:ch-2 Snare", "mixrig:main-L",
                             "mixrig:main-R", "mixrig:aux-1"}) {
        CAPTURE(name);
        CHECK(onlooker.exists(name));
    }
    CHECK(onlooker.connections("mixrig:ch-1 Kick") == std::set<std::string>{"system:capture_1"});
    CHECK(onlooker.connections("mixrig:main-R") == std::set<std::string>{"system:playback_2"});
    CHECK(onlooker.connections("mixrig:aux-1").empty());
    CHECK(desk.probe.flushed);

    Ports renamed = Desk::config().ports;
    renamed.inputs[0].name = "ch-2 Snare";  // swapped
    renamed.inputs[1].name = "ch-1 Kick";
    renamed.outputs[2].name = "aux-1: Singer";
    desk.backend->rename(renamed);
    CHECK(desk.until([&] { return onlooker.exists("mixrig:aux-1- Singer"); }));
    CHECK(onlooker.connections("mixrig:ch-2 Snare") == std::set<std::string>{"system:capture_1"});
    CHECK(onlooker.connections("mixrig:ch-1 Kick") == std::set<std::string>{"system:capture_2"});

    auto found = make_backend("auto", Desk::config());
    REQUIRE(found);
    Probe second(2, 3);
    Listener second_listener;
    const auto second_info = (*found)->start(second, second_listener);
    REQUIRE(second_info);
    CHECK(second_info->backend == "jack");
    CHECK(second_info->device != info.device);  // a second client got another name
}

TEST_CASE("jack: audio passes from an output to an input") {
    Jackd jackd;
    Desk desk;
    const Onlooker onlooker;
    desk.probe.constant = 0.375f;
    CHECK(jack_connect(onlooker.client(), "mixrig:aux-1", "mixrig:ch-1 Kick") == 0);
    CHECK(desk.until([&] { return desk.probe.input_peak == 0.375f; }));
    CHECK(jack_disconnect(onlooker.client(), "mixrig:aux-1", "mixrig:ch-1 Kick") == 0);
    CHECK(desk.until([&] { return desk.probe.input_peak == 0.0f; }));
}

TEST_CASE("jack: a change of the buffer size is followed and reported, without a stop") {
    Jackd jackd;
    Desk desk;
    const Onlooker onlooker;
    news_of_backend = 0;
    for (const jack_nframes_t frames : {256u, 64u, 1024u, 128u}) {
        CAPTURE(frames);
        CHECK(jack_set_buffer_size(onlooker.client(), frames) == 0);
        CHECK(desk.until(
            [&] { return desk.probe.last_frames == frames && desk.listener.block == frames; }));
    }
    CHECK(desk.listener.stops == 0);
    CHECK_FALSE(desk.probe.overlapped);
    CHECK(news_of_backend == 0);
}

TEST_CASE("jack: the latency of the engine is added to that of the card") {
    Jackd jackd;
    Desk desk;
    const Onlooker onlooker;
    desk.until([&] { return onlooker.latency("mixrig:ch-1 Kick", JackCaptureLatency) > 0; });
    const unsigned in = onlooker.latency("mixrig:ch-1 Kick", JackCaptureLatency);
    const unsigned out = onlooker.latency("mixrig:main-L", JackPlaybackLatency);
    CHECK(in > 0);
    desk.backend->set_latency(0, 77);
    CHECK(desk.until(
        [&] { return onlooker.latency("mixrig:main-L", JackCaptureLatency) == in + 77; }));
    CHECK(onlooker.latency("mixrig:main-R", JackCaptureLatency) == in);
    CHECK(onlooker.latency("mixrig:ch-1 Kick", JackPlaybackLatency) == out + 77);
}

TEST_CASE("jack: freewheeling runs much faster than time, and comes back") {
    Jackd jackd;
    Desk desk;
    const Onlooker onlooker;
    const auto begin = std::chrono::steady_clock::now();
    const std::uint64_t first = desk.probe.total_frames;
    CHECK(jack_set_freewheel(onlooker.client(), 1) == 0);
    CHECK(desk.until([&] { return desk.probe.total_frames > first + 10 * 48'000; }));
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    CHECK(seconds.count() < 3.0);
    MESSAGE("10 s of audio in " << seconds.count() << " s");
    CHECK(jack_set_freewheel(onlooker.client(), 0) == 0);
    CHECK(desk.until([&] { return desk.listener.messages.size() >= 2; }));
    const std::uint64_t back = desk.probe.blocks;
    CHECK(desk.until([&] { return desk.probe.blocks > back + 10; }));
    CHECK(desk.probe.flushed);
    CHECK(desk.listener.stops == 0);
}

TEST_CASE("jack: after the server died, audio and connections are back within two seconds") {
    Jackd jackd;
    Desk desk;
    desk.probe.constant = 0.5f;
    {
        const Onlooker onlooker;
        CHECK(jack_connect(onlooker.client(), "mixrig:aux-1", "mixrig:ch-2 Snare") == 0);
        CHECK(jack_connect(onlooker.client(), "mixrig:aux-1", "system:playback_4") == 0);
        CHECK(jack_disconnect(onlooker.client(), "mixrig:main-R", "system:playback_2") == 0);
        const auto later = std::chrono::steady_clock::now() + std::chrono::milliseconds(2500);
        desk.until([&] { return std::chrono::steady_clock::now() > later; });
    }
    int round = 0;
    for (const int signal : {SIGKILL, SIGTERM, SIGKILL}) {
        CAPTURE(signal);
        ++round;
        jackd.end(signal);
        CHECK(desk.until([&] { return desk.listener.stops == round; }, 2000));
        CHECK_FALSE(desk.backend->running());
        const std::uint64_t lost = desk.probe.blocks;
        jackd.start(48000);
        const auto begin = std::chrono::steady_clock::now();
        CHECK(desk.until([&] { return desk.listener.starts >= round && desk.probe.blocks > lost; },
                         5000));
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
        MESSAGE("back after " << seconds.count() << " s");
        const Onlooker onlooker;
        CHECK(desk.until([&] {
            return onlooker.connections("mixrig:aux-1") ==
                   std::set<std::string>{"mixrig:ch-2 Snare", "system:playback_4"};
        }));
        CHECK(onlooker.connections("mixrig:ch-1 Kick") ==
              std::set<std::string>{"system:capture_1"});
        CHECK(onlooker.connections("mixrig:main-L") == std::set<std::string>{"system:playback_1"});
        CHECK(onlooker.connections("mixrig:main-R").empty());  // taken away by the user
    }
    CHECK(desk.backend->counters().reconnections == 3);
    CHECK_FALSE(desk.probe.overlapped);
}

TEST_CASE("jack: the connections of a program that restarts are made again") {
    Jackd jackd;
    Desk desk;
    const Onlooker onlooker;
    const auto make_synth = [] {
        jack_client_t* synth = jack_client_open(
            "synth", static_cast<jack_options_t>(JackNoStartServer | JackServerName), nullptr,
            kServer);
        REQUIRE(synth != nullptr);
        jack_port_register(synth, "out", JACK_DEFAULT_AUDIO_TYPE, JackPortIsOutput, 0);
        jack_activate(synth);
        return synth;
    };
    jack_client_t* synth = make_synth();
    CHECK(jack_connect(synth, "synth:out", "mixrig:ch-2 Snare") == 0);
    const auto connected = [&] {
        return onlooker.connections("mixrig:ch-2 Snare").count("synth:out") == 1;
    };
    CHECK(desk.until(connected));
    const auto a_second = [&] {
        const auto later = std::chrono::steady_clock::now() + std::chrono::milliseconds(1200);
        desk.until([&] { return std::chrono::steady_clock::now() > later; });
    };
    a_second();
    jack_client_close(synth);
    CHECK(desk.until([&] { return !connected(); }));
    a_second();
    synth = make_synth();
    CHECK(desk.until(connected));
    jack_client_close(synth);
}

TEST_CASE("jack: a server that returns at another rate waits for an engine of that rate") {
    Jackd jackd;
    Desk desk;
    jackd.end(SIGKILL);
    CHECK(desk.until([&] { return desk.listener.stops == 1; }));
    const std::uint64_t lost = desk.probe.blocks;
    jackd.start(96000);
    CHECK(desk.until([&] { return desk.listener.rate == 96000; }, 5000));
    CHECK(desk.probe.blocks == lost);
    desk.backend->resume();
    CHECK(desk.until([&] { return desk.probe.blocks > lost; }));
    CHECK(desk.backend->info().rate == 96000);
}

TEST_CASE("jack: a frozen server neither hangs the control thread nor the end") {
    Jackd jackd;
    Desk desk;
    jackd.send(SIGSTOP);
    CHECK(desk.until([&] { return !desk.listener.messages.empty(); }, 4000));
    auto begin = std::chrono::steady_clock::now();
    for (int polls = 0; polls < 20; ++polls) desk.backend->poll();
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::milliseconds(500));
    jackd.send(SIGCONT);
    CHECK(desk.until([&] { return desk.listener.messages.size() >= 2; }, 4000));
    const std::uint64_t back = desk.probe.blocks;
    CHECK(desk.until([&] { return desk.probe.blocks > back + 10; }, 4000));
    jackd.send(SIGSTOP);
    begin = std::chrono::steady_clock::now();
    desk.backend->stop();
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
    jackd.send(SIGCONT);
}

TEST_SUITE_END();

}  // namespace mixrig::backend::test
