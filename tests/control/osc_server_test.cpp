// The server over UDP, spoken to by liblo.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_server.h"

#include "control/osc_client.h"
#include "control/osc_validate.h"
#include "control/osc_value.h"
#include "control/timed_bundles.h"
#include "src/base/clock.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <memory>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::test;

namespace osc_server_test {

std::vector<OscMessage> ask(ServerRig& rig, LoPeer& peer, const OscMessage& message) {
    peer.send(message);
    rig.run();
    return peer.take();
}

// A value that differs from what the row has, as OSC carries it.
OscArg other_value(const param::Layout& layout, param::Slot slot) {
    const param::Row& row = layout.row(slot);
    const float now = layout.initial(slot).number;
    switch (row.type) {
        case param::Type::text:
            return s("Kick 2");
        case param::Type::number:
            return f(now == row.high ? row.low : row.high);
        case param::Type::toggle:
            return i(now == 0.0f ? 1 : 0);
        default:
            return s(layout.format(slot, {now == 0.0f ? layout.high(slot) : 0.0f}));
    }
}

Socket raw_udp(std::uint16_t port) {
    Socket out(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(out.fd(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    return out;
}

void send_raw(const Socket& socket, const Packet& packet) {
    REQUIRE(send(socket.fd(), packet.data(), packet.size(), 0) ==
            static_cast<ssize_t>(packet.size()));
}

TEST_CASE("osc server: every row of the table is set and read back over a socket") {
    ServerRig rig;
    LoPeer peer(rig.server->port());
    std::size_t packets = 0;
    std::vector<OscMessage> expected;
    for (param::Slot slot = 0; slot < rig.layout.size(); ++slot) {
        const std::string address = rig.layout.address(slot);
        const OscArg value = other_value(rig.layout, slot);
        const bool told = rig.layout.row(slot).keep == param::Keep::told;
        if (!told) peer.send({address, {value}});
        peer.send(OscMessage{address});
        packets += told ? 1 : 2;
        const OscArg now = told ? to_arg(rig.layout, slot, rig.layout.initial(slot)) : value;
        expected.push_back({address, {now}});
        // As many as the buffers of any machine hold.
        if (expected.size() < 32 && slot + 1 < rig.layout.size()) continue;
        // A turn of the server works for a bounded time: how many it takes depends on the machine.
        std::vector<OscMessage> got;
        CHECK(rig.run_until([&] {
            for (OscMessage& message : peer.take()) got.push_back(std::move(message));
            return got.size() >= expected.size();
        }));
        CHECK(got == expected);
        expected.clear();
    }
    CHECK(rig.server->counters().packets == packets);
    CHECK(rig.server->counters().dropped == 0);
}

TEST_CASE("osc server: answers come from the port that was spoken to") {
    ServerRig rig;
    const Socket socket = raw_udp(rig.server->port());  // connected: it hears nobody else
    send_raw(socket, encode({"/ping"}));
    rig.run();
    Packet bytes(1500);
    const auto size = recv(socket.fd(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    REQUIRE(size > 0);
    bytes.resize(static_cast<std::size_t>(size));
    CHECK(*decode(bytes) == OscMessage{"/pong", {s("mixrig"), s("1.2.3"), i(rig.server->port())}});
}

TEST_CASE("osc server: a port that is taken is a clear error") {
    ServerRig rig;
    Seen seen;
    Desk desk(rig.layout, {});
    const auto second = OscServer::open({.port = rig.server->port()}, desk, {});
    REQUIRE_FALSE(second);
    CHECK(second.error().text().find("the port is in use") != std::string::npos);
    CHECK(second.error().text().find(std::to_string(rig.server->port())) != std::string::npos);
    CHECK_FALSE(OscServer::open({.port = 0, .listen = {"nowhere"}}, desk, {}));
    CHECK_FALSE(OscServer::open({.port = 0, .listen = {"192.0.2.1"}}, desk, {}));
    CHECK_FALSE(OscServer::open({.port = 0, .allow = {"everyone"}}, desk, {}));
    CHECK_FALSE(OscServer::open({.port = 0, .listen = {}}, desk, {}));
}

TEST_CASE("osc server: listens on several addresses with one port, IPv6 as well") {
    ServerRig rig({.port = 0, .listen = {"127.0.0.1", "127.0.0.2"}});
    LoPeer first(rig.server->port()), second(rig.server->port(), "127.0.0.2");
    CHECK(ask(rig, first, OscMessage{"/ping"}).size() == 1);
    CHECK(ask(rig, second, OscMessage{"/ping"}).size() == 1);
    Desk desk(rig.layout, {});
    if (const auto six = OscServer::open({.port = 0, .listen = {"::1"}}, desk, {}))
        CHECK((*six)->port() != 0);
    else
        MESSAGE("no IPv6 here: ", six.error().text());
}

TEST_CASE("osc server: who is not in the allow list is not heard, nor answered") {
    ServerRig rig({.port = 0, .listen = {"0.0.0.0"}, .allow = {"127.0.0.2", "10.0.0.0/8"}});
    LoPeer peer(rig.server->port());
    CHECK(ask(rig, peer, {"/ch/1/fader", {f(-6.0f)}}).empty());
    CHECK(ask(rig, peer, OscMessage{"/ping"}).empty());
    CHECK(rig.number("/ch/1/fader") == 0.0f);
    CHECK(rig.server->counters().refused == 2);
    CHECK(rig.seen.log.size() >= 1);
    TcpPeer tcp(rig.server->port(), Framing::slip);
    rig.run();
    CHECK(tcp.is_closed());

    ServerRig open({.port = 0, .listen = {"0.0.0.0"}, .allow = {"127.0.0.0/8"}});
    LoPeer welcome(open.server->port());
    CHECK(ask(open, welcome, OscMessage{"/ping"}).size() == 1);
}

TEST_CASE("osc server: 64 subscribers all hear a change, and the one who made it does not") {
    ServerRig rig;
    std::vector<std::unique_ptr<LoPeer>> peers;
    for (int n = 0; n < 64; ++n) {
        peers.push_back(std::make_unique<LoPeer>(rig.server->port()));
        peers.back()->send({"/subscribe", {s("/ch/*/fader")}});
    }
    // A turn is short: how many it takes depends on the machine.
    std::vector<std::size_t> heard(peers.size());
    CHECK(rig.run_until([&] {
        for (std::size_t n = 0; n < peers.size(); ++n) heard[n] += peers[n]->take().size();
        return std::count(heard.begin(), heard.end(), 5u) == 64;
    }));
    rig.run();
    for (const auto& peer : peers) CHECK(peer->take().empty());
    peers[0]->send({"/ch/3/fader", {f(-6.0f)}});
    REQUIRE(rig.run_until([&] { return rig.number("/ch/3/fader") == -6.0f; }));
    rig.run(20);
    CHECK(peers[0]->take().empty());
    for (std::size_t n = 1; n < peers.size(); ++n)
        CHECK(peers[n]->take() == std::vector<OscMessage>{{"/ch/3/fader", {f(-6.0f)}}});
}

TEST_CASE("osc server: all values of a large desk arrive without loss") {
    ServerRig rig({.port = 0}, param::DeskShape::of(64, 8, 8, 4, 4));
    LoPeer peer(rig.server->port());
    peer.send({"/subscribe", {i(30)}});
    std::vector<OscMessage> got;
    CHECK(rig.run_until(
        [&] {
            for (OscMessage& message : peer.take()) got.push_back(std::move(message));
            return !got.empty() && got.back().address == "/synced";
        },
        10 * kSecond));
    CHECK(got.size() == rig.layout.size() + 1);
}

TEST_CASE("osc server: a bundle with a time tag is executed within 2 ms of it" *
          doctest::test_suite("times")) {
    ServerRig rig;
    const Socket socket = raw_udp(rig.server->port());
    std::vector<std::int64_t> lateness, of_machine;  // how late a plain sleep ends here
    for (int n = 1; n <= 20; ++n) {
        const std::int64_t asleep = base::monotonic_ns();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        of_machine.push_back(base::monotonic_ns() - asleep - 20 * kMs);
        const std::int64_t due = base::monotonic_ns() + 20 * kMs;
        send_raw(socket, bundle(later(time_tag_now(), 20 * kMs),
                                {encode({"/ch/1/fader", {f(-static_cast<float>(n))}}),
                                 encode({"/ch/2/fader", {f(-static_cast<float>(n))}})}));
        rig.seen.batches.clear();
        std::int64_t done = 0;
        rig.seen.on_flush = [&](const Batch&) { done = base::monotonic_ns(); };
        // A long timeout: the server itself must wake for it.
        while (done == 0) rig.server->run_once(std::chrono::milliseconds(1000));
        REQUIRE(rig.seen.batches.size() == 1);
        CHECK(rig.seen.batches[0].changes == 2);
        CHECK(done - due > -kMs / 10);
        lateness.push_back(done - due);
    }
    std::sort(lateness.begin(), lateness.end());
    std::sort(of_machine.begin(), of_machine.end());
    const auto ms = [](std::int64_t ns) { return static_cast<double>(ns) * 1e-6; };
    MESSAGE("20 dated bundles: ", ms(lateness[10]), " ms behind their tag, ", ms(lateness.back()),
            " at most; plain sleeps: ", ms(of_machine[10]), " and ", ms(of_machine.back()));
    CHECK(lateness[10] < of_machine[10] + 2 * kMs);
}

TEST_CASE("osc server: 100,000 messages at full speed end with the last values" *
          doctest::test_suite("times")) {
    ServerRig rig({.port = 0}, param::DeskShape::of(16, 4, 4, 2, 2));
    const std::uint16_t port = rig.server->port();
    constexpr int kMessages = 100'000;
    std::vector<Packet> packets;
    for (int n = 0; n < kMessages; ++n)
        packets.push_back(encode({"/ch/" + std::to_string(n % 16 + 1) + "/fader",
                                  {f(-80.0f * static_cast<float>(n) / kMessages)}}));
    std::atomic<bool> sent = false;
    std::int64_t took = 0;
    std::thread sender([&] {
        const Socket socket = raw_udp(port);
        const std::int64_t start = base::monotonic_ns();
        for (const Packet& packet : packets)
            if (send(socket.fd(), packet.data(), packet.size(), 0) < 0) break;
        took = base::monotonic_ns() - start;
        sent = true;
    });
    const bool done = rig.run_until(
        [&] { return sent && rig.server->counters().packets == kMessages; }, 10 * kSecond);
    sender.join();
    rig.run_until([&] { return rig.seen.changes.size() == kMessages; }, 10 * kSecond);
    MESSAGE("sent ", kMessages, " in ", static_cast<double>(took) * 1e-6, " ms; received ",
            rig.server->counters().packets, ", applied ", rig.seen.changes.size());
    CHECK(done);
    for (int n = kMessages - 16; n < kMessages; ++n) {
        CAPTURE(n);
        CHECK(rig.number("/ch/" + std::to_string(n % 16 + 1) + "/fader") ==
              doctest::Approx(-80.0f * static_cast<float>(n) / kMessages));
    }
    CHECK(rig.seen.changes.size() == kMessages);
}

TEST_CASE("osc server: a flood of one peer hardly delays another" * doctest::test_suite("times")) {
    ServerRig rig({.port = 0}, param::DeskShape::of(16, 4, 4, 2, 2));
    const std::uint16_t port = rig.server->port();
    std::atomic<bool> stop = false;
    std::thread flood([&] {
        const Socket socket = raw_udp(port);
        const Packet packet = encode({"//*", {f(0.5f)}});  // dear, and wrong for many rows
        while (!stop) {
            for (int n = 0; n < 20; ++n) send(socket.fd(), packet.data(), packet.size(), 0);
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    });
    rig.run_for(100 * kMs);
    LoPeer peer(port);
    std::vector<std::int64_t> waits;
    for (int n = 0; n < 11; ++n) {
        const std::int64_t start = base::monotonic_ns();
        peer.send(OscMessage{"/ping"});
        CHECK(rig.run_until([&] { return !peer.take().empty(); }));
        waits.push_back(base::monotonic_ns() - start);
    }
    stop = true;
    flood.join();
    std::sort(waits.begin(), waits.end());
    MESSAGE("answers beside a flood took ", static_cast<double>(waits[5]) * 1e-6, " ms, ",
            static_cast<double>(waits.back()) * 1e-6, " at most");
    CHECK(waits[5] < kSlower * 50 * kMs);
}

TEST_CASE("osc server: senders without number do not grow it, and subscribers stay") {
    ServerRig rig;
    LoPeer subscriber(rig.server->port());
    subscriber.send({"/subscribe", {s("/ch/1/fader"), i(60)}});
    rig.run();
    CHECK(subscriber.take().size() == 2);
    for (int n = 0; n < 1500; ++n) {
        send_raw(raw_udp(rig.server->port()), encode({"/ch/2/fader", {f(-1.0f)}}));
        if (n % 100 == 0) rig.run(1);
    }
    rig.run();
    CHECK(rig.server->counters().dropped == 0);
    send_raw(raw_udp(rig.server->port()), encode({"/ch/1/fader", {f(-2.0f)}}));
    // An instrumented server may still have some of the 1500 before it.
    std::vector<OscMessage> told;
    CHECK(rig.run_until([&] {
        told = subscriber.take();
        return !told.empty();
    }));
    CHECK(told.size() == 1);
}

TEST_CASE("osc server: wake ends a wait") {
    ServerRig rig;
    const std::int64_t start = base::monotonic_ns();
    std::thread waker([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        rig.server->wake();
    });
    rig.server->run_once(std::chrono::milliseconds(5000));
    waker.join();
    CHECK(base::monotonic_ns() - start < 2 * kSecond);
}

TEST_CASE("osc client: asks, is told errors, and knows when nobody is there") {
    ServerRig rig;
    auto client = OscClient::connect("localhost", rig.server->port());
    REQUIRE(client);
    std::atomic<bool> stop = false;
    std::thread server([&] {
        while (!stop) rig.server->run_once(std::chrono::milliseconds(5));
    });
    constexpr std::chrono::milliseconds kPatience(2000);
    const auto fader = client->request(OscMessage{"/ch/1/fader"}, kPatience);
    const auto wrong = client->request({"/ch/1/fadr", {f(1.0f)}}, kPatience);
    const auto pong = client->request(OscMessage{"/ping"}, kPatience, "/pong");
    CHECK(client->send({"/subscribe", {s("/ch/*/mute")}}));
    std::vector<std::string> got;
    while (got.empty() || got.back() != "/synced") {
        const auto message = client->receive(kPatience);
        if (!message || !*message) break;
        got.push_back((*message)->address);
    }
    stop = true;
    server.join();
    REQUIRE(fader);
    CHECK(*fader == OscMessage{"/ch/1/fader", {f(0.0f)}});
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().what.find("/ch/1/fader") != std::string::npos);
    CHECK(pong);
    CHECK(got.size() == 5);

    const std::uint16_t port = rig.server->port();
    rig.server.reset();
    auto nobody = OscClient::connect("127.0.0.1", port);
    REQUIRE(nobody);
    const auto none = nobody->request(OscMessage{"/ping"}, std::chrono::milliseconds(300), "/pong");
    REQUIRE_FALSE(none);
    CHECK(none.error().text().find("mixrig run") != std::string::npos);
}

}  // namespace osc_server_test
