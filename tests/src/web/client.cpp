// A tiny HTTP and WebSocket client.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/web/client.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mixrig::tests {
namespace {

using Milliseconds = std::chrono::milliseconds;

std::uint8_t byte(char c) {
    return static_cast<std::uint8_t>(c);
}

sockaddr_in loopback(const std::string& address, std::uint16_t port) {
    sockaddr_in out = {};
    out.sin_family = AF_INET;
    out.sin_port = htons(port);
    REQUIRE(inet_pton(AF_INET, address.c_str(), &out.sin_addr) == 1);
    return out;
}

}  // namespace

int Frame::code() const {
    return bytes.size() < 2 ? 0 : byte(bytes[0]) << 8 | byte(bytes[1]);
}

WebClient::WebClient(std::uint16_t port, const std::string& from)
    : port_(port), fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_in own = loopback(from, 0), desk = loopback("127.0.0.1", port);
    REQUIRE(bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0);
    REQUIRE(connect(fd_, reinterpret_cast<const sockaddr*>(&desk), sizeof desk) == 0);
}

WebClient::WebClient(WebClient&& other) noexcept
    : port_(other.port_), fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}

WebClient::~WebClient() {
    if (fd_ >= 0) close(fd_);
}

void WebClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return;  // the server has enough; what it says of that is read elsewhere
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

bool WebClient::fill(Milliseconds limit) {
    pollfd one{fd_, POLLIN, 0};
    if (poll(&one, 1, static_cast<int>(limit.count())) <= 0) return false;
    std::array<char, 65536> bytes;  // NOLINT: filled by recv
    const auto count = recv(fd_, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    buffer_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}

bool WebClient::need(std::size_t count, Milliseconds limit) {
    while (buffer_.size() < count)
        if (!fill(limit)) return false;
    return true;
}

std::string WebClient::take(std::size_t count) {
    std::string out = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return out;
}

Reply WebClient::request(const std::string& method, const std::string& path,
                         const std::string& headers) {
    const bool has_host = headers.find("Host:") != std::string::npos;
    send(method + " " + path + " HTTP/1.1\r\n" +
         (has_host ? "" : "Host: 127.0.0.1:" + std::to_string(port_) + "\r\n") + headers + "\r\n");
    return read_reply(method != "HEAD");
}

Reply WebClient::get(const std::string& path, const std::string& headers) {
    return request("GET", path, headers);
}

Reply WebClient::read_reply(bool has_body) {
    Reply out;
    std::size_t end = 0;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos)
        if (!fill(Milliseconds(5000))) return out;
    const std::string head = take(end + 4);
    out.status = std::stoi(head.substr(head.find(' ') + 1));
    for (std::size_t at = head.find("\r\n") + 2; at < end; at = head.find("\r\n", at) + 2) {
        const std::size_t colon = head.find(':', at);
        std::string name = head.substr(at, colon - at);
        std::transform(name.begin(), name.end(), name.begin(),
                       [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        out.headers[name] = head.substr(colon + 2, head.find("\r\n", at) - colon - 2);
    }
    if (!has_body || out.headers.count("content-length") == 0) return out;
    const auto length = std::stoul(out.headers["content-length"]);
    if (need(length, Milliseconds(5000))) out.body = take(length);
    return out;
}

Reply WebClient::upgrade(const std::string& path, const std::string& headers) {
    return get(path,
               "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                   headers);
}

void WebClient::send_frame(int kind, std::string_view bytes, bool is_last) {
    std::string out(1, static_cast<char>(kind | (is_last ? 0x80 : 0)));
    const std::size_t size = bytes.size();
    if (size < 126) {
        out += static_cast<char>(0x80 | size);
    } else {
        const bool is_long = size > 0xFFFF;
        out += static_cast<char>(0x80 | (is_long ? 127 : 126));
        for (int shift = is_long ? 56 : 8; shift >= 0; shift -= 8)
            out += static_cast<char>(static_cast<std::uint64_t>(size) >> shift & 0xFF);
    }
    // What a client sends is masked (RFC 6455, 5.3); a mask of zeros leaves it as it is.
    out.append(4, '\0');
    send(out.append(bytes));
}

std::optional<Frame> WebClient::frame(Milliseconds limit) {
    for (;;) {
        if (!need(2, limit)) return std::nullopt;
        const std::size_t said = byte(buffer_[1]) & 0x7Fu;
        const std::size_t more = said == 126 ? 2 : said == 127 ? 8 : 0;
        if (!need(2 + more, limit)) return std::nullopt;
        std::size_t size = more == 0 ? said : 0;
        for (std::size_t i = 0; i < more; ++i) size = size << 8 | byte(buffer_[2 + i]);
        if (!need(2 + more + size, limit)) return std::nullopt;
        const int kind = byte(buffer_[0]) & 0x0F;
        take(2 + more);
        Frame out{kind, take(size)};
        if (kind != 9) return out;
    }
}

bool WebClient::is_closed(Milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (fill(limit))
        if (std::chrono::steady_clock::now() > end) return false;
    // The end of the connection, or its reset, can be read at once.
    pollfd one{fd_, POLLIN, 0};
    return poll(&one, 1, 0) == 1;
}

}  // namespace mixrig::tests
