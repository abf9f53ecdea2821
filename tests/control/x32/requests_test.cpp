// Requests and their answers, byte by byte where the specification has the bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/control/x32/tablet.h"

#include <doctest/doctest.h>

#include <string>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::x32;
using namespace mixrig::control::x32::test;

namespace {

std::string hex_answer(Rig& rig, Tablet& client, const char* request) {
    client.send(from_hex(request));
    rig.turn();
    std::string out;
    for (const Packet& packet : client.take()) out += to_hex(packet);
    return out;
}

}  // namespace

TEST_CASE("x32 requests: the vectors of the specification, byte by byte") {
    Rig rig(kX32Dialect, param::DeskShape::of(40, 2, 6, 4, 3), {.port = 0, .name = "osc-server"});
    Tablet client(rig);
    // Untagged, as most clients ask.
    CHECK(hex_answer(rig, client, "2f696e666f000000") ==
          "2f696e666f0000002c7373737300000056322e30370000006f73632d736572766572000058333200342e3036"
          "00000000");
    rig.set("/ch/1/fader", 3.0f);
    CHECK(hex_answer(rig, client, "2f63682f30312f6d69782f666164657200000000") ==
          "2f63682f30312f6d69782f6661646572000000002c6600003f5334cd");
    for (const char* line : {"ch/01/eq/1 PEQ 124.7 +0.00 2.0"}) {
        client.send("/", std::string_view(line));
        rig.turn();
        client.take();
    }
    CHECK(hex_answer(rig, client, "2f63682f30312f65712f3100") ==
          "2f63682f30312f65712f31002c69666666000000000000023e87ae143f0000003eedf8ca");
    client.send("/ch/01/config/name", std::string_view("Kick"));
    client.send("/ch/01/config/color", std::int32_t{3});
    client.send("/ch/01/config/source", std::int32_t{0});
    CHECK(hex_answer(rig, client, "2f63682f30312f636f6e66696700000000000000").empty() == false);
    CHECK(
        hex_answer(rig, client, "2f63682f30312f636f6e666967000000") ==
        "2f63682f30312f636f6e6669670000002c736969690000004b69636b00000000000000010000000300000000");
    CHECK(hex_answer(rig, client, "2f6e6f64650000002c73000063682f30312f65712f310000") ==
          "6e6f6465000000002c7300002f63682f30312f65712f3120504551203132342e37202b302e303020322e300a"
          "00000000");
    const char* set = "2f0000002c73000063682f30312f6d6978204f4e202d352e30204f4e202b323000000000";
    CHECK(hex_answer(rig, client, set) == set);
    CHECK(client.ask("/node", std::string_view("ch/01/mix")) ==
          "node s /ch/01/mix ON -5.0 ON +20 OFF -oo\n");
    CHECK(rig.number("/ch/1/fader") == doctest::Approx(-5.0).epsilon(0.005));
    // No message, no answer; nor has an unknown one.
    for (const char* bad : {"", "2f", "2f696e666f", "23", "2c730000", "2f78782f797900002c69000000",
                            "2362756e646c65000000000000000001ffffffff2f696e66"})
        CHECK(hex_answer(rig, client, bad).empty());
}

TEST_CASE("x32 requests: who the desk is, and by which address it is reached") {
    Rig rig(kX32Dialect, param::DeskShape::of(8, 1, 1, 1, 1), {.port = 0, .name = "My desk"});
    Tablet client(rig);
    CHECK(client.ask("/info") == "/info s V2.07 s My desk s X32 s 4.06");
    CHECK(client.ask("/xinfo") == "/xinfo s 127.0.0.1 s My desk s X32 s 4.06");
    CHECK(client.ask("/status") == "/status s active s 127.0.0.1 s My desk");
    CHECK(client.ask("/-prefs/name") == "/-prefs/name s My desk");
    Rig air(kAirDialect, param::DeskShape::of(16, 1, 4, 4, 1),
            {.port = 0, .model = "XR18", .firmware = "1.17"});
    Tablet pad(air);
    CHECK(pad.ask("/info") == "/info s V0.04 s mixrig s XR18 s 1.17");
}

