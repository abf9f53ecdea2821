// Peers whose transport is somebody else's, and what rights do to whoever has them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/tcp.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <poll.h>
#include <set>
#include <sys/eventfd.h>
#include <unistd.h>

namespace mixrig::control::test {
namespace guests_test {

// A transport that keeps what it is given.
struct Line {
    std::vector<OscMessage> received;
    std::size_t backlog = 0;
    Sent outcome = Sent::done;

    Guest guest(RightsNumber rights = kEngineer) {
        return {.rights = rights,
                .send =
                    [this](Bytes packet, Urgency) {
                        if (outcome == Sent::done)
                            for (OscMessage& one : messages_of(packet))
                                received.push_back(std::move(one));
                        return outcome;
                    },
                .backlog = [this] { return backlog; }};
    }
};

Rights musician(const Desk& desk) {
    Rights out{.name = "musician"};
    out.may_set = SlotSet(desk.layout().size());
    out.may_set.add(*desk.layout().find("/aux/1/fader"));
    out.actions.push_back(*Pattern::compile("/scene/save"));
    return out;
}

TEST_CASE("guests: are heard and answered like any peer") {
    ServerRig rig;
    Line line;
    const Origin guest = rig.server->join(line.guest());
    REQUIRE(rig.server->receive(guest, encode({"/ch/1/fader", {f(-6.0f)}})));
    REQUIRE(rig.server->receive(guest, encode({"/ch/1/fader", {}})));
    REQUIRE(rig.run_until([&] { return !line.received.empty(); }));
    CHECK(rig.number("/ch/1/fader") == -6.0f);
    CHECK(line.received.at(0).address == "/ch/1/fader");
}

TEST_CASE(
    "guests: one whose datagrams are lost is told again by those alone, and offers go to its "
    "transport") {
    ServerRig rig;
    Line line;
    std::vector<std::string> offer;
    std::size_t changes = 0, again = 0;
    Guest with = line.guest();
    with.send = [&, send = with.send](Bytes packet, Urgency urgency) {
        changes += urgency == Urgency::change ? 1u : 0u;
        again += urgency == Urgency::again ? 1u : 0u;
        return send(packet, urgency);
    };
    with.is_lossy = [] { return true; };
    with.datagrams = [&](std::span<const OscArg> args) {
        for (const OscArg& arg : args) offer.push_back(arg.as_text());
        return base::Result<std::vector<OscArg>>(std::vector{s("here")});
    };
    const Origin guest = rig.server->join(std::move(with));
    const Packet call = encode({"/datagrams", {s("name"), s("password"), s("fingerprint")}});
    REQUIRE(rig.server->receive(guest, call));
    REQUIRE(rig.server->receive(guest, encode({"/subscribe", {s("/ch/1/fader")}})));
    REQUIRE(rig.run_until([&] { return line.received.size() == 3; }));
    CHECK(line.received[0] == OscMessage{"/datagrams", {s("here")}});
    CHECK(offer == std::vector<std::string>{"name", "password", "fingerprint"});
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-6.0f}, kDeskItself));
    rig.run_for(kSecond);
    CHECK(changes == 1);
    CHECK(again == Repeats::kAfter.size());

    Line other;
    const Origin without = rig.server->join(other.guest());
    REQUIRE(rig.server->receive(without, call));
    REQUIRE(rig.run_until([&] { return !other.received.empty(); }));
    CHECK(other.received[0].address == "/error");
}

TEST_CASE("guests: of two ways one that is full does not hold up the other") {
    ServerRig rig;
    Line line;
    bool is_full = false;
    std::set<std::string> told;
    Guest with = line.guest();
    with.is_lossy = [] { return true; };
    with.send = [&](Bytes packet, Urgency urgency) {
        if (is_full && (urgency == Urgency::state || urgency == Urgency::again)) return Sent::full;
        for (const OscMessage& one : messages_of(packet)) told.insert(one.address);
        return Sent::done;
    };
    const Origin guest = rig.server->join(std::move(with));
    REQUIRE(rig.server->receive(guest, encode({"/sync", {i(2)}})));
    REQUIRE(rig.server->receive(guest, encode({"/subscribe", {s("/ch/1/fader")}})));
    REQUIRE(rig.run_until([&] { return told.contains("/synced"); }));
    is_full = true;
    told.clear();
    REQUIRE(rig.server->receive(guest, encode({"/ch/2/*", {}})));
    rig.run();
    CHECK(rig.desk.set(rig.slot("/ch/1/fader"), {-6.0f}, kDeskItself));
    CHECK(rig.run_until([&] { return told.contains("/ch/1/fader") && told.contains("/hash"); }));
    CHECK(!told.contains("/ch/2/fader"));
    is_full = false;
    CHECK(rig.run_until([&] { return told.contains("/ch/2/fader"); }));
}

