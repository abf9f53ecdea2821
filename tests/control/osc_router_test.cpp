// What messages do and what is answered, without sockets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_router.h"

#include "control/osc_validate.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <ctime>
#include <limits>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::test;

namespace osc_router_test {

// The reason of the one /error that is expected.
std::string error_of(RouterRig& rig, const OscMessage& message) {
    rig.now += kSecond;  // so that the rate does not matter
    rig.take(1);
    rig.receive(1, message);
    const auto got = rig.take(1);
    REQUIRE(got.size() == 1);
    CHECK(got[0].address == "/error");
    REQUIRE(got[0].types() == "ss");
    CHECK(got[0].args[0].as_text() == message.address);
    return got[0].args[1].as_text();
}

OscArg d(double value) {
    return {'d', value};
}
OscArg h(std::int64_t value) {
    return {'h', value};
}

TEST_CASE("osc router: a message without arguments asks") {
    RouterRig rig;
    rig.receive(1, OscMessage{"/ch/1/fader"});
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/fader", {f(0.0f)}}});
    rig.receive(1, OscMessage{"/ch/1/mute"});
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/mute", {i(0)}}});
    rig.receive(1, OscMessage{"/ch/1/eq/1/type"});
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/eq/1/type", {s("bell")}}});
    rig.receive(1, OscMessage{"/ch/1/to"});
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/to", {s("main")}}});
    rig.receive(1, OscMessage{"/ch/1/gate/key"});
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/gate/key", {s("self")}}});
    rig.receive(1, OscMessage{"/ch/1/name"});
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/name", {s("")}}});
}

TEST_CASE("osc router: a message with an argument sets, in every type that a sender may have") {
    RouterRig rig;
    struct Case {
        const char* address;
        OscArg arg;
        float expected;
    };
    const Case cases[] = {
        {"/ch/1/fader", f(-6.5f), -6.5f},
        {"/ch/1/fader", i(-7), -7.0f},
        {"/ch/1/fader", d(-8.25), -8.25f},
        {"/ch/1/fader", h(-9), -9.0f},
        {"/ch/1/fader", s("-10 dB"), -10.0f},
        {"/ch/1/fader", {'S', "-11dB"}, -11.0f},
        {"/ch/1/fader", s("-inf dB"), param::kSilence},
        {"/ch/1/fader", d(1e300), 10.0f},  // clamped, not lost on the way to float
        {"/ch/1/fader", h(std::numeric_limits<std::int64_t>::min()), param::kSilence},
        {"/ch/1/fader", i(std::numeric_limits<std::int32_t>::max()), 10.0f},
        {"/ch/1/mute", i(1), 1.0f},
        {"/ch/1/mute", OscArg::toggle(false), 0.0f},
        {"/ch/1/mute", OscArg::toggle(true), 1.0f},
        {"/ch/1/mute", f(0.0f), 0.0f},
        {"/ch/1/mute", s("on"), 1.0f},
        {"/ch/1/mute", s("off"), 0.0f},
        {"/ch/1/eq/1/type", s("high_shelf"), 2.0f},
        {"/ch/1/eq/1/type", i(3), 3.0f},
        {"/ch/1/eq/1/type", f(4.0f), 4.0f},
        {"/ch/1/hpf/slope", i(24), 2.0f},  // a word before it is an index
        {"/ch/1/hpf/slope", f(12.0f), 0.0f},
        {"/ch/1/hpf/slope", i(1), 1.0f},
        {"/ch/1/to", s("sub/2"), 3.0f},
        {"/ch/1/to", s("none"), 0.0f},
        {"/ch/1/gate/key", s("ch/3"), 3.0f},
        {"/ch/1/hpf/freq", s("1.2 kHz"), 1200.0f},
        {"/ch/1/delay", s("0.1 s"), 100.0f},
    };
    for (const Case& one : cases) {
        CAPTURE(one.address);
        CAPTURE(one.arg.type);
        rig.receive(1, {one.address, {one.arg}});
        CHECK(rig.number(one.address) == doctest::Approx(one.expected));
        CHECK(rig.take(1).empty());
    }
    rig.receive(1, {"/ch/1/name", {s("Kick")}});
    CHECK(rig.desk.get(rig.slot("/ch/1/name")).text == "Kick");
}

TEST_CASE("osc router: whatever is wrong is answered with the reason, and changes nothing") {
    RouterRig rig;
    const auto has = [](const std::string& text, const char* part) {
        CAPTURE(text);
        CHECK(text.find(part) != std::string::npos);
    };
    has(error_of(rig, {"/ch/1/fadr", {f(-6.0f)}}), "/ch/1/fader");
    has(error_of(rig, {"/ch/99/fader"}), "no such address");
    has(error_of(rig, {"/nothing/at/all"}), "no such address");
    has(error_of(rig, {"/ch/1"}), "/ch/1//*");
    has(error_of(rig, {"/ch/1", {f(1.0f)}}), "a group");
    has(error_of(rig, {"/ch/*/fadr"}), "matches no parameter");
    has(error_of(rig, {"/ch/[1/fader"}), "[ without ]");
    has(error_of(rig, {"/ch/1/fader", {f(-6.0f), f(1.0f)}}), "one argument");
    has(error_of(rig, {"/ch/*/fader", {f(-6.0f), f(1.0f)}}), "one argument");
    has(error_of(rig, {"/ch/1/fader", {f(std::nanf(""))}}), "finite");
    has(error_of(rig, {"/ch/1/fader", {d(-std::numeric_limits<double>::infinity())}}), "finite");
    has(error_of(rig, {"/ch/1/fader", {s("loud")}}), "not a number");
    has(error_of(rig, {"/ch/1/fader", {s("-6 Hz")}}), "dB");
    has(error_of(rig, {"/ch/1/fader", {{'b', "xx"}}}), "type b");
    has(error_of(rig, {"/ch/1/fader", {{'N', {}}}}), "type N");
    has(error_of(rig, {"/ch/1/fader", {{'m', std::int64_t{1}}}}), "type m");
    has(error_of(rig, {"/ch/1/name", {f(1.0f)}}), "text");
    has(error_of(rig, {"/ch/1/mute", {s("maybe")}}), "neither on nor off");
    has(error_of(rig, {"/ch/1/eq/1/type", {s("belll")}}), "bell");
    has(error_of(rig, {"/ch/1/to", {s("sub/9")}}), "sub/2");
    has(error_of(rig, {"/scene/recall", {s("x")}}), "no such scene");
    has(error_of(rig, {"/scene/save"}), ",s");
    has(error_of(rig, {"/scene/save", {i(1)}}), ",s");
    has(error_of(rig, {"/scene/save", {s("throw")}}), "a hook threw");
    has(error_of(rig, {"/subscribe", {s("/nothing")}}), "matches no parameter");
    has(error_of(rig, {"/subscribe", {s("/ch/1/fader"), i(0)}}), "lease");
    has(error_of(rig, {"/subscribe", {s("/ch/1/fader"), s("x")}}), ",si");
    has(error_of(rig, {"/unsubscribe", {s("/never")}}), "no subscription");
    has(error_of(rig, {"/meters", {s("/nothing")}}), "no meter");
    has(error_of(rig, {"/meters", {f(0.0f)}}), "rate");
    CHECK(rig.seen.changes.empty());
}

TEST_CASE("osc router: a malformed packet is answered, and what is echoed is clean text") {
    RouterRig rig;
    rig.receive(1, Packet{1, 2, 3});
    CHECK(rig.take(1, "/error").size() == 1);
    rig.receive(1, OscMessage{"/a\xFF\n" + std::string(500, 'x')});
    const auto got = rig.take(1, "/error");
    REQUIRE(got.size() == 1);
    CHECK(got[0].args[0].as_text() == "/a" + std::string(126, 'x'));
}

TEST_CASE("osc router: patterns set and ask for all they match") {
    RouterRig rig;
    rig.receive(1, {"/ch/[1-3]/mute", {i(1)}});
    CHECK(rig.number("/ch/1/mute") == 1.0f);
    CHECK(rig.number("/ch/3/mute") == 1.0f);
    CHECK(rig.number("/ch/4/mute") == 0.0f);
    rig.turn();
    CHECK(rig.seen.batches.size() == 1);

    rig.receive(1, OscMessage{"/ch/*/mute"});
    rig.turn();
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/ch/1/mute", {i(1)}},
                                                 {"/ch/2/mute", {i(1)}},
                                                 {"/ch/3/mute", {i(1)}},
                                                 {"/ch/4/mute", {i(0)}}});
    rig.receive(1, OscMessage{"//*"});
    for (int n = 0; n < 200; ++n) rig.turn();
    CHECK(rig.take(1).size() == rig.layout.size());
}

