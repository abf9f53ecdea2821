// Subscriptions, leases, meters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/subscriptions.h"

#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <set>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::test;

namespace subscriptions_test {

// Subscribes and takes away what is sent at first.
void subscribe(RouterRig& rig, Origin peer, const std::string& pattern, int seconds = 10) {
    rig.receive(peer, {"/subscribe", {s(pattern), i(seconds)}});
    for (int n = 0; n < 300; ++n) rig.turn();
    const auto got = rig.take(peer);
    REQUIRE_FALSE(got.empty());
    REQUIRE(got.back().address == "/synced");
}

TEST_CASE("subscribe: the current values, then /synced with their number") {
    RouterRig rig;
    CHECK(rig.desk.set(rig.slot("/ch/2/fader"), {-6.0f}, 0));
    rig.receive(1, {"/subscribe", {s("/ch/*/fader")}});
    rig.turn();
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/fader", {f(0.0f)}},
                                                 {"/ch/2/fader", {f(-6.0f)}},
                                                 {"/ch/3/fader", {f(0.0f)}},
                                                 {"/ch/4/fader", {f(0.0f)}},
                                                 {"/synced", {i(4)}}});
}

TEST_CASE("subscribe: without a pattern it is everything, and a group is what is below it") {
    RouterRig rig;
    rig.receive(1, OscMessage{"/subscribe"});
    for (int n = 0; n < 300; ++n) rig.turn();
    auto got = rig.take(1);
    REQUIRE(got.size() == rig.layout.size() + 1);
    CHECK(got.back() == OscMessage{"/synced", {i(static_cast<std::int32_t>(rig.layout.size()))}});
    std::set<std::string> addresses;
    for (const OscMessage& message : got) addresses.insert(message.address);
    CHECK(addresses.size() == got.size());

    rig.receive(2, {"/subscribe", {s("/ch/1/eq")}});
    rig.turn();
    got = rig.take(2);
    CHECK(got.back() == OscMessage{"/synced", {i(31)}});
}

TEST_CASE("subscribe: changes by others arrive, the own ones only if they were clamped") {
    RouterRig rig;
    subscribe(rig, 1, "/ch/*/fader");
    subscribe(rig, 2, "/ch/1/fader");
    rig.receive(1, {"/ch/1/fader", {f(-5.0f)}});
    rig.turn();
    CHECK(rig.take(1).empty());
    CHECK(rig.take(2) == std::vector<OscMessage>{{"/ch/1/fader", {f(-5.0f)}}});
    rig.receive(2, {"/ch/2/fader", {f(-4.0f)}});
    rig.turn();
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/2/fader", {f(-4.0f)}}});
    CHECK(rig.take(2).empty());  // not what it asked for
    rig.receive(1, {"/ch/1/fader", {f(99.0f)}});
    rig.turn();
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/fader", {f(10.0f)}}});
    CHECK(rig.take(2) == std::vector<OscMessage>{{"/ch/1/fader", {f(10.0f)}}});
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-1.0f}, kDeskItself));  // a scene
    rig.turn();
    CHECK(rig.take(1).size() == 1);
    CHECK(rig.take(2).size() == 1);
}

TEST_CASE("subscribe: changes of one turn are bundled, the last value of each wins") {
    RouterRig rig;
    subscribe(rig, 1, "/ch/*/fader");
    for (int n = 0; n < 1000; ++n) {
        rig.receive(2, {"/ch/1/fader", {f(-0.01f * static_cast<float>(n))}});
        rig.receive(2, {"/ch/2/fader", {f(-0.02f * static_cast<float>(n))}});
    }
    rig.turn();
    REQUIRE(rig.sent[1].size() == 1);
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/fader", {f(-0.01f * 999.0f)}},
                                                 {"/ch/2/fader", {f(-0.02f * 999.0f)}}});
}

TEST_CASE("subscribe: a lease ends, and repeating it does not let it") {
    RouterRig rig;
    const auto hears = [&] {
        CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {rig.number("/ch/1/fader") - 0.1f}, 0));
        rig.turn();
        return !rig.take(1, "/ch/1/fader").empty();
    };
    rig.receive(1, {"/subscribe", {s("/ch/1/fader")}});  // 10 s
    rig.turn();
    rig.take(1);
    rig.turn(9900 * kMs);
    CHECK(hears());
    rig.receive(1, {"/subscribe", {s("/ch/1/fader")}});
    rig.turn();
    CHECK(rig.take(1, "/synced").size() == 1);
    rig.turn(9900 * kMs);
    CHECK(hears());
    rig.turn(100 * kMs);
    CHECK_FALSE(hears());
    CHECK_FALSE(rig.router.serves(1));

    rig.receive(1, {"/subscribe", {i(3600)}});
    rig.turn(3599 * kSecond);
    CHECK(rig.router.serves(1));
    rig.turn(kSecond);
    CHECK_FALSE(rig.router.serves(1));
    rig.receive(1, {"/subscribe", {i(1'000'000)}});  // an hour is the most
    rig.turn(3600 * kSecond);
    CHECK_FALSE(rig.router.serves(1));
}

