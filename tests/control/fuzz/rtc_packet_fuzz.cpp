// Feeds arbitrary datagrams to what pages come to by WebRTC: checks of a path, and the handshake
// behind them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/dtls.h"
#include "control/rtc/stun.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Bytes bytes(data, size);
    check(bytes);
    shake_hands(bytes);
    return 0;
}
