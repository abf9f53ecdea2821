// The fake device: every command, through its control port.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/backend/probe.h"

#include <doctest/doctest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mixrig::backend::test {

namespace {

class Remote {
public:
    explicit Remote(unsigned port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
        const timeval limit{.tv_sec = 5, .tv_usec = 0};
        setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    }
    ~Remote() { close(socket_); }
    Remote(const Remote&) = delete;
    Remote& operator=(const Remote&) = delete;

    std::string ask(const std::string& line) {
        const std::string sent = line + "\n";
        REQUIRE(send(socket_, sent.data(), sent.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(sent.size()));
        std::string reply;
        for (char c = 0; recv(socket_, &c, 1, 0) == 1 && c != '\n';) reply += c;
        return reply;
    }

private:
    int socket_;
};

// A fake device with two inputs and two outputs, running.
struct Desk {
    Desk() {
        const auto info = backend->start(probe, listener);
        REQUIRE(info);
        const std::string& device = info->device;
        remote = std::make_unique<Remote>(
            static_cast<unsigned>(std::stoul(device.substr(device.rfind(' ') + 1))));
        backend->resume();
        REQUIRE(until([&] { return probe.blocks > 0; }));
    }
    bool until(const std::function<bool()>& condition, int limit_ms = 3000) {
        return poll_until(*backend, condition, limit_ms);
    }

