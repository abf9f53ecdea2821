// What a client may see: leaves and meters, by its role.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/control/x32/tablet.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::x32;
using namespace mixrig::control::x32::test;

namespace {

float real_at(const Packet& packet, std::size_t from_end) {
    const std::uint8_t* at = packet.data() + packet.size() - from_end;
    return std::bit_cast<float>(at[0] | static_cast<std::uint32_t>(at[1]) << 8 |
                                static_cast<std::uint32_t>(at[2]) << 16 |
                                static_cast<std::uint32_t>(at[3]) << 24);
}

// The numbers of a meter of an X32.
std::vector<float> meter(Rig& rig, Tablet& client, int number, std::size_t count) {
    client.send("/meters", std::string_view("/meters/" + std::to_string(number)));
    rig.turn();
    const auto packets = client.take();
    client.send("/unsubscribe");
    rig.turn();
    client.take();
    std::vector<float> out;
    REQUIRE(packets.size() == 1);
    for (std::size_t i = 0; i < count; ++i) out.push_back(real_at(packets[0], (count - i) * 4));
    return out;
}

MeterLine& line(Rig& rig, std::string_view address) {
    return *std::find_if(rig.meters.begin(), rig.meters.end(),
                         [&](const MeterLine& one) { return one.address == address; });
}

}  // namespace

TEST_CASE("x32 sight: a musician reads names and the own mix, all else as at power-on") {
    Rig rig(kX32Dialect, param::DeskShape::of(8, 1, 2, 1, 1), {.port = 0, .name = "My desk"},
            "musician 2");
    rig.scenes = {"x32-003 Secret"};
    (void)rig.desk.set_text(rig.slot("/ch/1/name"), "Kick", kDeskItself);
    for (const char* ours : {"/ch/1/fader", "/aux/1/fader", "/aux/2/fader",
                             "/ch/1/send/aux/1/level", "/ch/1/send/aux/2/level"})
        rig.set(ours, -5.0f);
    (void)rig.desk.set_text(rig.slot("/fx/1/type"), "echo", kDeskItself);
    rig.set("/fx/1/echo/time", 1234.0f);
    rig.set("/ch/1/solo", 1.0f);
    Tablet client(rig);
    client.send("/xremote");
    rig.turn();
    client.take();
    CHECK(client.ask("/-prefs/name") == "/-prefs/name s My desk");
    CHECK(client.ask("/node", std::string_view("ch/01/mix")) ==
          "node s /ch/01/mix ON -oo ON +0 OFF -oo\n");
    CHECK(client.ask("/ch/01/config/name") == "/ch/01/config/name s Kick");
    CHECK(client.ask("/ch/01/mix/fader") == "/ch/01/mix/fader f 0");
    CHECK(client.ask("/bus/01/mix/fader") == "/bus/01/mix/fader f 0");
    CHECK(client.ask("/bus/02/mix/fader") == "/bus/02/mix/fader f 0.624633");
    CHECK(client.ask("/ch/01/mix/01/level") == "/ch/01/mix/01/level f 0");
    CHECK(client.ask("/ch/01/mix/02/level") == "/ch/01/mix/02/level f 0.625");
    CHECK(client.ask("/fx/1/type") == "/fx/1/type i 0");
    CHECK(client.ask("/node", std::string_view("fx/1/par")).find("par 100 1.00 ") !=
          std::string::npos);
    CHECK(client.ask("/-stat/solosw/01") == "/-stat/solosw/01 i 0");
    CHECK(client.ask("/-stat/solo") == "/-stat/solo i 0");
    CHECK(client.ask("/-show/showfile/scene/003/hasdata").ends_with(" i 0"));
    CHECK(client.ask("/showdump").find("Secret") == std::string::npos);
    client.send(Writer("/formatsubscribe", "sssiii")
                    .add("x")
                    .add("/ch/01/mix/fader")
                    .add("/bus/02/mix/fader")
                    .add(std::int32_t{0})
                    .add(std::int32_t{0})
                    .add(std::int32_t{80})
                    .packet());
    rig.turn();
    const auto blobs = client.take();
    REQUIRE(blobs.size() == 1);
    CHECK(real_at(blobs[0], 8) == 0.0f);
    CHECK(real_at(blobs[0], 4) == doctest::Approx(0.624633f));
    // Told of what it may read, and of nothing else.
    rig.set("/ch/1/fader", -20.0f);
    rig.set("/aux/2/fader", 0.0f);
    CHECK(client.answer() == "/bus/02/mix/fader f 0.749756");
    // What is refused is told back as it is seen.
    CHECK(client.ask("/ch/01/mix/fader", 0.5f) == "/ch/01/mix/fader f 0");
    CHECK(client.ask("/fx/1/par/02", 0.9f).starts_with("/fx/1/par/02 f 0.5"));
    CHECK(client.ask("/-stat/selidx", std::int32_t{5}).empty());
    CHECK(client.ask("/headamp/001/gain", 0.5f).empty());
    CHECK(rig.number("/ch/1/fader") == -20.0f);
}

