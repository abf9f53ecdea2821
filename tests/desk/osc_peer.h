// liblo's own client, as a partner in conversation.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/desk/program.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace mixrig::tests {

struct Message {
    using Argument = std::variant<std::int32_t, float, double, std::string, bool>;
    std::string address = {};
    std::vector<Argument> arguments = {};

    bool operator==(const Message&) const = default;
    float number(std::size_t i = 0) const;  // of an int or a float
    std::string text(std::size_t i = 0) const;
};
std::string say(const Message& message);
inline doctest::String toString(const Message& message) {
    return say(message).c_str();
}

enum class Wire { udp, sized, slip };

class OscPeer {
public:
    explicit OscPeer(std::uint16_t port, Wire wire = Wire::udp);
    ~OscPeer();
    OscPeer(const OscPeer&) = delete;
    OscPeer& operator=(const OscPeer&) = delete;

    // False if liblo could not send.
    bool send(const Message& message);
    // One bundle; `in_milliseconds` from now, 0 for at once.
    void send_bundle(const std::vector<Message>& messages, int in_milliseconds = 0);
    // What has come and was not taken yet.
    std::vector<Message> take();
    // The next message to this address, others before it are left out.
    std::optional<Message> wait(const std::string& address,
                                Milliseconds limit = std::chrono::seconds(5));
    // Sends the address alone and waits for its answer.
    Message get(const std::string& address);

private:
    void receive(int milliseconds);
    static int on_message(const char* path, const char* types, void** values, int count,
                          void* message, void* self);

    void* server_;  // lo_server
    void* target_;  // lo_address
    std::vector<Message> received_;
};

}  // namespace mixrig::tests
