// Rigs and peers of the tests of control.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/control/support.h"

#include "control/osc_validate.h"
#include "src/base/clock.h"

#include <doctest/doctest.h>
#include <lo/lo.h>

#include <arpa/inet.h>
#include <array>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <utility>

namespace mixrig::control::test {
namespace {

void append_u32(Packet& out, std::uint64_t value) {
    for (const unsigned shift : {24u, 16u, 8u, 0u})
        out.push_back(static_cast<std::uint8_t>(value >> shift));
}

void collect(Bytes packet, std::vector<OscMessage>& out) {
    if (!is_bundle(packet)) {
        if (auto message = decode(packet)) out.push_back(std::move(*message));
        return;
    }
    for (Bytes rest = elements(packet); !rest.empty();) collect(take_element(rest), out);
}

}  // namespace

OscArg f(float value) {
    return OscArg::number(value);
}
OscArg i(std::int32_t value) {
    return OscArg::integer(value);
}
OscArg s(std::string value) {
    return OscArg::text(std::move(value));
}

Packet bundle(std::uint64_t time_tag, const std::vector<Packet>& parts) {
    Packet out = {'#', 'b', 'u', 'n', 'd', 'l', 'e', 0};
    append_u32(out, time_tag >> 32);
    append_u32(out, time_tag & 0xFFFFFFFFu);
    for (const Packet& part : parts) {
        append_u32(out, part.size());
        out.insert(out.end(), part.begin(), part.end());
    }
    return out;
}

std::vector<OscMessage> messages_of(Bytes packet) {
    std::vector<OscMessage> out;
    REQUIRE_FALSE(fault_of(packet));
    collect(packet, out);
    return out;
}

// /scene/save answers the name; /scene/recall fails; any other throws.
static base::Result<Answer> run_action(const ActionCall& call) {
    if (call.address == "/scene/save") {
        if (call.args[0].as_text() == "throw") throw std::runtime_error("a hook threw");
        return Answer{.args = std::vector<OscArg>{call.args[0]}};
    }
    if (call.address == "/scene/store") return Answer{};  // later
    if (call.address == "/scene/diff") {
        Answer lines;
        for (int n = 0; n < 1000; ++n) lines.lines.push_back({"/scene/diff", {s("line"), i(n)}});
        lines.lines.push_back({"/scene/diff/end", {i(1000)}});
        return lines;
    }
    return base::Error{"no such scene"};
}

DeskHooks desk_hooks(Seen& seen) {
    return {
        .check = [&seen](param::Slot slot, const param::Value& value) -> base::Status {
            if (seen.check) return seen.check(slot, value);
            return base::Done{};
        },
        .changed = [&seen](param::Slot slot,
                           const param::Value& value) { seen.changes.emplace_back(slot, value); },
        .flush =
            [&seen](const Batch& batch) {
                seen.batches.push_back(batch);
                if (seen.on_flush) seen.on_flush(batch);
            },
        .action = run_action};
}

OscHooks osc_hooks(Seen& seen) {
    OscHooks out;
    out.meters = [&seen] { return std::span<const MeterLine>(seen.meters); };
    out.log = [&seen](std::string_view text) { seen.log.emplace_back(text); };
    out.version = "1.2.3";
    return out;
}

RouterRig::RouterRig(param::DeskShape shape)
    : layout(std::move(shape)),
      desk(layout, desk_hooks(seen)),
      router(desk, osc_hooks(seen),
             {.send =
                  [this](Origin to, Bytes packet, Urgency) {
                      if (refusal.contains(to)) return refusal[to];
                      sent[to].emplace_back(packet.begin(), packet.end());
                      return Sent::done;
                  },
              .has_flow_control = [this](Origin to) { return is_tcp.contains(to); },
              .is_lossy = [this](Origin to) { return is_far.contains(to); }}) {}

void RouterRig::receive(Origin from, const OscMessage& message) {
    receive(from, encode(message));
}

void RouterRig::receive(Origin from, const Packet& packet) {
    router.receive(from, packet, now);
}

void RouterRig::turn(std::int64_t passed) {
    now += passed;
    router.turn(now);
}

std::vector<OscMessage> RouterRig::take(Origin peer) {
    std::vector<OscMessage> out;
    for (const Packet& packet : std::exchange(sent[peer], {}))
        for (OscMessage& message : messages_of(packet)) out.push_back(std::move(message));
    return out;
}

std::vector<OscMessage> RouterRig::take(Origin peer, const std::string& address) {
    auto out = take(peer);
    std::erase_if(out, [&](const OscMessage& message) { return message.address != address; });
    return out;
}

ServerRig::ServerRig(OscConfig config, param::DeskShape shape)
    : layout(std::move(shape)), desk(layout, desk_hooks(seen)) {
    auto opened = OscServer::open(config, desk, osc_hooks(seen));
    REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().text()));
    server = std::move(opened).value();
}

