// Actions of single strips on a running desk: gain freeze, "more me", automix.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/desk/osc_peer.h"

#include <string>
#include <utility>
#include <vector>

namespace mixrig::tests {

namespace strips_test {

const Words kNull = {"--backend", "null", "--no-state"};

struct Talk {
    ScratchFolder home;
    Daemon desk{kNull, home.path()};
    OscPeer me{desk.port()};
};

TEST_SUITE_BEGIN("strips");

TEST_CASE("desk: a frozen trim moves with its thresholds, all of them or none") {
    Talk talk;
    OscPeer& me = talk.me;
    me.send({"/ch/1/gate/on", {true}});
    me.send({"/ch/2/comp/1/key", {std::string("ch/1")}});
    me.send({"/ch/2/comp/1/on", {true}});
    me.send({"/ch/1/freeze_gain", {12.5f}});
    const auto answer = me.wait("/ch/1/freeze_gain");
    REQUIRE(answer);
    CHECK(answer->number() == 12.5f);
    for (const auto& [address, value] : {std::pair<std::string, float>{"/ch/1/trim", 12.5f},
                                         {"/ch/1/freeze", 12.5f},
                                         {"/ch/1/gate/threshold", -27.5f},
                                         {"/ch/2/comp/1/threshold", -7.5f},
                                         {"/ch/2/trim", 0.0f},
                                         {"/ch/2/gate/threshold", -40.0f}})
        CHECK(me.get(address) == Message{address, {value}});
    me.send({"/ch/1/freeze_gain", {8.0f}});
    const auto refused = me.wait("/error");
    REQUIRE(refused);
    CHECK_MESSAGE(refused->text(1).find("/ch/2/comp/1/threshold") != std::string::npos,
                  refused->text(1));
    CHECK(me.get("/ch/1/trim") == Message{"/ch/1/trim", {12.5f}});
}

TEST_CASE("desk: more me, and less") {
    Talk talk;
    OscPeer& me = talk.me;
    for (const std::string strip : {"/ch/1", "/ch/2", "/sub/1"})
        me.send({strip + "/send/aux/2/level", {-10.0f}});
    // Nothing sounds: each side takes half of the step.
    me.send({"/aux/2/more", {std::string("ch/2 sub/1"), 3.0f}});
    const auto answer = me.wait("/aux/2/more");
    REQUIRE(answer);
    CHECK(*answer == Message{"/aux/2/more", {1.5f, -1.5f}});
    CHECK(me.get("/ch/1/send/aux/2/level").number() == -11.5f);
    CHECK(me.get("/ch/2/send/aux/2/level").number() == -8.5f);
    CHECK(me.get("/sub/1/send/aux/2/level").number() == -8.5f);
    me.send({"/aux/2/less", {std::string("ch/2 sub/1"), 3.0f}});
    REQUIRE(me.wait("/aux/2/less"));
    CHECK(me.get("/ch/1/send/aux/2/level").number() == -10.0f);
    CHECK(me.get("/ch/2/send/aux/2/level").number() == -10.0f);
}

TEST_CASE("desk: what actions of strips cannot do is said") {
    Talk talk;
    const std::vector<std::pair<Message, std::string>> wrong = {
        {{"/ch/99/freeze_gain", {1.0f}}, "only"},
        {{"/ch/0/freeze_gain", {1.0f}}, "freeze"},
        {{"/ch/1/freeze_gain", {}}, "wrong arguments"},
        {{"/ch/1/freeze_gain", {std::string("much")}}, "wrong arguments"},
        {{"/ch/1/freeze_gain", {100.0f}}, "/ch/1/trim would be 100 dB"},
        {{"/aux/1/more", {}}, "wrong arguments"},
        {{"/aux/1/more", {std::string("ch/1")}}, "not heard"},
        {{"/aux/1/more", {std::string("nobody")}}, "no send"},
        {{"/aux/77/less", {std::string("ch/1")}}, "only"}};
    for (const auto& one : wrong) {
        const Message& message = one.first;
        const std::string& hint = one.second;
        CAPTURE(say(message));
        talk.me.send(message);
        const auto error = talk.me.wait("/error");
        REQUIRE(error);
        CHECK(error->text(0) == message.address);
        CHECK_MESSAGE(say(*error).find(hint) != std::string::npos, say(*error));
    }
}

TEST_CASE("desk: an automix is set and seen on its meters") {
    Talk talk;
    OscPeer& me = talk.me;
    me.send({"/ch/[1-4]/automix/group", {std::string("a")}});
    me.send({"/automix/1/on", {true}});
    CHECK(me.get("/ch/4/automix/group") == Message{"/ch/4/automix/group", {std::string("a")}});
    // Silence is shared equally: a quarter of the power each.
    const bool seen = poll_until(
        [&] {
            me.send({"/meters", {std::string("/ch/4"), 20.0f, std::int32_t{1}}});
            const auto reading = me.wait("/meters/ch/4");
            return reading && reading->arguments.size() == 13 &&
                   std::abs(std::get<float>(reading->arguments[12]) - 6.02f) < 0.01f;
        },
        Milliseconds(3000));
    CHECK(seen);
}

TEST_SUITE_END();

}  // namespace strips_test
}  // namespace mixrig::tests