    Probe probe{2, 2};
    Listener listener;
    std::unique_ptr<Backend> backend = make_backend("fake:0", small_config(2, 2)).value();
    std::unique_ptr<Remote> remote;
};

}  // namespace

TEST_CASE("fake: sine gives its level at the input, peaks shows it at the output") {
    Desk desk;
    CHECK(desk.remote->ask("sine 1 1000 -6") == "ok");
    CHECK(desk.until([&] { return std::fabs(desk.probe.input_peak - 0.5012f) < 0.01f; }));
    desk.remote->ask("peaks");
    const std::uint64_t blocks = desk.probe.blocks;
    CHECK(desk.until([&] { return desk.probe.blocks > blocks + 20; }));
    const std::string peaks = desk.remote->ask("peaks");
    CHECK(peaks.substr(0, 6) == "ok 0.5");
    CHECK(peaks.find(" 0.000000") != std::string::npos);
    CHECK(desk.remote->ask("sine 1 1000 off") == "ok");
    CHECK(desk.until([&] { return desk.probe.input_peak == 0.0f; }));
}

TEST_CASE("fake: inject puts each evil signal into one input for so many frames") {
    Desk desk;
    CHECK(desk.remote->ask("inject nan 1 300") == "ok");
    CHECK(desk.until([&] { return desk.probe.not_finite == 300; }));
    CHECK(desk.remote->ask("inject inf 1 100") == "ok");
    CHECK(desk.until([&] { return desk.probe.not_finite == 400; }));
    CHECK(desk.remote->ask("counters").find(" nonfinite=400 ") != std::string::npos);
    const auto long_enough = " 1 100000000";
    CHECK(desk.remote->ask(std::string("inject dc") + long_enough) == "ok");
    CHECK(desk.until([&] { return desk.probe.input_peak == 1.0f; }));
    CHECK(desk.remote->ask(std::string("inject big") + long_enough) == "ok");
    CHECK(desk.until([&] { return desk.probe.input_peak == 1e38f; }));
    CHECK(desk.remote->ask(std::string("inject subnormal") + long_enough) == "ok");
    // Read with subnormals flushed, it compares as zero; the bits are in the memory all the same.
    CHECK(desk.until([&] { return desk.probe.input_peak < 1e-38f; }));
    CHECK(desk.remote->ask("inject dc 2 1") == "ok");
}

TEST_CASE("fake: block changes the frames of each call") {
    Desk desk;
    for (const std::size_t block : {16u, 1024u, 1u, 480u}) {
        CHECK(desk.remote->ask("block " + std::to_string(block)) == "ok");
        CHECK(desk.until(
            [&] { return desk.probe.last_frames == block && desk.listener.block == block; }));
    }
    CHECK(desk.backend->info().block == 480);
}

TEST_CASE("fake: a change of rate holds the engine at once, until it is resumed") {
    Desk desk;
    CHECK(desk.remote->ask("rate 44100") == "ok");
    const std::uint64_t held = desk.probe.blocks;
    CHECK(desk.until([&] { return desk.listener.rate == 44100; }));
    const std::uint64_t counted = desk.backend->counters().blocks;
    CHECK(desk.until([&] { return desk.backend->counters().blocks > counted + 10; }));
    CHECK(desk.probe.blocks == held);
    desk.backend->resume();
    CHECK(desk.until([&] { return desk.probe.blocks > held; }));
    CHECK(desk.remote->ask("counters").find(" rate=44100 ") != std::string::npos);
}

TEST_CASE("fake: vanish stops the stream, return brings it back") {
    Desk desk;
    CHECK(desk.remote->ask("vanish") == "ok");
    CHECK(desk.until([&] { return desk.listener.stops == 1; }));
    CHECK(desk.listener.last_reason.find("vanished") != std::string::npos);
    CHECK_FALSE(desk.backend->running());
    const std::uint64_t lost = desk.probe.blocks;
    const auto later = std::chrono::steady_clock::now() + std::chrono::milliseconds(600);
    CHECK(desk.until([&] { return std::chrono::steady_clock::now() > later; }));
    CHECK(desk.probe.blocks == lost);
    CHECK(desk.listener.starts == 0);
    CHECK(desk.remote->ask("return") == "ok");
    CHECK(desk.until([&] { return desk.listener.starts == 1 && desk.probe.blocks > lost; }));
    CHECK(desk.backend->counters().reconnections == 1);
}

TEST_CASE("fake: a device that returns at another rate waits for an engine of that rate") {
    Desk desk;
    CHECK(desk.remote->ask("vanish") == "ok");
    CHECK(desk.until([&] { return desk.listener.stops == 1; }));
    const std::uint64_t lost = desk.probe.blocks;
    CHECK(desk.remote->ask("rate 96000") == "ok");
    CHECK(desk.remote->ask("return") == "ok");
    CHECK(desk.until([&] { return desk.listener.rate == 96000; }));
    CHECK(desk.listener.starts == 1);
    CHECK(desk.probe.blocks == lost);
    desk.backend->resume();
    CHECK(desk.until([&] { return desk.probe.blocks > lost; }));
}

TEST_CASE("fake: a storm is cut off and the device opened again") {
    Desk desk;
    CHECK(desk.remote->ask("storm") == "ok");
    CHECK(desk.until([&] { return desk.listener.stops == 1; }));
    CHECK(desk.until([&] { return desk.listener.starts == 1; }));
    CHECK(desk.backend->counters().storms == 1);
    const std::uint64_t back = desk.probe.blocks;
    CHECK(desk.until([&] { return desk.probe.blocks > back + 10; }));
}

TEST_CASE("fake: a stall loses time and counts an xrun; a small delay is caught up with") {
    Desk desk;
    const int xruns = desk.probe.xruns;
    CHECK(desk.remote->ask("stall 150") == "ok");
    CHECK(desk.until([&] { return desk.probe.xruns > xruns; }));
    CHECK(desk.backend->counters().xruns >= static_cast<std::uint64_t>(xruns) + 1);

    const std::uint64_t before = desk.probe.blocks;
    CHECK(desk.remote->ask("late 20") == "ok");
    CHECK(desk.until([&] { return desk.probe.blocks > before + 50; }));
    const int still = desk.probe.xruns;
    CHECK(desk.remote->ask("late 300") == "ok");
    CHECK(desk.until([&] { return desk.probe.xruns > still; }));
    CHECK(desk.listener.stops == 0);
}

TEST_CASE("fake: what it does not understand is answered with error") {
    Desk desk;
    for (const char* line :
         {"", "explode", "stall", "stall -1", "rate 7", "block 0", "block 9000", "inject nan 3 1",
          "inject warm 1 1", "sine 0 100 -6", "sine 1 100 loud", "vanish now"}) {
        CAPTURE(line);
        CHECK(desk.remote->ask(line).substr(0, 6) == "error ");
    }
    CHECK(desk.remote->ask("counters").substr(0, 10) == "ok blocks=");
    CHECK_FALSE(desk.probe.overlapped);
    CHECK(desk.probe.flushed);
}

TEST_CASE("fake: the device's thread allocates nothing, whatever it is told") {
    Desk desk;
    news_of_backend = 0;
    for (const char* line : {"sine 1 1000 -6", "inject nan 2 500", "block 64", "late 5", "stall 20",
                             "rate 44100", "vanish", "return"}) {
        CAPTURE(line);
        CHECK(desk.remote->ask(line) == "ok");
    }
    const std::uint64_t blocks = desk.backend->counters().blocks;
    CHECK(desk.until([&] { return desk.backend->counters().blocks > blocks + 20; }));
    CHECK(news_of_backend == 0);
}

}  // namespace mixrig::backend::test
