// The web thread: libwebsockets' loop, and what it calls back.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/rate_limit.h"
#include "src/web/exchange.h"
#include "src/web/listener.h"
#include "src/web/server.h"
#include "src/web/site.h"
#include "src/web/turned_away.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <libwebsockets.h>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

namespace mixrig::web {

class Server::Service {
public:
    // Of all connections; of WebSockets among them; from one address that is not this machine's.
    // A band may be behind one address: 25 tablets that open a page at once, with the six
    // connections that a browser opens and a WebSocket each, are 175.
    static constexpr std::size_t kMostConnections = 384;
    static constexpr std::size_t kMostSockets = 96;
    static constexpr std::size_t kMostFromOne = 192;
    static constexpr std::size_t kMostMessage = 64u << 10;  // bytes, of all its fragments

    // Of answers that wait to be sent, files of the page aside.
    static constexpr std::size_t kMostAnswers = 32u << 20;  // bytes

    static base::Result<std::unique_ptr<Service>> open(ServerConfig config,
                                                       const param::Layout& layout,
                                                       param::Values values, ServerHooks hooks);
    ~Service();
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;

    std::uint16_t port() const { return listener_.port(); }
    bool is_encrypted() const { return !config_.certificate.empty(); }
    Exchange& exchange() { return exchange_; }
    void wake();                // [any]
    bool wants_meters() const;  // [any]

private:
    struct Pace {
        base::RateLimit limit;
        double rate = 0.0;        // a second
        std::size_t dropped = 0;  // beyond, not told yet
        std::int64_t since = 0;   // the first of these
    };
    struct Connection {
        ConnectionId id = 0;
        Visitor visitor = {};
        lws* wsi = nullptr;
        // An answer that is under way.
        Body body = {};
        std::size_t sent = 0;
        std::int64_t since = 0;
        std::int64_t quiet_since = 0;  // when it came, or was answered last
        bool leaves = false;           // for a newcomer
        // A WebSocket.
        bool is_socket = false;
        Sight sight = {};                        // by OSCQuery
        std::vector<std::uint8_t> message = {};  // as far as it has come
        // What it listens to by OSCQuery; empty until it asks.
        std::vector<bool> slots = {}, meters = {};
        std::set<param::Slot> late = {};  // there was no room for these
        std::optional<Pace> pace = {};    // of its commands; without one, as many as come
        bool is_nudged = false;
        int nudges = 0;  // that may follow what was sent last
    };

    Service(ServerConfig config, const param::Layout& layout, param::Values values,
            ServerHooks hooks, Listener listener);
    base::Status start();
    void run();

    // service.cpp
    static int called(lws* wsi, lws_callback_reasons reason, void* user, void* in,
                      std::size_t length);
    int on(lws* wsi, lws_callback_reasons reason, const void* in, std::size_t length);
    Connection* of(lws* wsi);
    lws* find(ConnectionId id);
    void accept_all(lws* listener);
    void accept(int descriptor, Visitor visitor);
    bool make_room(const Visitor& visitor);
    bool displace(const std::string* address);
    void obey();
    void close_stalled();
    static void on_timer(lws_sorted_usec_list_t* timer);
    static void on_nudge(lws_sorted_usec_list_t* timer);
    void forget(ConnectionId id);

    // service_http.cpp
    static Request request_of(lws* wsi, std::string_view path);
    int answer(Connection& connection, std::string_view path);
    int respond(Connection& connection, const Request& request, const Response& response);
    bool has_room(const Response& response) const;
    void end_answer(Connection& connection);
    int go_on(Connection& connection);
    int confirm_upgrade(Connection& connection, std::string_view protocol);

    // service_socket.cpp
    int begin(Connection& connection);
    int receive(Connection& connection, Bytes bytes);
    int take_message(Connection& connection, bool is_text);
    int write(Connection& connection);
    int nudge(Connection& connection);
    void nudge_unconfirmed();

    // service_streams.cpp
    void set_pace(Connection& connection, Rights rights) const;
    static bool may_command(Connection& connection);
    void tell_dropped();
    void command(Connection& connection, std::string_view text);
    std::string renamed_by(const Changes& changes, const Sight& sight) const;
    void tell_changes(const Changes& changes);
    void tell_meters();
    void stream(Connection& connection, param::Slot slot);
    void stream_late(Connection& connection);
    void push(Connection& connection, Bytes packet, Urgency urgency);

    struct Timer {
        lws_sorted_usec_list_t list = {};  // first: libwebsockets hands back its address
        Service* service = nullptr;
    };

    ServerConfig config_;
    ServerHooks hooks_;
    Listener listener_;
    Tree tree_;
    OscQuery query_;
    Site site_;
    Exchange exchange_;
    lws_context* context_ = nullptr;
    lws_vhost* vhost_ = nullptr;
    Timer timer_, nudges_;
    TurnedAway turned_away_;
    std::unordered_map<ConnectionId, Connection> connections_;
    // What each WebSocket may, between the request for it and its beginning.
    std::unordered_map<ConnectionId, Rights> rights_;
    std::unordered_map<std::string, std::size_t> from_;  // connections by address
    std::size_t sockets_ = 0;
    std::map<Body, std::size_t> answers_;         // that wait to be sent, and to how many
    std::size_t answer_bytes_ = 0;                // of all of them
    std::atomic<std::int64_t> meters_wanted_{0};  // when somebody looked at them last, ns
    ConnectionId last_id_ = 0;
    std::atomic<bool> stops_{false};
    std::thread thread_;
};

}  // namespace mixrig::web