TEST_CASE("x32 sight: meters are silent for who may not see them") {
    Config config{.port = 0};
    config.rights = 7;  // nobody's
    Rig rig(kX32Dialect, param::DeskShape::of(8, 1, 1, 1, 1), config);
    line(rig, "/meters/ch/1").dB[1] = -6.0f;
    Tablet client(rig);
    CHECK(meter(rig, client, 0, 70)[0] == 0.0f);
    Rig open(kX32Dialect, param::DeskShape::of(8, 1, 1, 1, 1), {.port = 0}, "viewer");
    line(open, "/meters/ch/1").dB[1] = -6.0f;
    Tablet viewer(open);
    CHECK(meter(open, viewer, 0, 70)[0] == doctest::Approx(0.501187));
}

TEST_CASE("x32 sight: sends of the selected strip, what effects give, the loudest of a DCA") {
    Rig rig(kX32Dialect, param::DeskShape::of(40, 2, 6, 4, 3));
    line(rig, "/meters/ch/2").dB = {-10, -20, -30, -33, 0, 0, 0, 0, 0, 0, 0, 0, 6.0206f};
    line(rig, "/meters/ch/3").dB[2] = -12.0f;
    line(rig, "/meters/aux/1").dB = {-10, -14, -30, -33, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    line(rig, "/meters/fx/3").dB[0] = -6.0f;
    Tablet client(rig);
    client.send("/-stat/selidx", std::int32_t{1});
    for (const char* ours :
         {"/ch/2/send/aux/1/level", "/ch/2/send/aux/2/level", "/ch/2/send/fx/1/level"})
        rig.set(ours, -10.0f);
    rig.set("/ch/2/send/aux/3/level", 5.0f);
    rig.set("/ch/2/send/aux/3/on", 0.0f);
    rig.set("/ch/2/send/aux/1/tap", 2.0f);
    rig.set("/ch/2/send/aux/2/tap", 0.0f);
    rig.set("/ch/2/send/fx/1/tap", 1.0f);
    rig.set("/ch/2/to", param::kRouteFirstSub + 1.0f);
    rig.turn();
    const auto gain = [](double dB) { return doctest::Approx(std::pow(10.0, dB / 20.0)); };
    const auto sends = meter(rig, client, 7, 16);
    CHECK(sends[0] == gain(-40.0));  // behind the fader
    CHECK(sends[1] == gain(-20.0));  // input
    CHECK(sends[2] == 0.0f);         // off
    CHECK(sends[7] == gain(-30.0));  // the second subgroup
    CHECK(sends[6] == 0.0f);
    CHECK(sends[12] == gain(-30.0));  // before the fader
    CHECK(sends[13] == 0.0f);
    client.send("/-stat/selidx", std::int32_t{48});  // the first bus
    rig.set("/aux/1/send/mtx/2/level", -6.0f);
    rig.turn();
    const auto matrices = meter(rig, client, 8, 6);
    CHECK(matrices[0] == 0.0f);
    CHECK(matrices[1] == gain(-36.0));
    CHECK(meter(rig, client, 7, 16)[0] == 0.0f);

    const auto effects = meter(rig, client, 9, 32);
    CHECK(effects[2 * 4 + 0] == 0.0f);
    CHECK(effects[2 * 4 + 2] == gain(-6.0));
    CHECK(effects[2 * 4 + 3] == gain(-6.0));
    CHECK(effects[0 * 4 + 2] == 0.0f);

    rig.set("/ch/2/dca", 4.0f);
    rig.set("/ch/3/dca", 6.0f);
    const auto groups = meter(rig, client, 5, 27);
    CHECK(groups[16 + 0] == 0.0f);
    CHECK(groups[16 + 1] == gain(-12.0));
    CHECK(groups[16 + 2] == gain(-12.0));
    rig.set("/ch/3/dca", 2.0f);
    CHECK(meter(rig, client, 5, 27)[16 + 2] == gain(-30.0));
    // The gains of an automix are -256 for half.
    client.send("/meters", std::string_view("/meters/16"));
    rig.turn();
    const auto packets = client.take();
    REQUIRE(packets.size() == 1);
    const Packet& packet = packets[0];
    const std::size_t second = packet.size() - 14;
    CHECK(packet[second] == 0x00);
    CHECK(packet[second + 1] == 0xff);
}
