// A desk as an X32, and clients that speak to it over loopback.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/udp.h"
#include "control/x32/server.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::control::x32::test {

using Packet = std::vector<std::uint8_t>;

// Bytes as the specification writes them: "2f696e666f000000".
Packet from_hex(std::string_view hex);
std::string to_hex(Bytes bytes);

// A message, its arguments as text: "/ch/01/mix/fader f 0.749756".
std::string text_of(Bytes packet);

struct Rig {
    explicit Rig(const Dialect& dialect = kX32Dialect,
                 param::DeskShape shape = param::DeskShape::of(40, 2, 6, 4, 3),
                 Config config = {.port = 0}, const char* role = "engineer");

    // Turns of a millisecond; the clients' packets are taken in, and theirs are there.
    void turn(int turns = 1, std::int64_t each = 1'000'000);
    param::Slot slot(std::string_view address) const { return *layout.find(address); }
    float number(std::string_view address) const { return desk.get(slot(address)).number; }
    void set(std::string_view address, float value) {
        (void)desk.set(slot(address), {value}, kDeskItself);
    }

    std::vector<std::string> actions;  // that were asked for: "/scene/recall x32-003"
    std::vector<std::string> scenes;
    std::uint64_t scene_changes = 0;
    bool refuses_actions = false;
    bool disk_waits = false, disk_refuses = false;
    std::function<void()> before_recall;
    std::vector<MeterLine> meters;
    param::Layout layout;
    Desk desk;
    std::unique_ptr<Server> server;
    std::int64_t now = 1'000'000'000;

private:
    struct Asked {
        Origin from;
        std::string address;
        std::vector<std::string> names;
    };
    // What a desk does beside its turns: scenes, and what it then answers.
    void serve_disk();
    bool change_scenes(const Asked& asked);
    std::deque<Asked> disk_;
};

class Tablet {
public:
    explicit Tablet(Rig& rig);

    void send(Bytes packet);
    void send(std::string_view address) { send(Writer(address, "").packet()); }
    void send(std::string_view address, float value) {
        send(Writer(address, "f").add(value).packet());
    }
    void send(std::string_view address, std::int32_t value) {
        send(Writer(address, "i").add(value).packet());
    }
    void send(std::string_view address, std::string_view text) {
        send(Writer(address, "s").add(text).packet());
    }
    // What has come since the call before.
    std::vector<Packet> take();
    std::vector<std::string> texts();
    // Sends, turns, and gives what came, in one line a message.
    template <typename... Argument>
    std::string ask(std::string_view address, Argument... argument) {
        send(address, argument...);
        return answer();
    }
    std::string answer();

private:
    Rig& rig_;
    UdpSocket socket_;
    NetAddress server_;
};

}  // namespace mixrig::control::x32::test