TEST_CASE("osc router: a pattern that some of its rows refuse sets the others and says so once") {
    RouterRig rig;
    rig.receive(1, {"/ch/1/*", {f(0.5f)}});
    const auto got = rig.take(1);
    REQUIRE(got.size() == 1);
    CHECK(got[0].args[1].as_text().starts_with("/ch/1/name: "));
    CHECK(rig.number("/ch/1/pan") == 0.5f);
}

TEST_CASE("osc router: the messages of a bundle are one batch, errors in it included") {
    RouterRig rig;
    const Packet inner = bundle(kImmediately, {encode({"/ch/3/fader", {f(-3.0f)}})});
    rig.receive(1, bundle(kImmediately,
                          {encode({"/ch/1/fader", {f(-1.0f)}}), encode({"/ch/1/fadr", {f(-1.0f)}}),
                           encode({"/scene/save", {s("throw")}}),
                           encode({"/ch/2/fader", {f(-2.0f)}}), inner}));
    REQUIRE(rig.seen.batches.size() == 1);
    CHECK(rig.seen.batches[0].changes == 3);
    CHECK(rig.number("/ch/2/fader") == -2.0f);
    CHECK(rig.number("/ch/3/fader") == -3.0f);
    CHECK(rig.take(1, "/error").size() == 2);
}

