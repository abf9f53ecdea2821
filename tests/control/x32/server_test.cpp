// Clients side by side: what each is told, what streams to it, what it may not.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/control/x32/tablet.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::x32;
using namespace mixrig::control::x32::test;

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::int32_t word_at(const Packet& packet, std::size_t from_end) {
    const std::uint8_t* at = packet.data() + packet.size() - from_end;
    std::uint32_t word = 0;
    for (const unsigned byte : {3u, 2u, 1u, 0u}) word = word << 8 | at[byte];
    return static_cast<std::int32_t>(word);
}

}  // namespace

TEST_CASE("x32 server: four clients each see what the others do, once, and not their own") {
    Rig rig;
    std::vector<std::unique_ptr<Tablet>> clients;
    for (int i = 0; i < 4; ++i) clients.push_back(std::make_unique<Tablet>(rig));
    for (auto& client : clients) client->send("/xremote");
    rig.turn();
    for (std::size_t i = 0; i < 4; ++i) {
        const auto channel = static_cast<float>(i);
        clients[i]->send("/ch/0" + std::to_string(i + 1) + "/mix/pan", 0.25f + 0.1f * channel);
        clients[i]->send("/ch/0" + std::to_string(i + 1) + "/mix/on", std::int32_t{0});
        // What stands for nothing of ours as well.
        clients[i]->send("/outputs/main/0" + std::to_string(i + 1) + "/src", std::int32_t{5});
    }
    rig.turn();
    for (std::size_t i = 0; i < 4; ++i) {
        const auto texts = clients[i]->texts();
        CHECK(texts.size() == 9);
        CHECK(std::none_of(texts.begin(), texts.end(), [&](const std::string& text) {
            return text.starts_with("/ch/0" + std::to_string(i + 1));
        }));
    }
    // A set that changes nothing is told to nobody, one of ours to all; of many in a turn the last.
    clients[0]->send("/ch/01/mix/on", std::int32_t{0});
    for (const float dB : {-20.0f, -10.0f, 0.0f}) rig.set("/ch/9/fader", dB);
    rig.set("/ch/10/fader", -90.0f);
    rig.set("/ch/9/eq/1/freq", 80.01f);
    rig.turn();
    for (auto& client : clients) {
        const auto texts = client->texts();
        CHECK(std::count_if(texts.begin(), texts.end(), [](const std::string& text) {
                  return text.starts_with("/ch/09/mix/fader");
              }) == 1);
        CHECK(std::count(texts.begin(), texts.end(), "/ch/10/mix/fader f 0") == 1);
        // 80.01 Hz is the same step as 80.
        CHECK(std::none_of(texts.begin(), texts.end(),
                           [](const std::string& text) { return text.starts_with("/ch/09/eq"); }));
    }
}

TEST_CASE(
    "x32 server: a registration ends by itself, by /unsubscribe, not by being late a little") {
    Rig rig;
    Tablet client(rig), other(rig);
    const auto is_told = [&] {
        rig.set("/ch/1/fader", rig.number("/ch/1/fader") > -20.0f ? -40.0f : 0.0f);
        rig.turn();
        return !client.texts().empty();
    };
    CHECK_FALSE(is_told());
    client.send("/xremote");
    rig.turn();
    CHECK(is_told());
    rig.turn(1, 11 * kSecond);
    CHECK(is_told());
    rig.turn(1, 2 * kSecond);
    CHECK_FALSE(is_told());
    client.send("/xremote");
    rig.turn();
    client.send("/unsubscribe");
    rig.turn();
    CHECK_FALSE(is_told());
}

TEST_CASE("x32 server: an X-Air tells a client of its own sets, unless it wants no feedback") {
    Rig rig(kAirDialect, param::DeskShape::of(16, 1, 4, 4, 1));
    Tablet client(rig);
    client.send("/xremote");
    CHECK(client.ask("/ch/01/mix/on", std::int32_t{0}) == "/ch/01/mix/on i 0");
    client.send("/xremotenfb");
    CHECK(client.ask("/ch/01/mix/on", std::int32_t{1}).empty());
    rig.set("/fx/1/fader", 10.0f);
    CHECK(client.answer() == "/rtn/1/mix/fader f 1");
    rig.set("/ch/1/send/fx/2/level", 10.0f);
    CHECK(client.answer() == "/ch/01/mix/08/level f 1");
    // Group reads with blanks in numbers that are no numbers elsewhere.
    CHECK(client.ask("/config/buslink") == "/config/buslink i 0 i 0 i 0");
    rig.scenes = {"x32-005 Five"};
    rig.turn(1, 3 * kSecond);
    client.send("/xremotenfb");
    rig.turn();
    client.take();
    client.send("/-snap/load", std::int32_t{5});
    rig.turn();
    CHECK(rig.actions == std::vector<std::string>{"/scene/recall x32-005 Five"});
    CHECK(client.ask("/-snap/index").find("/-snap/index i 5") != std::string::npos);
    CHECK(client.ask("/-snap/05/name") == "/-snap/05/name s Five");
}

