// The web thread: WebSockets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/base/clock.h"
#include "src/web/service.h"
#include "src/web/unconfirmed.h"

#include <array>
#include <utility>

namespace mixrig::web {
namespace {

// Of what was sent last: a nudge is not confirmed either, at first, and must not be followed by
// others for ever.
constexpr int kMostNudges = 16;
constexpr lws_usec_t kNudge = 20'000;  // us, between looks at what was not confirmed
constexpr int kWritesAtOnce = 32;      // messages of one connection before others have their turn

}  // namespace

int Server::Service::begin(Connection& connection) {
    const auto rights = rights_.find(connection.id);
    if (rights == rights_.end()) return -1;
    connection.is_socket = true;
    if (++sockets_ == 1) lws_sul_schedule(context_, 0, &nudges_.list, on_nudge, kNudge);
    if (hooks_.sight_of) connection.sight = hooks_.sight_of(rights->second, tree_);
    set_pace(connection, rights->second);
    exchange_.open(connection.id, connection.visitor, rights->second);
    rights_.erase(rights);
    hooks_.wake();
    return 0;
}

int Server::Service::receive(Connection& connection, Bytes bytes) {
    lws* wsi = connection.wsi;
    std::vector<std::uint8_t>& message = connection.message;
    if (message.size() + bytes.size() > kMostMessage) {
        lws_close_reason(wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE, nullptr, 0);
        return -1;
    }
    message.insert(message.end(), bytes.begin(), bytes.end());
    if (lws_remaining_packet_payload(wsi) != 0 || lws_is_final_fragment(wsi) == 0) return 0;
    return take_message(connection, lws_frame_is_binary(wsi) == 0);
}

int Server::Service::take_message(Connection& connection, bool is_text) {
    std::vector<std::uint8_t> message = std::exchange(connection.message, {});
    if (is_text) {
        command(connection, {reinterpret_cast<const char*>(message.data()), message.size()});
        return 0;
    }
    const bool goes_on = exchange_.receive(connection.id, std::move(message));
    hooks_.wake();
    // The control thread has enough of this one for now; the network makes it wait.
    return goes_on ? 0 : lws_rx_flow_control(connection.wsi, 0);
}

int Server::Service::write(Connection& connection) {
    lws* wsi = connection.wsi;
    if (std::exchange(connection.is_nudged, false) && nudge(connection) < 0) return -1;
    for (int i = 0; i < kWritesAtOnce && lws_send_pipe_choked(wsi) == 0; ++i) {
        auto out = exchange_.pop(connection.id, base::monotonic_ns());
        if (!out) break;
        const int written = lws_write(wsi, out->bytes.data() + Outgoing::kBefore, out->size(),
                                      out->is_text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY);
        if (written < 0) return -1;
        connection.nudges = kMostNudges;
    }
    if (exchange_.wants_more(connection.id)) hooks_.wake();
    stream_late(connection);
    if (exchange_.has_mail(connection.id)) lws_callback_on_writable(wsi);
    return 0;
}

void Server::Service::on_nudge(lws_sorted_usec_list_t* timer) {
    Service* service = reinterpret_cast<Timer*>(timer)->service;
    service->nudge_unconfirmed();
    if (service->sockets_ > 0) lws_sul_schedule(service->context_, 0, timer, on_nudge, kNudge);
}

void Server::Service::nudge_unconfirmed() {
    for (auto& [id, connection] : connections_) {
        if (!connection.is_socket || connection.wsi == nullptr || connection.nudges == 0) continue;
        if (!is_unconfirmed(lws_get_socket_fd(connection.wsi))) continue;
        connection.is_nudged = true;
        lws_callback_on_writable(connection.wsi);
    }
}

// By it the kernel notices that what went before was lost. A pong that nobody asked for is allowed,
// and is not answered (RFC 6455, 5.5.3).
int Server::Service::nudge(Connection& connection) {
    std::array<std::uint8_t, Outgoing::kBefore> nothing = {};
    if (exchange_.has_mail(connection.id) || lws_send_pipe_choked(connection.wsi) != 0) return 0;
    --connection.nudges;
    return lws_write(connection.wsi, nothing.data() + nothing.size(), 0, LWS_WRITE_PONG);
}

}  // namespace mixrig::web