TEST_CASE("osc router: a bundle waits for its time, and the past and the far future are now") {
    RouterRig rig;
    const auto dated = [&](std::int64_t from_now, float value) {
        rig.receive(
            1, bundle(later(time_tag_now(), from_now),
                      {encode({"/ch/1/fader", {f(value)}}), encode({"/ch/2/fader", {f(value)}})}));
    };
    dated(kSecond / 2, -1.0f);
    CHECK(rig.number("/ch/1/fader") == 0.0f);
    CHECK(rig.router.waiting_bundles() == 1);
    const std::int64_t due = rig.router.next_deadline(rig.now);
    CHECK(due - rig.now > 490 * kMs);
    CHECK(due - rig.now <= 500 * kMs);
    rig.turn(480 * kMs);
    CHECK(rig.number("/ch/1/fader") == 0.0f);
    rig.turn(20 * kMs);
    CHECK(rig.number("/ch/1/fader") == -1.0f);
    REQUIRE(rig.seen.batches.size() == 1);
    CHECK(rig.seen.batches[0].changes == 2);

    rig.receive(1, bundle(later(time_tag_now(), 0) - (std::uint64_t{100} << 32),
                          {encode({"/ch/1/fader", {f(-2.0f)}})}));
    CHECK(rig.number("/ch/1/fader") == -2.0f);
    CHECK(rig.seen.log.empty());
    dated(11 * kSecond, -3.0f);
    CHECK(rig.number("/ch/1/fader") == -3.0f);
    CHECK(rig.seen.log.size() == 1);
}

TEST_CASE("osc router: a dated bundle inside an immediate one waits by itself") {
    RouterRig rig;
    const Packet inner =
        bundle(later(time_tag_now(), kSecond), {encode({"/ch/2/fader", {f(-2.0f)}})});
    rig.receive(1, bundle(kImmediately, {encode({"/ch/1/fader", {f(-1.0f)}}), inner}));
    CHECK(rig.number("/ch/1/fader") == -1.0f);
    CHECK(rig.number("/ch/2/fader") == 0.0f);
    rig.turn(kSecond);
    CHECK(rig.number("/ch/2/fader") == -2.0f);
}

TEST_CASE("osc router: at most 1024 bundles wait, and who is over it is told") {
    RouterRig rig;
    const Packet dated = bundle(later(time_tag_now(), 5 * kSecond), {encode({"/ping"})});
    for (int n = 0; n < 1024; ++n) rig.receive(1, dated);
    CHECK(rig.take(1).empty());
    rig.receive(1, dated);
    CHECK(rig.take(1, "/error").size() == 1);
    CHECK(rig.router.waiting_bundles() == 1024);
    rig.turn(5 * kSecond);
    CHECK(rig.take(1, "/pong").size() == 1024);
}