TEST_CASE("x32 server: a subscription streams at its pace for ten seconds") {
    Rig rig;
    Tablet client(rig);
    const auto count = [&](std::int64_t milliseconds) {
        std::size_t packets = 0;
        for (std::int64_t ms = 0; ms < milliseconds; ms += 5) {
            rig.turn(1, 5'000'000);
            packets += client.take().size();
        }
        return packets;
    };
    client.send(Writer("/subscribe", "si").add("/ch/01/mix/fader").add(std::int32_t{2}).packet());
    CHECK(count(1000) == 10);
    CHECK(count(10'000) == doctest::Approx(90).epsilon(0.03));
    CHECK(count(1000) == 0);
    client.send(Writer("/subscribe", "si").add("/ch/01/mix/fader").add(std::int32_t{40}).packet());
    CHECK(count(11'000) == 5);
    client.send(Writer("/subscribe", "s").add("/ch/01/mix/fader").packet());
    count(9000);
    client.send("/renew");
    CHECK(count(5000) == 100);
    client.send("/unsubscribe", std::string_view("ch/01/mix/fader"));
    CHECK(count(1000) <= 1);
    // At most so many, and nothing of what there is not.
    for (int i = 0; i < 100; ++i)
        client.send(Writer("/batchsubscribe", "ssiii")
                        .add("alias" + std::to_string(i))
                        .add("/meters/1")
                        .add(std::int32_t{0})
                        .add(std::int32_t{0})
                        .add(std::int32_t{1})
                        .packet());
    client.send("/subscribe", std::string_view("/no/such/leaf"));
    rig.turn();
    CHECK(client.take().size() == kMostStreams);
}

TEST_CASE("x32 server: a format subscription packs leaves into one little-endian blob") {
    Rig rig;
    Tablet client(rig);
    client.send(Writer("/formatsubscribe", "ssiii")
                    .add("/testme")
                    .add("/ch/**/mix/on")
                    .add(std::int32_t{1})
                    .add(std::int32_t{2})
                    .add(std::int32_t{80})
                    .packet());
    rig.turn();
    const auto packets = client.take();
    REQUIRE(packets.size() == 1);
    CHECK(to_hex(packets[0]) == "2f746573746d65002c6200000000000c0c0000000100000001000000");
    client.send(Writer("/formatsubscribe", "sssiii")
                    .add("hidden/x")
                    .add("/ch/01/config/name")
                    .add("/dca/*/on")
                    .add(std::int32_t{1})
                    .add(std::int32_t{8})
                    .add(std::int32_t{4})
                    .packet());
    rig.turn();
    const auto more = client.take();
    REQUIRE(more.size() == 1);
    CHECK(word_at(more[0], 4 + 32 + 8 * 4) == 4 + 32 + 8 * 4);
    CHECK(std::string(reinterpret_cast<const char*>(more[0].data())) == "hidden/x");
}

TEST_CASE("x32 server: meters have the sizes and the numbers of the dialect") {
    struct Size {
        int meter;
        std::int32_t count;
        std::size_t bytes;
    };
    Rig rig;
    rig.meters[0].dB = {-6.0f, -12.0f, -20.0f, -18.0f, 0, 0, 0, 3.0f, 6.0f, 0, 0, 0, 0};
    Tablet client(rig);
    const auto ask = [&](int meter) {
        client.send("/meters", std::string_view("/meters/" + std::to_string(meter)));
        rig.turn();
        const auto packets = client.take();
        client.send("/unsubscribe");
        rig.turn();
        client.take();
        return packets.empty() ? Packet{} : packets[0];
    };
    for (const Size& size :
         {Size{0, 70, 280}, Size{1, 96, 384}, Size{2, 49, 196}, Size{3, 22, 88}, Size{4, 82, 328},
          Size{5, 27, 108}, Size{6, 4, 16}, Size{7, 16, 64}, Size{8, 6, 24}, Size{9, 32, 128},
          Size{10, 32, 128}, Size{11, 5, 20}, Size{12, 4, 16}, Size{13, 48, 192}, Size{14, 80, 320},
          Size{15, 50, 200}, Size{16, 48, 192}}) {
        const Packet packet = ask(size.meter);
        CAPTURE(size.meter);
        REQUIRE(packet.size() > size.bytes + 4);
        CHECK(word_at(packet, size.bytes + 4) == size.count);
    }
    CHECK(ask(17).empty());
    // Channel 1 of meter 6: behind trim, gains of gate and compressor, behind the fader.
    const Packet strip = ask(6);
    const auto value = [&](std::size_t from_end) {
        return std::bit_cast<float>(word_at(strip, from_end));
    };
    CHECK(value(16) == doctest::Approx(0.501187));
    CHECK(value(12) == doctest::Approx(0.707946));
    CHECK(value(8) == doctest::Approx(0.501187));
    CHECK(value(4) == doctest::Approx(0.125893));

    Rig air(kAirDialect, param::DeskShape::of(16, 1, 4, 4, 1));
    air.meters[0].dB = rig.meters[0].dB;
    Tablet pad(air);
    for (const Size& size :
         {Size{0, 8, 16}, Size{1, 40, 80}, Size{2, 36, 72}, Size{3, 56, 112}, Size{4, 100, 200},
          Size{5, 44, 88}, Size{6, 39, 80}, Size{7, 16, 32}, Size{8, 4, 8}, Size{9, 4, 8}}) {
        pad.send("/meters", std::string_view("meters/" + std::to_string(size.meter)));
        air.turn();
        const auto packets = pad.take();
        CAPTURE(size.meter);
        REQUIRE(packets.size() == 1);
        CHECK(word_at(packets[0], size.bytes + 4) == size.count);
        pad.send("/unsubscribe");
        air.turn();
    }
}

TEST_CASE("x32 server: 8000 values sent at once all arrive") {
    Rig rig;
    Tablet client(rig);
    constexpr int kMessages = 8000;
    const Tree& tree = rig.server->surface().tree();
    for (LeafId leaf = 0; leaf < kMessages; ++leaf)
        client.send(tree.address(leaf), std::int32_t{1});
    for (int i = 0; i < 40; ++i) rig.turn();
    CHECK(rig.server->counters().packets == kMessages);
    CHECK(rig.server->counters().dropped == 0);
}

TEST_CASE("x32 server: the table of clients is bounded, a flood is cut, strangers are not heard") {
    Rig rig(kX32Dialect, param::DeskShape::of(8, 1, 1, 1, 1));
    std::vector<std::unique_ptr<Tablet>> clients;
    for (std::size_t i = 0; i < kMostClients; ++i) {
        clients.push_back(std::make_unique<Tablet>(rig));
        clients.back()->send("/xremote");
    }
    rig.turn();
    Tablet late(rig);
    CHECK(late.ask("/info").empty());
    clients[0]->send("/unsubscribe");
    rig.turn();
    CHECK_FALSE(late.ask("/info").empty());
    for (int i = 0; i < 30'000; ++i) {
        late.send("/info");
        if (i % 400 == 0) rig.turn(1, 1000), late.take();
    }
    rig.turn(10, 1000);
    CHECK(rig.server->counters().dropped > 5000);
    // Nobody but those of the list.
    Rig closed(kX32Dialect, param::DeskShape::of(8, 1, 1, 1, 1),
               {.port = 0, .allow = {"10.1.2.3"}});
    Tablet stranger(closed);
    CHECK(stranger.ask("/info").empty());
    CHECK(closed.server->counters().refused == 1);
}

TEST_CASE("x32 server: who may do nothing changes nothing, and sees a desk just switched on") {
    Config config{.port = 0};
    config.rights = 7;  // nobody's
    Rig rig(kX32Dialect, param::DeskShape::of(8, 1, 1, 1, 1), config);
    Tablet client(rig);
    client.send("/ch/01/mix/fader", 1.0f);
    client.send("/outputs/main/01/src", std::int32_t{9});
    client.send("/", std::string_view("ch/01/config \"Mine\""));
    client.send("/-action/clearsolo", std::int32_t{1});
    client.send("/-action/goscene", std::int32_t{1});
    rig.turn();
    client.take();
    CHECK(client.ask("/ch/01/mix/fader") == "/ch/01/mix/fader f 0");  // nor sees anything
    CHECK(client.ask("/outputs/main/01/src") == "/outputs/main/01/src i 0");
    CHECK(client.ask("/ch/01/config/name") == "/ch/01/config/name s ");
    CHECK(rig.number("/ch/1/fader") == 0.0f);
    CHECK(rig.actions.empty());
}

TEST_CASE("x32 server: a musician moves his own mix, as far and as often as he may") {
    Rig rig(kX32Dialect, param::DeskShape::of(8, 1, 2, 1, 1), {.port = 0}, "musician 2");
    Tablet client(rig);
    client.send("/xremote");
    client.send("/bus/02/mix/fader", 0.5f);
    client.send("/bus/01/mix/fader", 0.5f);
    client.send("/ch/03/mix/fader", 0.5f);
    rig.turn();
    CHECK(rig.number("/aux/2/fader") == doctest::Approx(-10.0).epsilon(0.01));
    CHECK(rig.number("/aux/1/fader") == 0.0f);
    CHECK(rig.number("/ch/3/fader") == 0.0f);
    // Louder than he may: he is told where it stands.
    client.take();
    CHECK(client.ask("/bus/02/mix/fader", 1.0f) == "/bus/02/mix/fader f 0.749756");
    CHECK(rig.number("/aux/2/fader") == 0.0f);
    std::size_t changes = 0;
    const std::size_t watch = rig.desk.observe([&](const Change&) { ++changes; });
    for (int i = 0; i < 1000; ++i) client.send("/bus/02/mix/fader", i % 2 == 0 ? 0.25f : 0.5f);
    rig.turn(4, 1000);
    rig.desk.unobserve(watch);
    CHECK(changes > 100);
    CHECK(changes <= 200);
}
