// A tiny HTTP and WebSocket client of raw sockets, which may also behave badly.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::tests {

struct Reply {
    int status = 0;
    std::map<std::string, std::string> headers = {};  // names in lower case
    std::string body = {};
};

struct Frame {
    int kind = 0;  // opcode: 1 text, 2 binary, 8 close, 9 ping
    std::string bytes = {};
    // Of a close.
    int code() const;
};

class WebClient {
public:
    // Of this machine, from `from` of its loopback network.
    explicit WebClient(std::uint16_t port, const std::string& from = "127.0.0.1");
    ~WebClient();
    WebClient(WebClient&& other) noexcept;
    WebClient& operator=(WebClient&&) = delete;
    WebClient(const WebClient&) = delete;
    WebClient& operator=(const WebClient&) = delete;

    void send(std::string_view bytes);
    Reply get(const std::string& path, const std::string& headers = {});
    Reply request(const std::string& method, const std::string& path, const std::string& headers);
    Reply read_reply(bool has_body = true);

    // The answer to the request for a WebSocket: 101.
    Reply upgrade(const std::string& path = "/", const std::string& headers = {});
    void send_frame(int kind, std::string_view bytes, bool is_last = true);
    // Nothing if the connection ended, or nothing came in time. Pings are left out.
    std::optional<Frame> frame(std::chrono::milliseconds limit = std::chrono::seconds(5));
    // Whether the server ends the connection in time, whatever it says before.
    bool is_closed(std::chrono::milliseconds limit = std::chrono::seconds(5));
    int fd() const { return fd_; }

private:
    bool fill(std::chrono::milliseconds limit);
    bool need(std::size_t count, std::chrono::milliseconds limit);
    std::string take(std::size_t count);

    std::uint16_t port_;
    int fd_ = -1;
    std::string buffer_;
};

}  // namespace mixrig::tests
