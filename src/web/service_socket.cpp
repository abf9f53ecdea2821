// The web thread: WebSockets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/base/clock.h"
#include "src/web/service.h"

#include <utility>

namespace mixrig::web {
namespace {

constexpr int kWritesAtOnce = 32;  // messages of one connection before others have their turn

}  // namespace

int Server::Service::begin(Connection& connection) {
    const auto rights = rights_.find(connection.id);
    if (rights == rights_.end()) return -1;
    connection.is_socket = true;
    ++sockets_;
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
    for (int i = 0; i < kWritesAtOnce && lws_send_pipe_choked(wsi) == 0; ++i) {
        auto out = exchange_.pop(connection.id, base::monotonic_ns());
        if (!out) break;
        const int written = lws_write(wsi, out->bytes.data() + Outgoing::kBefore, out->size(),
                                      out->is_text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY);
        if (written < 0) return -1;
    }
    if (exchange_.wants_more(connection.id)) hooks_.wake();
    stream_late(connection);
    if (exchange_.has_mail(connection.id)) lws_callback_on_writable(wsi);
    return 0;
}

}  // namespace mixrig::web