TEST_CASE("x32 requests: a leaf takes what clients send, and answers in its own type") {
    Rig rig;
    Tablet client(rig);
    const auto after = [&](auto value) {
        client.send("/ch/01/gate/mode", value);
        return client.ask("/ch/01/gate/mode");
    };
    CHECK(after(std::int32_t{1}) == "/ch/01/gate/mode i 1");
    CHECK(after(2.9f) == "/ch/01/gate/mode i 2");
    CHECK(after(std::string_view("DUCK")) == "/ch/01/gate/mode i 4");
    CHECK(after(std::string_view("3")) == "/ch/01/gate/mode i 3");
    CHECK(after(std::int32_t{99}) == "/ch/01/gate/mode i 4");
    CHECK(after(std::int32_t{-5}) == "/ch/01/gate/mode i 0");
    client.send("/ch/01/mix/fader", std::string_view("-5.0"));
    CHECK(client.ask("/ch/01/mix/fader") == "/ch/01/mix/fader f 0.624633");
    client.send("/ch/01/mix/fader", std::int32_t{1});
    CHECK(client.ask("/ch/01/mix/fader") == "/ch/01/mix/fader f 1");
    client.send("/ch/01/mix/fader", -3.0f);
    CHECK(client.ask("/ch/01/mix/fader") == "/ch/01/mix/fader f 0");
    client.send("/ch/01/mix/fader", 0.75f);
    client.send("/ch/01/mix/fader", std::numeric_limits<float>::quiet_NaN());
    CHECK(client.ask("/ch/01/mix/fader") == "/ch/01/mix/fader f 0.749756");
    client.send("/ch/01/config/name", std::string_view("Sn\"are"));
    CHECK(client.ask("/ch/01/config/name") == "/ch/01/config/name s Sn'are");
    client.send("/ch/01/config/name", std::string_view(""));
    CHECK(client.ask("/ch/01/config/name") == "/ch/01/config/name s ");
    client.send(Writer("/ch/01/mix/on", "T").packet());
    CHECK(client.ask("/ch/01/mix/on") == "/ch/01/mix/on i 1");
    CHECK(rig.number("/ch/1/mute") == 0.0f);
}

TEST_CASE("x32 requests: nodes are read and written whole, by numbers and by text") {
    Rig rig;
    Tablet client(rig);
    client.send(Writer("/ch/02/mix", "if").add(std::int32_t{0}).add(1.0f).packet());
    CHECK(client.ask("/ch/02/mix") == "/ch/02/mix i 0 f 1 i 1 f 0.5 i 0 f 0");
    CHECK(rig.number("/ch/2/mute") == 1.0f);
    CHECK(rig.number("/ch/2/fader") == 10.0f);
    CHECK(client.ask("/ch/01/eq") == "/ch/01/eq i 0");
    CHECK(client.ask("/ch/01").empty());
    CHECK(client.ask("/", std::string_view("/ch/03/config \"Lead voice\" 41 RD 3")) ==
          "/ s /ch/03/config \"Lead voice\" 41 RD 3");
    CHECK(client.ask("/node", std::string_view("/ch/03/config")) ==
          "node s /ch/03/config \"Lead voice\" 41 RD 3\n");
    CHECK(client.ask("/", std::string_view("config/osc -20.0 1k00")) ==
          "/ s config/osc -20.0 1k00");
    CHECK(rig.number("/oscillator/freq") == doctest::Approx(1000.0).epsilon(0.01));
    CHECK(client.ask("/node", std::string_view("-prefs/rta/visibility")) ==
          "node s /-prefs/rta/visibility OFF\n");
    CHECK(client.ask("/node", std::string_view("ch/99/mix")).empty());
    // A bundle is taken apart.
    Packet bundle = from_hex("2362756e646c65000000000000000001");
    const Writer message = Writer("/ch/04/mix/on", "i").add(std::int32_t{0});
    const Bytes one = message.packet();
    bundle.insert(bundle.end(), {0, 0, 0, static_cast<std::uint8_t>(one.size())});
    bundle.insert(bundle.end(), one.begin(), one.end());
    client.send(bundle);
    rig.turn();
    CHECK(rig.number("/ch/4/mute") == 1.0f);
}

