// A desk with an OSC server, and peers that speak to it: liblo's own client, and bare TCP.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/framing.h"
#include "control/osc_codec.h"
#include "control/osc_message.h"
#include "control/osc_router.h"
#include "control/osc_server.h"
#include "control/socket.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace mixrig::control::test {

inline constexpr std::int64_t kMs = 1'000'000, kSecond = 1000 * kMs;

// An instrumented build is several times slower.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr std::int64_t kSlower = 4;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
inline constexpr std::int64_t kSlower = 4;
#else
inline constexpr std::int64_t kSlower = 1;
#endif
#else
inline constexpr std::int64_t kSlower = 1;
#endif

OscArg f(float value);
OscArg i(std::int32_t value);
OscArg s(std::string value);

using Packet = std::vector<std::uint8_t>;
Packet bundle(std::uint64_t time_tag, const std::vector<Packet>& elements);
// All messages of a packet, bundles taken apart.
std::vector<OscMessage> messages_of(Bytes packet);

// What the hooks of a desk saw.
struct Seen {
    std::vector<std::pair<param::Slot, param::Value>> changes;
    std::vector<Batch> batches;
    std::vector<std::string> log;
    std::vector<MeterLine> meters = {{"/meters/ch/1", {-6.0f, -9.0f}},
                                     {"/meters/ch/2", {-12.0f, -15.0f}},
                                     {"/meters/main", {-3.0f, -3.0f, -6.0f, -6.0f}}};
    std::function<base::Status(param::Slot, const param::Value&)> check;
    std::function<void(const Batch&)> on_flush;
};
DeskHooks desk_hooks(Seen& seen);
OscHooks osc_hooks(Seen& seen);

// A desk and a router without sockets, in a time of its own.
struct RouterRig {
    explicit RouterRig(param::DeskShape shape = param::DeskShape::of(4, 2, 2, 1, 1));
    void receive(Origin from, const OscMessage& message);
    void receive(Origin from, const Packet& packet);
    void turn(std::int64_t passed = kMs);
    // What was sent to the peer since the last call.
    std::vector<OscMessage> take(Origin peer);
    // Of these, the ones with the address.
    std::vector<OscMessage> take(Origin peer, const std::string& address);
    param::Slot slot(const std::string& address) const { return *layout.find(address); }
    float number(const std::string& address) const { return desk.get(slot(address)).number; }

    Seen seen;
    param::Layout layout;
    Desk desk;
    std::map<Origin, std::vector<Packet>> sent;
    std::map<Origin, Sent> refusal;  // how sends to a peer fail, if they do
    std::map<Origin, bool> is_tcp, is_far;
    std::int64_t now = kSecond;
    OscRouter router;
};

// A desk and a server on loopback. Runs in the thread of the test: run() until nothing is left to
// do.
struct ServerRig {
    explicit ServerRig(OscConfig config = {.port = 0},
                       param::DeskShape shape = param::DeskShape::of(4, 2, 2, 1, 1));
    void run(int turns = 3);
    // Turns for so long.
    void run_for(std::int64_t nanoseconds);
    // Turns until the condition holds; false if it does not within the time.
    bool run_until(const std::function<bool()>& condition, std::int64_t nanoseconds = 2 * kSecond);
    param::Slot slot(const std::string& address) const { return *layout.find(address); }
    float number(const std::string& address) const { return desk.get(slot(address)).number; }

    Seen seen;
    param::Layout layout;
    Desk desk;
    std::unique_ptr<OscServer> server;
};

// Speaks by liblo, from one UDP socket that also takes the answers.
class LoPeer {
public:
    explicit LoPeer(std::uint16_t port, const std::string& host = "127.0.0.1");
    ~LoPeer();
    LoPeer(const LoPeer&) = delete;
    LoPeer& operator=(const LoPeer&) = delete;

    void send(const OscMessage& message);
    // What has come since the last call.
    std::vector<OscMessage> take();
    std::uint16_t port() const;

private:
    void* server_;
    void* target_;
    std::vector<OscMessage> received_;
};

class TcpPeer {
public:
    // The buffer is what the system takes in for it; 0 leaves that to the system, which takes
    // megabytes.
    TcpPeer(std::uint16_t port, Framing framing, int buffer = 0);
    void send(const OscMessage& message);
    // False if the connection is over or full.
    bool send_bytes(Bytes bytes) { return send_some(bytes) == bytes.size(); }
    std::size_t send_some(Bytes bytes);
    std::vector<OscMessage> take();
    bool is_closed();
    void end();  // will send no more

private:
    void read();
    Socket socket_;
    Framing framing_;
    FrameReader frames_;
    std::vector<OscMessage> received_;
    bool closed_ = false;
};

}  // namespace mixrig::control::test