TEST_CASE("osc router: errors are limited per sender, and the rest is summed up") {
    RouterRig rig;
    for (int n = 0; n < 1000; ++n) rig.receive(1, OscMessage{"/wrong"});
    rig.receive(2, OscMessage{"/wrong"});
    CHECK(rig.take(1, "/error").size() == 40);
    CHECK(rig.take(2, "/error").size() == 1);
    rig.turn(999 * kMs);
    CHECK(rig.take(1).empty());
    CHECK(rig.router.next_deadline(rig.now) < rig.now + kSecond);
    rig.turn(kMs);
    const auto got = rig.take(1, "/error");
    REQUIRE(got.size() == 1);
    CHECK(got[0].args[1].as_text() == "960 more errors were not sent");
    rig.receive(1, OscMessage{"/wrong"});  // 20 a second have come back
    CHECK(rig.take(1, "/error").size() == 1);
}

TEST_CASE("osc router: ping and the app's actions are answered") {
    RouterRig rig;
    rig.receive(1, OscMessage{"/ping"});
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/pong", {s("mixrig"), s("1.2.3"), i(0)}}});
    rig.receive(1, {"/scene/save", {s("verse")}});
    CHECK(rig.take(1) == std::vector<OscMessage>{{"/scene/save", {s("verse")}}});
}

TEST_CASE("osc router: the dearest packets cost little on a desk of 64 channels") {
    RouterRig rig(param::DeskShape::of(64, 8, 8, 4, 4));
    std::string stars;
    for (int n = 0; n < 60; ++n) stars += "*?";
    for (const std::string& address :
         {"//" + stars + "#", "/ch/*/" + stars + "#", "/" + std::string(250, 'x'),
          "/ch/64/send/aux/8/levl" + std::string(200, 'x')}) {
        CAPTURE(address.substr(0, 30));
        constexpr int kRounds = 20;
        const std::clock_t start = std::clock();
        for (int n = 0; n < kRounds; ++n) rig.receive(1, OscMessage{address});
        const double each = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC / kRounds;
        MESSAGE(address.substr(0, 24), "...: ", each * 1e6, " us");
        rig.now += 10 * kSecond;
    }
}

TEST_CASE("router: an answer of many lines comes whole and in order, at the pace of its receiver") {
    for (const bool tcp : {false, true}) {
        CAPTURE(tcp);
        RouterRig rig;
        if (tcp) rig.is_tcp[1] = true;
        rig.receive(1, {"/scene/diff", {s("x")}});
        CHECK(rig.router.serves(1));
        rig.refusal[1] = Sent::full;
        rig.turn();
        rig.refusal.clear();
        std::vector<OscMessage> got;
        for (int turn = 0; turn < 100 && (got.empty() || got.back().address == "/scene/diff");
             ++turn) {
            rig.turn();
            for (OscMessage& message : rig.take(1)) got.push_back(std::move(message));
        }
        REQUIRE(got.size() == 1001);
        for (int n = 0; n < 1000; ++n)
            REQUIRE(got[static_cast<std::size_t>(n)] ==
                    OscMessage{"/scene/diff", {s("line"), i(n)}});
        CHECK(got.back() == OscMessage{"/scene/diff/end", {i(1000)}});
        CHECK_FALSE(rig.router.serves(1));
    }
}

TEST_CASE("router: an action may answer later, and its asker is kept until then") {
    RouterRig rig;
    rig.receive(1, {"/scene/store", {s("verse")}});
    rig.receive(1, {"/scene/store", {s("verse")}});
    CHECK(rig.take(1).empty());
    CHECK(rig.router.serves(1));
    rig.router.answer(1, "/scene/store", Answer{.args = std::vector{s("verse")}}, rig.now);
    CHECK(rig.router.serves(1));
    rig.router.answer(1, "/scene/store", base::Error{"the disk is full"}, rig.now);
    CHECK_FALSE(rig.router.serves(1));
    CHECK(rig.take(1) ==
          std::vector<OscMessage>{{"/scene/store", {s("verse")}},
                                  {"/error", {s("/scene/store"), s("the disk is full")}}});
}

}  // namespace osc_router_test