TEST_CASE("x32 requests: scenes by number are scenes of ours by name") {
    Rig rig;
    rig.scenes = {"verse", "x32-003 Chorus", "x32-0xx", "x32-100"};
    Tablet client(rig), other(rig);
    client.send("/xremote");
    other.send("/xremote");
    rig.turn();
    const auto scene = [&](const char* n) {
        return client.ask("/node", std::string_view(std::string("-show/showfile/scene/") + n));
    };
    CHECK(scene("003").find("scene/003 \"Chorus\" \"\" %000000000 1") != std::string::npos);
    client.take();
    CHECK(scene("100").empty());
    CHECK(client.ask("/-action/goscene", std::int32_t{3}).find("prepos/current i 3") !=
          std::string::npos);
    CHECK(rig.actions == std::vector<std::string>{"/scene/recall x32-003 Chorus"});
    CHECK(client.ask("/-action/goscene") == "/-action/goscene i 0");
    rig.actions.clear();
    const std::string saved = [&] {
        client.send(Writer("/save", "siss")
                        .add("scene")
                        .add(std::int32_t{7})
                        .add("A/../b")
                        .add("note")
                        .packet());
        return client.answer();
    }();
    CHECK(saved.find("/save s scene i 1") != std::string::npos);
    CHECK(rig.actions == std::vector<std::string>{"/scene/save x32-007 A .. b"});
    rig.actions.clear();
    CHECK(client.ask("/showdump").find("scene/007 \"A .. b\" \"note\"") != std::string::npos);
    client.send(Writer("/load", "si").add("scene").add(std::int32_t{7}).packet());
    client.send(Writer("/rename", "sis").add("scene").add(std::int32_t{7}).add("Bridge").packet());
    client.send(Writer("/delete", "si").add("scene").add(std::int32_t{7}).packet());
    client.send(Writer("/load", "si").add("scene").add(std::int32_t{7}).packet());
    client.send(
        Writer("/copy", "sii").add("scene").add(std::int32_t{3}).add(std::int32_t{4}).packet());
    const std::string answers = client.answer();
    CHECK(answers.find("/load s scene i 1; ") != std::string::npos);
    // At once, though the disk has not done it yet.
    CHECK(answers.find("/load s scene i 0; ") != std::string::npos);
    CHECK(answers.ends_with("/rename s scene i 1; /delete s scene i 1; /copy s scene i 1"));
    CHECK(rig.actions == std::vector<std::string>{"/scene/recall x32-007 A .. b",
                                                  "/scene/rename x32-007 A .. b x32-007 Bridge",
                                                  "/scene/delete x32-007 Bridge",
                                                  "/scene/copy x32-003 Chorus x32-004 Chorus"});
    CHECK(scene("004").find("scene/004 \"Chorus\" \"\" %000000000 1") != std::string::npos);
    client.send(
        Writer("/copy", "sii").add("scene").add(std::int32_t{50}).add(std::int32_t{4}).packet());
    client.send(
        Writer("/copy", "sii").add("scene").add(std::int32_t{3}).add(std::int32_t{100}).packet());
    CHECK(client.answer() == "/copy s scene i 0; /copy s scene i 0");
    rig.refuses_actions = true;
    client.send(Writer("/load", "si").add("scene").add(std::int32_t{3}).packet());
    CHECK(client.answer() == "/load s scene i 0");
}

TEST_CASE("x32 requests: presets of channels and effects hold what they say") {
    Rig rig;
    Tablet client(rig);
    client.send("/", std::string_view("ch/01/eq/2 PEQ 496.6 +6.00 1.0"));
    client.send("/", std::string_view("ch/01/gate ON GATE -30.0"));
    client.send("/ch/01/mix/fader", 1.0f);
    client.send(Writer("/save", "sisi")
                    .add("libchan")
                    .add(std::int32_t{4})
                    .add("Voice")
                    .add(std::int32_t{0})
                    .packet());
    client.send(Writer("/load", "siii")
                    .add("libchan")
                    .add(std::int32_t{4})
                    .add(std::int32_t{8})
                    .add(std::int32_t{1 << 4})
                    .packet());
    rig.turn();
    client.take();
    CHECK(rig.number("/ch/9/eq/2/gain") == 6.0f);
    CHECK(rig.number("/ch/9/gate/on") == 0.0f);  // not in the scope
    CHECK(rig.number("/ch/9/fader") == 0.0f);
    CHECK(client.ask("/-libs/ch/005") == "/-libs/ch/005 i 5 s Voice i 0 i 0 i 1");
    client.send(
        Writer("/copy", "sii").add("libchan").add(std::int32_t{4}).add(std::int32_t{6}).packet());
    client.send(
        Writer("/copy", "sii").add("libchan").add(std::int32_t{9}).add(std::int32_t{6}).packet());
    client.send(Writer("/load", "siii")
                    .add("libchan")
                    .add(std::int32_t{6})
                    .add(std::int32_t{9})
                    .add(std::int32_t{1 << 4})
                    .packet());
    CHECK(client.answer() == "/copy s libchan i 1; /copy s libchan i 0; /load s libchan i 1");
    CHECK(rig.number("/ch/10/eq/2/gain") == 6.0f);
    CHECK(client.ask("/-libs/ch/007") == "/-libs/ch/007 i 7 s Voice i 0 i 0 i 1");
    client.send(Writer("/load", "siii")
                    .add("libchan")
                    .add(std::int32_t{5})
                    .add(std::int32_t{8})
                    .add(std::int32_t{63})
                    .packet());
    CHECK(client.answer() == "/load s libchan i 0");
}

TEST_CASE("x32 requests: solos, the recorder, undo are actions of ours") {
    Rig rig;
    Tablet client(rig);
    client.send("/-action/clearsolo", std::int32_t{1});
    client.send("/-stat/tape/state", std::int32_t{4});
    client.send("/-stat/tape/state", std::int32_t{0});
    client.send("/-action/doundo", std::int32_t{1});
    client.send("/-action/formatcard", std::int32_t{1});
    rig.turn();
    CHECK(rig.actions ==
          std::vector<std::string>{"/solo/clear", "/record/start", "/record/stop", "/undo"});
    rig.set("/record/state", 1.0f);
    CHECK(client.ask("/-stat/tape/state") == "/-stat/tape/state i 4");
    rig.refuses_actions = true;
    client.send("/-stat/tape/state", std::int32_t{0});
    CHECK(client.ask("/-stat/tape/state") == "/-stat/tape/state i 4");
}
