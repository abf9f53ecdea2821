// Feeds arbitrary packets to the desk as an X32 and as an X-Air; checks what must hold.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/udp.h"
#include "control/x32/server.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

using namespace mixrig;
using namespace mixrig::control;

namespace {

[[noreturn]] void broken(const char* what) {
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

std::vector<MeterLine> meter_lines() {
    return {{"/meters/ch/1", std::vector<float>(13)}, {"/meters/fft", std::vector<float>(256)}};
}

// One desk for all inputs, and one client with a socket of its own: what one packet leaves behind
// is where the next one starts.
struct Target {
    explicit Target(const x32::Dialect& dialect)
        : desk(
              layout,
              {.changed =
                   [this](param::Slot slot, const param::Value& value) {
                       if (!std::isfinite(value.number) || value.number > layout.high(slot) + 1e-3f)
                           broken("a value out of range");
                   },
               .action = [](const ActionCall&) -> base::Result<Answer> { return Answer{}; }}),
          server(
              x32::Server::open(dialect, {.port = 0}, desk,
                                {.meters = [this] { return std::span<const MeterLine>(lines); },
                                 .scenes = [] { return std::vector<std::string>{"x32-001 One"}; }})
                  .value()),
          client(UdpSocket::open(*NetAddress::parse("127.0.0.1", 0)).value()),
          address(*NetAddress::parse("127.0.0.1", server->port())) {}

    void feed(Bytes packet) {
        (void)client.send(address, packet, Urgency::reply);
        now += 60'000'000;
        server->turn(now);
        client.receive(1024, [&](Bytes answer, const NetAddress&) {
            // A line of a node is echoed as it came.
            if (answer.size() % 4 != 0 && answer.size() > packet.size())
                broken("a malformed answer");
        });
    }

    std::vector<MeterLine> lines = meter_lines();
    param::Layout layout{param::DeskShape::of(3, 2, 2, 1, 1)};
    Desk desk;
    std::unique_ptr<x32::Server> server;
    UdpSocket client;
    NetAddress address;
    std::int64_t now = 1;
};

}  // namespace

// The first byte chooses which of the two desks.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static Target mixer(x32::kX32Dialect), air(x32::kAirDialect);
    if (size == 0) return 0;
    (data[0] % 2 == 0 ? mixer : air).feed({data + 1, size - 1});
    return 0;
}
