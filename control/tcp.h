// TCP connections that carry OSC packets and never wait for a peer.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/framing.h"
#include "control/net_address.h"
#include "control/outlet.h"
#include "control/socket.h"
#include "src/base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace mixrig::control {

class TcpListener {
public:
    struct Accepted {
        Socket socket;
        NetAddress peer;
    };
    enum class Outcome : std::uint8_t { none, accepted, exhausted };

    static base::Result<TcpListener> open(const NetAddress& address);

    int fd() const { return socket_.fd(); }
    // `exhausted`: somebody waits, but this process has no file descriptor left.
    Outcome accept(Accepted& out);

private:
    explicit TcpListener(Socket socket) : socket_(std::move(socket)) {}
    Socket socket_;
};

class TcpConnection {
public:
    // What may wait for a peer that reads slowly: changes only as long as next to nothing waits,
    // since those that are kept back coalesce and are the newest when they leave; meters as long as
    // little waits; answers, beyond whose room nothing more is read; then the connection is over.
    static constexpr std::size_t kChangesRoom = 4u << 10;
    static constexpr std::size_t kMetersRoom = 16u << 10;
    static constexpr std::size_t kAnswersRoom = 128u << 10;
    static constexpr std::size_t kMost = 256u << 10;

    explicit TcpConnection(Socket socket);

    int fd() const { return socket_.fd(); }
    bool is_open() const { return static_cast<bool>(socket_); }
    void close() { socket_.close(); }
    // Bytes that wait to be sent.
    std::size_t backlog() const { return out_.size() - sent_; }
    // Since when the peer has taken nothing although something waits.
    std::optional<std::int64_t> stalled_since() const { return stalled_since_; }

    // The peer will send no more; it may still want its answers.
    bool has_ended() const { return has_ended_; }

    // Reads what is there, up to 64 KiB. Closes at errors; returns the reason if it was the peer's.
    std::string read(const std::function<void(Bytes)>& take);
    Sent send(Bytes packet, Urgency urgency, std::int64_t now);
    void flush(std::int64_t now);

private:
    Socket socket_;
    FrameReader frames_;
    std::vector<std::uint8_t> out_;
    std::size_t sent_ = 0;  // of out_
    std::optional<std::int64_t> stalled_since_;
    bool has_ended_ = false;
};

}  // namespace mixrig::control