TEST_CASE("guests: one who has left is nobody") {
    ServerRig rig;
    Line line;
    const Origin guest = rig.server->join(line.guest());
    REQUIRE(rig.server->receive(guest, encode({"/subscribe", {s("/ch/1/fader")}})));
    REQUIRE(rig.run_until([&] { return !line.received.empty(); }));
    rig.server->leave(guest);
    line.received.clear();
    CHECK_FALSE(rig.server->receive(guest, encode({"/ch/1/fader", {f(-3.0f)}})));
    LoPeer other(rig.server->port());
    other.send({"/ch/1/fader", {f(-9.0f)}});
    REQUIRE(rig.run_until([&] { return rig.number("/ch/1/fader") == -9.0f; }));
    rig.run();
    CHECK(line.received.empty());
}

TEST_CASE("guests: who does not take the answers is not heard until then") {
    ServerRig rig;
    Line line;
    line.backlog = TcpConnection::kAnswersRoom + 1;
    const Origin guest = rig.server->join(line.guest());
    REQUIRE(rig.server->receive(guest, encode({"/ch/1/fader", {f(-6.0f)}})));
    rig.run();
    CHECK(rig.number("/ch/1/fader") != -6.0f);
    // What waits is bounded: the transport is told to stop reading.
    const auto large = encode({"/ch/1/name", {s(std::string(4000, 'x'))}});
    std::size_t taken = 0;
    while (rig.server->receive(guest, large)) ++taken;
    CHECK(taken < 100);
    line.backlog = 0;
    CHECK(rig.run_until([&] { return rig.number("/ch/1/fader") == -6.0f; }));
}

TEST_CASE("rights: what a guest may not set or do stays as it is") {
    ServerRig rig;
    Line line;
    const RightsNumber rights = rig.desk.access().add(musician(rig.desk));
    const Origin guest = rig.server->join(line.guest(rights));
    const float before = rig.number("/ch/1/fader");
    for (const auto& message : std::vector<OscMessage>{{"/ch/1/fader", {f(-6.0f)}},
                                                       {"/ch/*/fader", {f(-6.0f)}},
                                                       {"/scene/recall", {s("x")}},
                                                       {"/aux/1/fader", {f(-6.0f)}},
                                                       {"/scene/save", {s("mine")}}})
        REQUIRE(rig.server->receive(guest, encode(message)));
    REQUIRE(rig.run_until([&] { return line.received.size() >= 4; }));
    CHECK(rig.number("/ch/1/fader") == before);
    CHECK(rig.number("/aux/1/fader") == -6.0f);
    std::vector<std::string> errors;
    for (const OscMessage& one : line.received)
        if (one.address == "/error") errors.push_back(one.args.at(0).as_text());
    CHECK(errors == std::vector<std::string>{"/ch/1/fader", "/ch/*/fader", "/scene/recall"});
    CHECK(line.received.back().address == "/scene/save");
}

TEST_CASE("rights: a number that nobody gave out may do nothing") {
    ServerRig rig;
    const Origin stranger = rig.desk.admit(77);
    CHECK_FALSE(rig.desk.set(rig.slot("/ch/1/fader"), {-6.0f}, stranger));
    CHECK_FALSE(rig.desk.act({stranger, "/scene/save", {}}));
}

TEST_CASE("server: a watched descriptor ends a wait") {
    ServerRig rig;
    const Socket event(eventfd(1, EFD_NONBLOCK));
    rig.server->watch(event.fd());
    // Would last an hour else, and the test's own limit would end it.
    rig.server->run_once(std::chrono::hours(1));
    rig.server->unwatch(event.fd());
    pollfd polled{event.fd(), POLLIN, 0};
    CHECK(poll(&polled, 1, 0) == 1);  // what is there is left to whoever watches
}

}  // namespace guests_test
}  // namespace mixrig::control::test