TEST_CASE("subscribe: a renewal while the values are being sent goes on, it does not begin anew") {
    RouterRig rig(param::DeskShape::of(64, 0, 4, 0, 0));
    rig.receive(1, OscMessage{"/subscribe"});
    rig.turn();
    rig.receive(1, OscMessage{"/subscribe"});
    for (int n = 0; n < 2000; ++n) rig.turn();
    const auto got = rig.take(1);
    CHECK(got.size() == rig.layout.size() + 1);
}

TEST_CASE("subscribe: a change while the values are being sent is neither lost nor early") {
    RouterRig rig(param::DeskShape::of(64, 0, 4, 0, 0));
    rig.receive(1, OscMessage{"/subscribe"});
    rig.turn();
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-1.0f}, 0));   // sent already
    CHECK(rig.desk.set(rig.slot("/ch/64/fader"), {-2.0f}, 0));  // still to come
    for (int n = 0; n < 2000; ++n) rig.turn();
    const auto got = rig.take(1);
    REQUIRE(got.size() == rig.layout.size() + 2);
    CHECK(got[got.size() - 2].address == "/synced");
    CHECK(got.back() == OscMessage{"/ch/1/fader", {f(-1.0f)}});
    for (const OscMessage& message : got)
        if (message.address == "/ch/64/fader") CHECK(message.args[0] == f(-2.0f));
}

TEST_CASE("subscribe: UDP is paced, packets stay within what one datagram carries") {
    RouterRig rig(param::DeskShape::of(64, 8, 8, 4, 4));
    rig.receive(1, OscMessage{"/subscribe"});
    for (int n = 0; n < 100; ++n) rig.turn();  // 100 ms
    CHECK(rig.sent[1].size() <= 16 + 101);
    CHECK(rig.sent[1].size() >= 100);
    for (const Packet& packet : rig.sent[1]) CHECK(packet.size() <= kDatagramBytes);
    CHECK(rig.router.next_deadline(rig.now) <= rig.now + kMs);
}

TEST_CASE("subscribe: who has flow control gets all at once, and the rest when there is room") {
    RouterRig rig;
    rig.is_tcp[1] = true;
    rig.receive(1, OscMessage{"/subscribe"});
    rig.turn();
    CHECK(rig.take(1).size() == rig.layout.size() + 1);
    rig.refusal[1] = Sent::full;
    for (int n = 0; n < 50; ++n) {
        CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-static_cast<float>(n)}, 0));
        rig.turn();
    }
    CHECK(rig.take(1).empty());
    rig.refusal.clear();
    rig.turn();
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/fader", {f(-49.0f)}}});
}

TEST_CASE("subscribe: a peer that is gone is forgotten") {
    RouterRig rig;
    subscribe(rig, 1, "/ch/1/fader");
    rig.refusal[1] = Sent::gone;
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-3.0f}, 0));
    rig.turn();
    CHECK_FALSE(rig.router.serves(1));
}

TEST_CASE("subscribe: 256 peers, and the next is told that there is no room") {
    RouterRig rig;
    for (Origin peer = 1; peer <= 256; ++peer)
        rig.receive(peer, {"/subscribe", {s("/ch/1/fader")}});
    rig.turn();
    for (Origin peer = 1; peer <= 256; ++peer) CHECK(rig.take(peer).size() == 2);
    rig.receive(999, {"/subscribe", {s("/ch/1/fader")}});
    CHECK(rig.take(999, "/error").size() == 1);
    rig.receive(500, {"/ch/1/fader", {f(-12.0f)}});
    rig.turn();
    for (Origin peer = 1; peer <= 256; ++peer) CHECK(rig.take(peer).size() == 1);
    rig.receive(1, OscMessage{"/unsubscribe"});
    rig.turn();
    rig.receive(999, {"/subscribe", {s("/ch/1/fader")}});
    rig.turn();
    CHECK(rig.take(999, "/synced").size() == 1);
}

TEST_CASE("unsubscribe: ends the one with the pattern, or all") {
    RouterRig rig;
    subscribe(rig, 1, "/ch/1/fader");
    subscribe(rig, 1, "/ch/2/fader");
    rig.receive(1, {"/unsubscribe", {s("/ch/1/fader")}});
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-1.0f}, 0));
    CHECK(rig.desk.set(rig.slot("/ch/2/fader"), {-1.0f}, 0));
    rig.turn();
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/2/fader", {f(-1.0f)}}});
    rig.receive(1, OscMessage{"/meters"});
    rig.receive(1, OscMessage{"/unsubscribe"});
    CHECK(rig.desk.set(rig.slot("/ch/2/fader"), {-2.0f}, 0));
    rig.turn(kSecond);
    CHECK(rig.take(1).empty());
}

