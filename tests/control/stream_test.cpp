// Framing of TCP streams, and the queue of packets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/framing.h"
#include "control/osc_validate.h"
#include "control/packet_queue.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <deque>
#include <random>

using namespace mixrig::control;
using namespace mixrig::control::test;

namespace stream_test {

// All packets of the stream, fed in pieces of the size.
std::vector<Packet> read(const Packet& stream, std::size_t piece, Framing expected) {
    FrameReader reader;
    std::vector<Packet> out;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
        const Bytes bytes = Bytes(stream).subspan(at, std::min(piece, stream.size() - at));
        CHECK(reader.read(bytes, [&](Bytes p) { out.emplace_back(p.begin(), p.end()); }));
    }
    CHECK(reader.framing() == expected);
    return out;
}

bool fails(const Packet& stream) {
    FrameReader reader;
    return !reader.read(stream, [](Bytes) {});
}

TEST_CASE("framing: packets come out as they went in, whatever pieces the stream comes in") {
    std::vector<Packet> packets = {encode({"/ch/1/fader", {f(-6.0f)}}), encode({"/ping"})};
    // Every byte that SLIP treats specially.
    Packet special = encode({"/x", {{'b', std::string("\xC0\xDB\xDC\xDD\xC0\xC0\xDB", 7)}}});
    packets.push_back(special);
    std::mt19937 random(3);
    packets.push_back(Packet(4096));
    for (auto& byte : packets.back()) byte = static_cast<std::uint8_t>(random());
    for (const Framing framing : {Framing::size, Framing::slip}) {
        Packet stream;
        for (const Packet& packet : packets) append_frame(stream, packet, framing);
        for (const std::size_t piece : {1u, 2u, 3u, 7u, 64u, 1000000u})
            CHECK(read(stream, piece, framing) == packets);
    }
}

TEST_CASE("framing: SLIP without END in front is known by the slash or the bundle") {
    Packet stream;
    append_frame(stream, encode({"/ping"}), Framing::slip);
    stream.erase(stream.begin());
    CHECK(read(stream, 1, Framing::slip).size() == 1);
    stream.clear();
    append_frame(stream, bundle(kImmediately, {encode({"/ping"})}), Framing::slip);
    stream.erase(stream.begin());
    CHECK(read(stream, 5, Framing::slip).size() == 1);
}

TEST_CASE("framing: impossible sizes end the stream, and cost no memory") {
    CHECK(fails({0x00, 0x01, 0x00, 0x01}));
    CHECK(fails({0x7F, 0xFF, 0xFF, 0xFF}));
    CHECK(fails({0x80, 0x00, 0x00, 0x00}));
    CHECK(fails({0xFF, 0xFF, 0xFF, 0xFF}));
    CHECK(fails(Packet(kMaxPacket + 1, '/')));
    CHECK(fails({0xC0, '/', 0xDB, 'x'}));
    CHECK_FALSE(fails({0, 0, 0, 0, 0, 0, 0, 0}));  // empty frames are nothing
}

TEST_CASE("packet queue: first in, first out") {
    PacketQueue queue;
    std::deque<Packet> expected;
    std::mt19937 random(4);
    std::size_t popped = 0;
    for (int n = 0; n < 20'000; ++n) {
        if (random() % 5 < (n < 10'000 ? 3u : 2u)) {
            Packet packet(random() % 40);
            for (auto& byte : packet) byte = static_cast<std::uint8_t>(random());
            queue.push(packet);
            expected.push_back(packet);
        } else if (!expected.empty()) {
            const Bytes front = queue.front();
            REQUIRE(Packet(front.begin(), front.end()) == expected.front());
            queue.pop();
            expected.pop_front();
            ++popped;
        }
        REQUIRE(queue.empty() == expected.empty());
    }
    CHECK(popped > 5000);
    while (!queue.empty()) queue.pop();
    CHECK(queue.bytes() == 0);
}

}  // namespace stream_test
