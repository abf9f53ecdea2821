// A small OSC client.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_client.h"

#include "control/osc_codec.h"
#include "control/osc_validate.h"
#include "control/socket.h"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace mixrig::control {
namespace {

using base::Error;
using Clock = std::chrono::steady_clock;

void take_apart(Bytes packet, std::deque<OscMessage>& out) {
    if (!is_bundle(packet)) {
        if (auto message = decode(packet)) out.push_back(std::move(*message));
        return;
    }
    for (Bytes rest = elements(packet); !rest.empty();) take_apart(take_element(rest), out);
}

Error unreachable(int error, const std::string& where) {
    if (error == ECONNREFUSED)
        return {"no desk answers", where, "is `mixrig run` running? --host and --port say where"};
    return {system_text(error), where};
}

}  // namespace

base::Result<OscClient> OscClient::connect(const std::string& host, std::uint16_t port) {
    const std::string where = host + ":" + std::to_string(port);
    addrinfo hints = {};
    hints.ai_socktype = SOCK_DGRAM;
    addrinfo* found = nullptr;
    const int status = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (status != 0) return Error{std::string("no such host: ") + gai_strerror(status), where};
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, freeaddrinfo);
    // A name may have IPv6 and IPv4 addresses; the desk's default is IPv4 loopback.
    const addrinfo* chosen = found;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next)
        if (one->ai_family == AF_INET) {
            chosen = one;
            break;
        }
    Socket out(socket(chosen->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!out || ::connect(out.fd(), chosen->ai_addr, chosen->ai_addrlen) != 0)
        return unreachable(errno, where);
    const int buffer = 4 << 20;  // all values of a large desk may come at once
    setsockopt(out.fd(), SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
    return OscClient(std::move(out), where);
}

base::Status OscClient::send(const OscMessage& message) {
    const auto packet = encode(message);
    // The error of a packet before (nobody listens) may be told here: the second try is this
    // packet's.
    for (int attempt = 0; attempt < 2; ++attempt)
        if (::send(socket_.fd(), packet.data(), packet.size(), MSG_NOSIGNAL) >= 0)
            return base::Done{};
    return unreachable(errno, where_);
}

base::Result<std::optional<OscMessage>> OscClient::receive(std::chrono::milliseconds timeout) {
    const auto until = Clock::now() + timeout;
    while (pending_.empty()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
        pollfd one{socket_.fd(), POLLIN, 0};
        const int ready = poll(&one, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        if (ready == 0) return std::optional<OscMessage>{};
        if (ready < 0 && errno == EINTR) return std::optional<OscMessage>{};
        std::vector<std::uint8_t> bytes(kMaxPacket);
        const auto size = recv(socket_.fd(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (size < 0 && errno != EAGAIN && errno != EINTR) return unreachable(errno, where_);
        if (size <= 0) continue;
        const Bytes packet = Bytes(bytes).first(static_cast<std::size_t>(size));
        if (!fault_of(packet)) take_apart(packet, pending_);
    }
    std::optional<OscMessage> out = std::move(pending_.front());
    pending_.pop_front();
    return out;
}

base::Result<OscMessage> OscClient::request(const OscMessage& message,
                                            std::chrono::milliseconds timeout, std::string answer) {
    if (answer.empty()) answer = message.address;
    if (const auto sent = send(message); !sent) return sent.error();
    const auto until = Clock::now() + timeout;
    while (Clock::now() < until) {
        auto got = receive(std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()));
        if (!got) return got.error();
        if (!*got) continue;
        OscMessage& reply = **got;
        if (reply.address == answer) return std::move(reply);
        const bool is_error = reply.address == "/error" && reply.types() == "ss";
        if (is_error && reply.args[0].as_text() == message.address)
            return Error{reply.args[1].as_text(), message.address};
    }
    return Error{"no answer", where_, "is `mixrig run` running? --host and --port say where"};
}

}  // namespace mixrig::control