TEST_CASE("subscribe: no more than 16 each, and many overlapping ones send a change once") {
    RouterRig rig;
    for (int n = 0; n < 16; ++n)
        subscribe(rig, 1,
                  "/ch/" + std::string(n % 2 == 0 ? "*" : "?") + "/" +
                      std::string(static_cast<std::size_t>(n / 2), '*') + "fader");
    rig.receive(1, {"/subscribe", {s("/ch/[1]/fader")}});
    CHECK(rig.take(1, "/error").size() == 1);
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-1.0f}, 0));
    rig.turn();
    CHECK(rig.take(1).size() == 1);
}

TEST_CASE("meters: at the rate asked for, of those asked for, until the lease ends") {
    RouterRig rig;
    rig.receive(1, OscMessage{"/meters"});  // all, 20 Hz, 10 s
    rig.receive(2, {"/meters", {s("/ch/*"), f(100.0f), i(2)}});
    rig.receive(3, {"/meters", {s("/meters/main"), i(1)}});
    for (int n = 0; n < 15'000; ++n) rig.turn();
    const auto all = rig.take(1);
    CHECK(all.size() >= 3 * 199);
    CHECK(all.size() <= 3 * 201);
    CHECK(all[0] == OscMessage{"/meters/ch/1", {f(-6.0f), f(-9.0f)}});
    const auto channels = rig.take(2);
    CHECK(channels.size() >= 2 * 199);
    CHECK(channels.size() <= 2 * 201);
    const auto main = rig.take(3, "/meters/main");
    CHECK(main.size() >= 19);
    CHECK(main.size() <= 21);
    CHECK_FALSE(rig.router.serves(1));
}

TEST_CASE(
    "meters: many lines go out in packets that one datagram carries, late turns make up for "
    "nothing") {
    RouterRig rig;
    rig.seen.meters.clear();
    for (int n = 1; n <= 200; ++n)
        rig.seen.meters.push_back({"/meters/ch/" + std::to_string(n), {-1, -2, -3, -4}});
    rig.receive(1, {"/meters", {f(100.0f)}});
    rig.turn();
    for (const Packet& packet : rig.sent[1]) CHECK(packet.size() <= kDatagramBytes);
    CHECK(rig.take(1).size() == 200);
    rig.turn(kSecond);
    CHECK(rig.take(1).size() == 200);
    rig.refusal[1] = Sent::full;  // meters are dropped, not kept
    rig.turn(kSecond);
    rig.refusal.clear();
    rig.turn(10 * kMs);
    CHECK(rig.take(1).size() == 200);
}

TEST_CASE(
    "meters: who has a connection has 16, however many there are; by UDP they are 512 in all") {
    constexpr Origin kConnections = 96 + 64, kPorts = 40, kFirstPort = 1000;
    RouterRig rig;
    rig.seen.meters.clear();
    for (int n = 1; n <= 17; ++n)
        rig.seen.meters.push_back({"/meters/ch/" + std::to_string(n), {-1.0f}});
    for (Origin peer = 1; peer <= kConnections; ++peer) rig.is_tcp[peer] = true;
    const auto subscribe_all = [&](Origin peer) {
        for (const MeterLine& line : rig.seen.meters)
            rig.receive(peer, {"/meters", {s(line.address), f(10.0f), i(5)}});
    };
    // Ports first: they keep nobody out who has a connection.
    for (Origin port = kFirstPort; port < kFirstPort + kPorts; ++port) subscribe_all(port);
    for (Origin peer = 1; peer <= kConnections; ++peer) subscribe_all(peer);
    for (Origin peer = 1; peer <= kConnections; ++peer) {
        const auto errors = rig.take(peer);
        REQUIRE(errors.size() == 1);
        CHECK(errors[0].args[1].as_text().starts_with("no more than 16 meter subscriptions each"));
    }
    std::size_t full = 0;
    for (Origin port = kFirstPort; port < kFirstPort + kPorts; ++port)
        for (const OscMessage& error : rig.take(port, "/error"))
            full += error.args[1].as_text() ==
                    "there are 512 meter subscriptions by UDP already (by TCP there is room)";
    CHECK(full == 17 * (kPorts - 32));
    rig.turn();
    for (Origin peer = 1; peer <= kConnections; ++peer) CHECK(rig.take(peer).size() == 16);
    CHECK(rig.take(kFirstPort).size() == 16);
    CHECK(rig.take(kFirstPort + kPorts - 1).empty());
    rig.turn(6 * kSecond);  // all leases are over
    rig.receive(kFirstPort + kPorts - 1, {"/meters", {s("/ch/1"), f(10.0f), i(5)}});
    CHECK(rig.take(kFirstPort + kPorts - 1, "/error").empty());
}

}  // namespace subscriptions_test