void ServerRig::run(int turns) {
    for (int n = 0; n < turns; ++n) server->run_once(std::chrono::milliseconds(2));
}

void ServerRig::run_for(std::int64_t nanoseconds) {
    const std::int64_t until = base::monotonic_ns() + nanoseconds;
    while (base::monotonic_ns() < until) server->run_once(std::chrono::milliseconds(1));
}

bool ServerRig::run_until(const std::function<bool()>& condition, std::int64_t nanoseconds) {
    const std::int64_t until = base::monotonic_ns() + nanoseconds;
    while (!condition()) {
        if (base::monotonic_ns() > until) return false;
        server->run_once(std::chrono::milliseconds(1));
    }
    return true;
}

LoPeer::LoPeer(std::uint16_t port, const std::string& host)
    : server_(lo_server_new(nullptr, nullptr)),
      target_(lo_address_new(host.c_str(), std::to_string(port).c_str())) {
    REQUIRE(server_ != nullptr);
    lo_server_add_method(
        server_, nullptr, nullptr,
        [](const char* path, const char*, lo_arg**, int, lo_message message, void* self) {
            std::vector<std::uint8_t> bytes(lo_message_length(message, path));
            std::size_t size = bytes.size();
            lo_message_serialise(message, path, bytes.data(), &size);
            static_cast<LoPeer*>(self)->received_.push_back(*decode(bytes));
            return 0;
        },
        this);
}

LoPeer::~LoPeer() {
    lo_address_free(target_);
    lo_server_free(server_);
}

void LoPeer::send(const OscMessage& message) {
    Packet bytes = encode(message);
    lo_message lo = lo_message_deserialise(bytes.data(), bytes.size(), nullptr);
    REQUIRE(lo != nullptr);
    lo_send_message_from(target_, server_, message.address.c_str(), lo);
    lo_message_free(lo);
}

std::vector<OscMessage> LoPeer::take() {
    while (lo_server_recv_noblock(server_, 0) > 0) continue;
    return std::exchange(received_, {});
}

std::uint16_t LoPeer::port() const {
    return static_cast<std::uint16_t>(lo_server_get_port(server_));
}

TcpPeer::TcpPeer(std::uint16_t port, Framing framing, int buffer)
    : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), framing_(framing) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // Before it connects: its window is agreed on then.
    for (const int which : {SO_RCVBUF, SO_SNDBUF})
        if (buffer > 0)
            REQUIRE(setsockopt(socket_.fd(), SOL_SOCKET, which, &buffer, sizeof buffer) == 0);
    REQUIRE(connect(socket_.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0);
}

void TcpPeer::send(const OscMessage& message) {
    Packet stream;
    append_frame(stream, encode(message), framing_);
    CHECK(send_bytes(stream));
}

std::size_t TcpPeer::send_some(Bytes bytes) {
    const auto sent = ::send(socket_.fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

void TcpPeer::read() {
    std::array<std::uint8_t, 65536> bytes{};
    while (!closed_) {
        const auto size = recv(socket_.fd(), bytes.data(), bytes.size(), MSG_DONTWAIT);
        if (size < 0 && errno == EAGAIN) return;
        closed_ = size <= 0;
        if (closed_) return;
        const auto status =
            frames_.read(Bytes(bytes).first(static_cast<std::size_t>(size)), [this](Bytes packet) {
                for (OscMessage& message : messages_of(packet))
                    received_.push_back(std::move(message));
            });
        CHECK(status);
        CHECK(frames_.framing() == framing_);
    }
}

std::vector<OscMessage> TcpPeer::take() {
    read();
    return std::exchange(received_, {});
}

bool TcpPeer::is_closed() {
    read();
    return closed_;
}

void TcpPeer::end() {
    shutdown(socket_.fd(), SHUT_WR);
}

}  // namespace mixrig::control::test
