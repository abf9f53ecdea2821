// The server over TCP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_server.h"
#include "control/tcp.h"
#include "src/base/clock.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <ctime>
#include <fcntl.h>
#include <memory>
#include <sys/resource.h>
#include <vector>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::test;

namespace osc_tcp_test {

constexpr Framing kBoth[] = {Framing::size, Framing::slip};

std::vector<OscMessage> ask(ServerRig& rig, TcpPeer& peer, const OscMessage& message) {
    peer.send(message);
    std::vector<OscMessage> got;
    rig.run_until([&] {
        got = peer.take();
        return !got.empty();
    });
    return got;
}

TEST_CASE("osc tcp: both framings are understood and answered in kind") {
    for (const Framing framing : kBoth) {
        ServerRig rig;
        TcpPeer peer(rig.server->port(), framing);
        CHECK(ask(rig, peer, OscMessage{"/ch/1/fader"}) ==
              std::vector<OscMessage>{{"/ch/1/fader", {f(0.0f)}}});
        // A bundle of changes comes back to another peer with bytes that SLIP must escape.
        TcpPeer other(rig.server->port(), framing);
        CHECK(ask(rig, other, {"/subscribe", {s("/ch/*/fader")}}).size() == 5);
        peer.send({"/ch/1/fader", {f(-6.0f)}});  // C0 C0 00 00
        rig.run();
        CHECK(other.take() == std::vector<OscMessage>{{"/ch/1/fader", {f(-6.0f)}}});
    }
}

TEST_CASE("osc tcp: a stream that comes byte by byte, or all at once, is the same") {
    for (const Framing framing : kBoth) {
        ServerRig rig;
        TcpPeer peer(rig.server->port(), framing);
        Packet stream;
        append_frame(stream, encode({"/ch/1/fader", {f(-6.0f)}}), framing);
        append_frame(stream, encode({"/ping"}), framing);
        for (const std::uint8_t byte : stream) {
            CHECK(peer.send_bytes({&byte, 1}));
            rig.run(1);
        }
        rig.run();
        CHECK(peer.take().size() == 1);
        CHECK(rig.number("/ch/1/fader") == -6.0f);
        Packet many;
        for (int n = 0; n < 100; ++n) many.insert(many.end(), stream.begin(), stream.end());
        CHECK(peer.send_bytes(many));
        std::size_t answers = 0;
        CHECK(rig.run_until([&] { return (answers += peer.take().size()) == 100; }));
    }
}

TEST_CASE("osc tcp: impossible sizes end the connection, and nothing else") {
    ServerRig rig;
    TcpPeer good(rig.server->port(), Framing::size);
    for (const Packet& evil : {Packet{0x00, 0x01, 0x00, 0x04}, Packet{0x7F, 0xFF, 0xFF, 0xFF},
                               Packet{0xFF, 0xFF, 0xFF, 0xFF}, Packet(70'000, '/')}) {
        TcpPeer peer(rig.server->port(), Framing::size);
        peer.send_bytes(evil);
        CHECK(rig.run_until([&] { return peer.is_closed(); }));
    }
    CHECK(ask(rig, good, OscMessage{"/ping"}).size() == 1);
}

TEST_CASE("osc tcp: a malformed packet in a good frame is answered") {
    ServerRig rig;
    TcpPeer peer(rig.server->port(), Framing::size);
    CHECK(peer.send_bytes(Packet{0, 0, 0, 4, 'a', 'b', 'c', 0}));
    std::vector<OscMessage> got;
    CHECK(rig.run_until([&] { return !(got = peer.take()).empty(); }));
    CHECK(got[0].address == "/error");
}

TEST_CASE("osc tcp: half a frame and then nothing costs nobody anything") {
    ServerRig rig;
    std::vector<std::unique_ptr<TcpPeer>> halves;
    for (int n = 0; n < 30; ++n) {
        halves.push_back(std::make_unique<TcpPeer>(rig.server->port(), Framing::size));
        CHECK(halves.back()->send_bytes(Packet{0, 0, 0, 16, '/', 'p'}));
    }
    TcpPeer good(rig.server->port(), Framing::slip);
    CHECK(ask(rig, good, OscMessage{"/ping"}).size() == 1);
    halves.clear();
    rig.run();
    CHECK(ask(rig, good, OscMessage{"/ping"}).size() == 1);
}

TEST_CASE("osc tcp: who closes its sending side still gets its answers") {
    ServerRig rig;
    TcpPeer peer(rig.server->port(), Framing::slip);
    for (int n = 0; n < 50; ++n) peer.send(OscMessage{"/ping"});
    peer.end();
    std::size_t answers = 0;
    CHECK(rig.run_until([&] {
        answers += peer.take().size();
        return peer.is_closed();
    }));
    CHECK(answers == 50);
}

TEST_CASE("osc tcp: 64 connections, the next is turned away and may come back") {
    ServerRig rig;
    std::vector<std::unique_ptr<TcpPeer>> peers;
    for (int n = 0; n < 64; ++n) {
        peers.push_back(std::make_unique<TcpPeer>(rig.server->port(), Framing::slip));
        rig.run(1);
    }
    TcpPeer extra(rig.server->port(), Framing::slip);
    rig.run();
    CHECK(extra.is_closed());
    CHECK(rig.server->counters().turned_away == 1);
    for (const auto& peer : peers) CHECK(ask(rig, *peer, OscMessage{"/ping"}).size() == 1);
    peers.pop_back();
    rig.run();
    TcpPeer again(rig.server->port(), Framing::slip);
    CHECK(ask(rig, again, OscMessage{"/ping"}).size() == 1);
}

TEST_CASE("osc tcp: without file descriptors the connections there are go on, and later new ones") {
    ServerRig rig;
    TcpPeer here(rig.server->port(), Framing::slip);
    CHECK(ask(rig, here, OscMessage{"/ping"}).size() == 1);
    TcpPeer waiting(rig.server->port(), Framing::slip);  // connected, not yet accepted
    rlimit old = {};
    getrlimit(RLIMIT_NOFILE, &old);
    const rlimit few{.rlim_cur = 64, .rlim_max = old.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
    std::vector<Socket> all;
    for (int fd = open("/dev/null", O_RDONLY); fd >= 0; fd = open("/dev/null", O_RDONLY))
        all.emplace_back(fd);
    const std::clock_t before = std::clock();
    rig.run_for(100 * kMs);
    const double cpu = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    const auto got = ask(rig, here, OscMessage{"/ping"});
    all.clear();
    setrlimit(RLIMIT_NOFILE, &old);
    CHECK(got.size() == 1);
    CHECK(cpu < 0.05);  // it does not spin
    CHECK(ask(rig, waiting, OscMessage{"/ping"}).size() == 1);
}

TEST_CASE("osc tcp: a peer that never reads loses its meters, then its connection") {
    ServerRig rig({.port = 0}, param::DeskShape::of(64, 8, 8, 4, 4));
    rig.seen.meters.clear();
    for (int n = 1; n <= 64; ++n)
        rig.seen.meters.push_back(
            {"/meters/ch/" + std::to_string(n), std::vector<float>(16, -6.0f)});
    TcpPeer lazy(rig.server->port(), Framing::slip), good(rig.server->port(), Framing::slip);
    CHECK(ask(rig, good, OscMessage{"/ping"}).size() == 1);
    lazy.send({"/subscribe", {i(600)}});
    lazy.send({"/meters", {f(100.0f), i(600)}});
    const std::int64_t start = base::monotonic_ns();
    std::vector<std::int64_t> waits;
    while (rig.server->counters().turned_away == 0 && base::monotonic_ns() - start < 30 * kSecond) {
        const std::int64_t asked = base::monotonic_ns();
        REQUIRE(ask(rig, good, OscMessage{"/ping"}).size() == 1);
        waits.push_back(base::monotonic_ns() - asked);
        // Changes all the while, which the lazy one should have.
        CHECK(rig.desk.set(
            rig.slot("/ch/1/fader"),
            {rig.number("/ch/1/fader") < -50.0f ? 0.0f : rig.number("/ch/1/fader") - 0.5f},
            kDeskItself));
        rig.run_for(20 * kMs);
    }
    CHECK(rig.server->counters().turned_away == 1);
    std::sort(waits.begin(), waits.end());
    const std::int64_t median = waits[waits.size() / 2];
    MESSAGE("turned away after ", static_cast<double>(base::monotonic_ns() - start) * 1e-9,
            " s; answers to the other took ", static_cast<double>(median) * 1e-6, " ms, ",
            static_cast<double>(waits.back()) * 1e-6, " at most");
    CHECK(median < 10 * kMs);  // the longest depends on what else the machine does
}

TEST_CASE(
    "osc tcp: who asks without reading is made to wait, and gets every answer when it reads") {
    ServerRig rig;
    // With little room in the system it is soon that nothing goes out any more.
    TcpPeer peer(rig.server->port(), Framing::size, 64 * 1024);
    Packet one, many;
    append_frame(one, encode(OscMessage{"/ch/1/fader"}), Framing::size);
    for (int n = 0; n < 1000; ++n) many.insert(many.end(), one.begin(), one.end());
    // One long stream of questions, until nothing goes out any more for 200 ms although the server
    // turns: it has stopped reading. How much that takes depends on the buffers of the system.
    constexpr std::size_t kFarTooMuch = 100'000'000;
    std::size_t sent = 0;
    for (std::int64_t moved = base::monotonic_ns();
         sent < kFarTooMuch && base::monotonic_ns() - moved < 200 * kMs; rig.run(2)) {
        const std::size_t size = peer.send_some(Bytes(many).subspan(sent % many.size()));
        if (size > 0) moved = base::monotonic_ns();
        sent += size;
    }
    REQUIRE(sent < kFarTooMuch);
    std::size_t answers = 0;
    // The last question may have gone out in part.
    CHECK(rig.run_until(
        [&] {
            answers += peer.take().size();
            return answers == sent / one.size();
        },
        60 * kSecond));
    CHECK(rig.server->counters().turned_away == 0);
    CHECK_FALSE(peer.is_closed());
}

}  // namespace osc_tcp_test
