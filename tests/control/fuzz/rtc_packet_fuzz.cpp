// Feeds arbitrary datagrams to what pages come to by WebRTC: checks of a path, and the handshake
// behind them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/dtls.h"
#include "control/rtc/sctp.h"
#include "control/rtc/sctp_wire.h"
#include "control/rtc/stun.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

using namespace mixrig::control;
using namespace mixrig::control::rtc;

namespace {

// Whoever forges this has broken HMAC-SHA1.
constexpr std::string_view kPassword = "a password nobody was told";

void check(Bytes datagram) {
    if (const auto request = parse_request(datagram)) {
        if (is_authentic(datagram, *request, kPassword)) std::abort();
        (void)success(*request, *NetAddress::parse("192.0.2.1", 1), kPassword);
    }
    if (is_success(datagram, {}, kPassword)) std::abort();
}

// In pieces, each as long as its first byte says.
void shake_hands(Bytes bytes) {
    static const Identity identity = *Identity::make();
    Dtls dtls(identity, Side::called, "",
              {.send = [](Bytes) {}, .receive = [](Bytes) { std::abort(); }});
    while (!bytes.empty()) {
        const std::size_t size = std::min<std::size_t>(bytes[0] * 4u, bytes.size() - 1);
        if (!dtls.take(bytes.subspan(1, size))) return;
        bytes = bytes.subspan(1 + size);
    }
}

// As a page that has called: packets with the right tag and sum.
void go_on(Bytes bytes) {
    std::uint32_t tag = 0;
    Sctp desk([&](Bytes packet) {
        if (tag == 0) tag = read_32(packet.subspan(kSctpHeader + kChunkHeader));
    });
    desk.take(SctpWriter(5000, 5000, 0)
                  .chunk(chunk::kInit)
                  .put_32(7)
                  .put_32(9)
                  .put_32(9)
                  .put_32(9)
                  .take(),
              1);
    std::int64_t now = 1;
    while (!bytes.empty()) {
        const std::size_t size = std::min<std::size_t>(bytes[0] % 64 * 4u, bytes.size() - 1);
        std::vector<std::uint8_t> packet = SctpWriter(5000, 5000, tag).take();
        const Bytes chunks = bytes.subspan(1, size / 4 * 4);
        packet.insert(packet.end(), chunks.begin(), chunks.end());
        const std::uint32_t sum = sctp_checksum(packet);
        for (std::size_t i = 0; i < 4; ++i)
            packet[8 + i] = static_cast<std::uint8_t>(sum >> (8 * i));
        now += 10'000'000;
        desk.take(packet, now);
        (void)desk.send(chunks, now);
        desk.turn(now);
        bytes = bytes.subspan(1 + size);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, size);
    check(bytes);
    shake_hands(bytes);
    go_on(bytes);
    return 0;
}
