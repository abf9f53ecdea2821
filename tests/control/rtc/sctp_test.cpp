// Tests of our side of SCTP against usrsctp, over a wire that is made up, in a time of its own.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/sctp.h"

#include "control/rtc/sctp_wire.h"
#include "tests/control/rtc/usrsctp_peer.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

using namespace mixrig::control;
using namespace mixrig::control::rtc;
using rtc_page::UsrsctpPeer;

namespace sctp_test {

constexpr std::int64_t kMillisecond = 1'000'000;

// Both sides; each packet is late by its own time, and lost or not.
struct Line {
    struct Way {
        struct Packet {
            std::int64_t due;
            std::vector<std::uint8_t> bytes;
        };
        std::vector<Packet> waiting = {};
        std::size_t carried = 0;
    };

    void put(Way& way, Bytes packet) {
        std::uniform_real_distribution<double> any;
        ++way.carried;
        if (any(random) < loss) return;
        const double late = any(random) < hurried ? 0.0 : low + (high - low) * any(random);
        way.waiting.push_back(
            {now + static_cast<std::int64_t>(late * kMillisecond), {packet.begin(), packet.end()}});
    }
    template <typename Take>
    void bring(Way& way, Take take) {
        std::stable_sort(way.waiting.begin(), way.waiting.end(),
                         [](const auto& a, const auto& b) { return a.due < b.due; });
        while (!way.waiting.empty() && way.waiting.front().due <= now) {
            const auto packet = std::move(way.waiting.front().bytes);
            way.waiting.erase(way.waiting.begin());
            take(packet);
        }
    }
    void step() {
        now += kMillisecond;
        bring(to_page, [&](const auto& packet) { page.take(packet); });
        bring(to_desk, [&](const auto& packet) { desk.take(packet, now); });
        UsrsctpPeer::turn(now);
        desk.turn(now);
    }
    void run(int milliseconds) {
        for (int n = 0; n < milliseconds; ++n) step();
    }
    bool open() {
        page.call();
        for (int n = 0; n < 60'000 && !(page.is_open() && desk.is_open()); ++n) step();
        return page.is_open() && desk.is_open();
    }
    // A message that is its own time.
    Sent tell() {
        std::vector<std::uint8_t> message(80);
        std::memcpy(message.data(), &now, sizeof now);
        return desk.send(message, now);
    }

    std::mt19937 random{1};
    double loss = 0.0, low = 1.0, high = 1.0, hurried = 0.0;  // ms
    static inline std::int64_t now = kMillisecond;  // of usrsctp's timers, which are for all
    Way to_page, to_desk;
    std::vector<double> ages = {};  // of messages when they came, ms
    std::vector<std::int64_t> seen = {};
    Sctp desk{[this](Bytes packet) { put(to_page, packet); }};
    UsrsctpPeer page{{.send = [this](Bytes packet) { put(to_desk, packet); },
                      .receive =
                          [this](Bytes message) {
                              std::int64_t when = 0;
                              std::memcpy(&when, message.data(), sizeof when);
                              ages.push_back(static_cast<double>(now - when) / kMillisecond);
                              seen.push_back(when);
                          }}};
};

}  // namespace sctp_test

using namespace sctp_test;

TEST_CASE("sctp: the checksum is that of RFC 3720's examples") {
    // Appendix B.4: 32 bytes of zeros; of ones; rising.
    CHECK(sctp_checksum(std::vector<std::uint8_t>(32, 0)) == 0x8A9136AA);
    std::vector<std::uint8_t> rising(32);
    for (std::size_t i = 0; i < rising.size(); ++i) rising[i] = static_cast<std::uint8_t>(i);
    // The field of the sum itself counts as zero, so only sums over whole packets are ours to make.
    std::vector<std::uint8_t> packet = SctpWriter(1, 2, 3).chunk(chunk::kCookieAck).take();
    CHECK(is_sctp(packet));
    for (std::size_t byte = 0; byte < packet.size(); ++byte) {
        packet[byte] ^= 0x10;
        CHECK(!is_sctp(packet));
        packet[byte] ^= 0x10;
    }
}

TEST_CASE("sctp: who is called opens, tells, and hears the end") {
    Line line;
    CHECK(line.tell() == Sent::full);
    REQUIRE(line.open());
    for (int n = 0; n < 10; ++n) CHECK(line.tell() == Sent::done);
    line.run(10);
    CHECK(line.ages.size() == 10);
    line.desk.end();
    line.run(10);
    CHECK(line.page.is_gone());
    CHECK(line.tell() == Sent::gone);
}

TEST_CASE("sctp: what a page says is acknowledged, and said once") {
    Line line;
    REQUIRE(line.open());
    line.page.send(std::vector<std::uint8_t>(500, 1));
    line.page.send(std::vector<std::uint8_t>(500, 2));
    line.run(2000);
    const std::size_t after = line.to_desk.carried;
    line.run(10'000);
    // Nothing but a sign of life now and then: usrsctp asks every 30 s.
    CHECK(line.to_desk.carried - after <= 2);
}

// At 200 a second, as many as UDP peers are told: all but the lost come, none waits for another.
TEST_CASE("sctp: over a bad wire what is not lost comes as late as the wire is") {
    struct Wire {
        double low, high, hurried;
    };
    for (const Wire& wire :
         {Wire{200.0, 200.0, 0.0}, Wire{50.0, 150.0, 0.0}, Wire{50.0, 150.0, 0.25}}) {
        CAPTURE(wire.low);
        CAPTURE(wire.hurried);
        Line line;
        line.loss = 0.2, line.low = wire.low, line.high = wire.high, line.hurried = wire.hurried;
        REQUIRE(line.open());
        constexpr int kMessages = 4000;
        int taken = 0;
        for (int n = 0; n < kMessages; ++n) {
            taken += line.tell() == Sent::done ? 1 : 0;
            line.run(5);
        }
        line.run(1000);
        CHECK(taken == kMessages);
        // Binomial with p = 0.8: five standard deviations; none twice.
        const double share = static_cast<double>(line.seen.size()) / kMessages;
        CHECK(share > 0.8 - 5.0 * std::sqrt(0.16 / kMessages));
        CHECK(share < 0.8 + 5.0 * std::sqrt(0.16 / kMessages));
        std::sort(line.seen.begin(), line.seen.end());
        CHECK(std::adjacent_find(line.seen.begin(), line.seen.end()) == line.seen.end());
        CHECK(*std::max_element(line.ages.begin(), line.ages.end()) <= wire.high + 1.0);
        MESSAGE("late by ", wire.low, " to ", wire.high, " ms: ", line.seen.size(), " of ", taken,
                " came");
    }
}

TEST_CASE("sctp: into a wire that is cut goes a trickle, and all again when it is mended") {
    Line line;
    REQUIRE(line.open());
    line.loss = 1.0;
    int taken = 0;
    for (int n = 0; n < 10'000; ++n) {
        if (n % 5 == 0 && line.tell() == Sent::done) ++taken;
        line.step();
    }
    // 3 s at 200 a second, then one in 300 ms.
    CHECK(taken >= 600);
    CHECK(taken <= 600 + 7000 / 300 + 2);
    line.loss = 0.0;
    line.run(1000);
    line.ages.clear();
    for (int n = 0; n < 200; ++n) {
        CHECK(line.tell() == Sent::done);
        line.run(5);
    }
    CHECK(line.ages.size() == 200);
}

TEST_CASE("sctp: after an hour of silence one that is lost slows nothing down") {
    Line line;
    REQUIRE(line.open());
    Line::now += 3'600'000 * kMillisecond;
    line.loss = 1.0;
    CHECK(line.tell() == Sent::done);
    line.run(1000);
    CHECK(line.tell() == Sent::done);
}

TEST_CASE(
    "sctp: random damage behind a right checksum ends or changes nothing that it should not") {
    std::mt19937 random(1);
    for (int round = 0; round < 3000; ++round) {
        std::size_t answers = 0;
        Sctp desk([&](Bytes) { ++answers; });
        std::vector<std::uint8_t> call = SctpWriter(5000, 5000, 0)
                                             .chunk(chunk::kInit)
                                             .put_32(7)
                                             .put_32(65536)
                                             .put_16(1)
                                             .put_16(1)
                                             .put_32(9)
                                             .take();
        desk.take(call, 1);
        CHECK(answers == 1);
        for (int n = 0; n < 5; ++n) {
            std::vector<std::uint8_t> packet(4 * (random() % 20 + 4));
            for (std::uint8_t& byte : packet) byte = static_cast<std::uint8_t>(random() % 16);
            const std::uint32_t sum = sctp_checksum(packet);
            for (std::size_t i = 0; i < 4; ++i)
                packet[8 + i] = static_cast<std::uint8_t>(sum >> (8 * i));
            desk.take(packet, 2);
        }
        // Nobody but the peer knows the tag.
        CHECK(!desk.is_open());
        CHECK(!desk.is_gone());
    }
}
