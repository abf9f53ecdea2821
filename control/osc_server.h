// The OSC server: UDP and TCP on one port, one thread, no wait that another peer could cause.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/doors.h"
#include "control/guest.h"
#include "control/osc_hooks.h"
#include "src/base/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control {

struct OscConfig {
    std::uint16_t port = 9000;                        // 0: any free one
    std::vector<std::string> listen = {"127.0.0.1"};  // IPv4 or IPv6 addresses
    // Addresses or networks ("192.168.1.0/24") that may speak. Empty: this machine only.
    std::vector<std::string> allow = {};
    std::vector<AddressRights> others = {};          // and who has other rights than an engineer
    std::shared_ptr<const Tokens> tokens = nullptr;  // who may speak from anywhere
};

struct OscCounters {
    std::uint64_t packets = 0;      // taken from the sockets
    std::uint64_t dropped = 0;      // of those, too many at once from one peer
    std::uint64_t refused = 0;      // from addresses that may not speak, or with a wrong token
    std::uint64_t connected = 0;    // TCP connections so far
    std::uint64_t turned_away = 0;  // TCP connections beyond the limit, or that did not read
};

// [control] but for wake().
class OscServer {
public:
    // Fails with a clear text when an address or the port cannot be had.
    static base::Result<std::unique_ptr<OscServer>> open(const OscConfig& config, Desk& desk,
                                                         OscHooks hooks);
    ~OscServer();
    OscServer(const OscServer&) = delete;
    OscServer& operator=(const OscServer&) = delete;
    OscServer(OscServer&&) = delete;
    OscServer& operator=(OscServer&&) = delete;

    std::uint16_t port() const;
    // Waits for something to do, at most this long, and does it; then returns. Never throws.
    void run_once(std::chrono::milliseconds timeout);
    // A peer whose packets come by another way; like all peers it has its turns. It is heard until
    // leave().
    Origin join(Guest guest);
    // False if this packet was dropped, because too many wait.
    [[nodiscard]] bool receive(Origin guest, Bytes packet);
    void leave(Origin guest);
    // Nobody has these rights any more: who had them is forgotten, connections end.
    void revoke(RightsNumber rights);
    // [any] Who may come in, whatever the transport.
    const Doors& doors() const;
    // A wait in run_once() ends when this descriptor can be read; who serves it is not asked.
    void watch(int descriptor);
    void unwatch(int descriptor);
    // What an action has to say that did not answer when it was called. Never throws.
    void answer(Origin to, std::string_view address, const base::Result<Answer>& answer);
    // [any] Ends a wait in run_once().
    void wake() const;
    const OscCounters& counters() const;

private:
    class Sockets;
    explicit OscServer(std::unique_ptr<Sockets> sockets);
    std::unique_ptr<Sockets> sockets_;
};

}  // namespace mixrig::control
