// The web thread: connections come and go, orders are obeyed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/service.h"

#include "src/base/clock.h"

#include <cerrno>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <fstream>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace mixrig::web {
namespace {

static_assert(Outgoing::kBefore >= LWS_PRE);

constexpr int kIdleSeconds = 10;  // between requests
constexpr std::uint16_t kPingSeconds = 5, kDeadSeconds = 15;
// Of a WebSocket that takes nothing: over a bad network that happens.
constexpr std::int64_t kStall = 15'000'000'000;  // ns
constexpr lws_usec_t kLook = 500'000;            // us, between looks at those
constexpr std::int64_t kLooked = 2'000'000'000;  // ns, for which a look at meters counts
constexpr lws_usec_t kAcceptPause = 200'000;     // us, after file descriptors ran out
constexpr int kAcceptsAtOnce = 64;

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nretry-after: 2\r\nconnection: close\r\n"
    "content-length: 0\r\n\r\n";

const lws_retry_bo_t kKeepAlive = [] {
    lws_retry_bo_t out = {};
    out.secs_since_valid_ping = kPingSeconds;
    out.secs_since_valid_hangup = kDeadSeconds;
    return out;
}();

// What the library says of a start that fails; nothing else of it is logged, for it may have
// addresses with tokens in it.
thread_local std::string said_by_library;

void keep_what_it_says(int /*level*/, const char* line) {
    said_by_library = line;
    while (!said_by_library.empty() && said_by_library.back() == '\n') said_by_library.pop_back();
}

ConnectionId id_of(lws* wsi) {
    return reinterpret_cast<std::uintptr_t>(lws_get_opaque_user_data(wsi));
}

base::Status check_readable(const std::filesystem::path& file, const char* key) {
    const std::string where = std::string("[web] ") + key;
    if (file.empty())
        return base::Error{"is missing", where, "https takes a certificate and its key"};
    if (!std::ifstream(file).good())
        return base::Error{"cannot be read: " + file.string(), where, std::strerror(errno)};
    return base::Done{};
}

}  // namespace

base::Result<std::unique_ptr<Server::Service>> Server::Service::open(ServerConfig config,
                                                                     const param::Layout& layout,
                                                                     param::Values values,
                                                                     ServerHooks hooks) {
    auto listener = Listener::open(config.listen, config.port);
    if (!listener) return listener.error();
    std::unique_ptr<Service> out(new Service(std::move(config), layout, std::move(values),
                                             std::move(hooks), std::move(*listener)));
    if (auto status = out->start(); !status) return status.error();
    return out;
}

Server::Service::Service(ServerConfig config, const param::Layout& layout, param::Values values,
                         ServerHooks hooks, Listener listener)
    : config_(std::move(config)),
      hooks_(std::move(hooks)),
      listener_(std::move(listener)),
      tree_(layout, config_.meters, config_.more_actions),
      query_(tree_, std::move(values),
             {.name = config_.name,
              .osc_address = config_.osc_address,
              .osc_port = config_.osc_port,
              .web_port = listener_.port()}),
      site_(config_, hooks_, query_) {}

base::Status Server::Service::start() {
    const bool is_secret = !config_.certificate.empty() || !config_.key.empty();
    if (is_secret) {
        if (auto status = check_readable(config_.certificate, "certificate"); !status)
            return status;
        if (auto status = check_readable(config_.key, "key"); !status) return status;
    }
    lws_set_log_level(LLL_ERR, keep_what_it_says);
    static const lws_protocols kProtocols[] = {{"osc", called, 0, 0, 0, nullptr, 0},
                                               {nullptr, nullptr, 0, 0, 0, nullptr, 0}};
    const std::string certificate = config_.certificate.string(), key = config_.key.string();
    lws_context_creation_info info = {};
    info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
    info.protocols = kProtocols;
    info.user = this;
    info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME | LWS_SERVER_OPTION_VALIDATE_UTF8;
    info.timeout_secs = config_.patience;
    info.timeout_secs_ah_idle = config_.patience;
    info.keepalive_timeout = kIdleSeconds;
    // Who makes room is gone only when all newcomers of the moment are in.
    info.max_http_header_pool = kMostConnections + kAcceptsAtOnce;
    info.fd_limit_per_thread = kMostConnections + kAcceptsAtOnce + 16;
    info.retry_and_idle_policy = &kKeepAlive;
    if (is_secret) {
        info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
        info.ssl_cert_filepath = certificate.c_str();
        info.ssl_private_key_filepath = key.c_str();
        info.ssl_options_set = SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1;
        info.alpn = "http/1.1";
    }
    context_ = lws_create_context(&info);
    if (context_ != nullptr) vhost_ = lws_create_vhost(context_, &info);
    const std::string why = std::exchange(said_by_library, {});
    lws_set_log_level(0, nullptr);
    if (vhost_ == nullptr)
        return base::Error{"cannot serve: " + why, "[web]",
                           is_secret ? "do certificate and key belong together, as PEM?" : ""};
    lws_adopt_desc_t door = {};
    door.vh = vhost_;
    door.type = LWS_ADOPT_RAW_FILE_DESC;
    // The library closes what it adopts.
    door.fd.filefd = fcntl(listener_.fd(), F_DUPFD_CLOEXEC, 0);
    if (door.fd.filefd < 0 || lws_adopt_descriptor_vhost_via_info(&door) == nullptr)
        return base::Error{"cannot listen", "[web]"};
    timer_.service = nudges_.service = this;
    lws_sul_schedule(context_, 0, &timer_.list, on_timer, kLook);
    thread_ = std::thread([this] { run(); });
    return base::Done{};
}

Server::Service::~Service() {
    stops_.store(true, std::memory_order_relaxed);
    if (context_ != nullptr) lws_cancel_service(context_);
    if (thread_.joinable()) thread_.join();
    if (context_ == nullptr) return;
    lws_sul_cancel(&timer_.list);
    lws_sul_cancel(&nudges_.list);
    lws_context_destroy(context_);
}

void Server::Service::run() {
    pthread_setname_np(pthread_self(), "web");
    while (!stops_.load(std::memory_order_relaxed) && lws_service(context_, 0) >= 0) {
    }
}

void Server::Service::wake() {
    lws_cancel_service(context_);
}

// Nothing that happens here may end the loop: an exception, which can only be that memory ran out,
// ends the connection.
int Server::Service::called(lws* wsi, lws_callback_reasons reason, void* /*user*/, void* in,
                            std::size_t length) {
    auto* service = static_cast<Service*>(lws_context_user(lws_get_context(wsi)));
    try {
        return service->on(wsi, reason, in, length);
    } catch (const std::exception&) {
        return -1;
    }
}

int Server::Service::on(lws* wsi, lws_callback_reasons reason, const void* in, std::size_t length) {
    const auto text = [&] { return std::string_view(static_cast<const char*>(in), length); };
    switch (reason) {
        case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
            obey();
            return 0;
        case LWS_CALLBACK_RAW_RX_FILE:
            accept_all(wsi);
            return 0;
        case LWS_CALLBACK_TIMER:  // of the listener: descriptors may be there again
            return lws_rx_flow_control(wsi, 1);
        case LWS_CALLBACK_WSI_DESTROY:
            forget(id_of(wsi));
            return 0;
        case LWS_CALLBACK_RAW_ADOPT:  // what a CONNECT makes of a connection
        case LWS_CALLBACK_RAW_RX:
            return -1;
        default:
            break;
    }
    Connection* connection = of(wsi);
    if (connection == nullptr) return 0;
    switch (reason) {
        case LWS_CALLBACK_HTTP:
            return answer(*connection, text());
        case LWS_CALLBACK_HTTP_WRITEABLE:
            return go_on(*connection);
        case LWS_CALLBACK_HTTP_BODY:
            return -1;  // nothing here takes one
        case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
            return confirm_upgrade(*connection, static_cast<const char*>(in));
        case LWS_CALLBACK_ESTABLISHED:
            return begin(*connection);
        case LWS_CALLBACK_RECEIVE:
            return receive(*connection, {static_cast<const std::uint8_t*>(in), length});
        case LWS_CALLBACK_SERVER_WRITEABLE:
            return write(*connection);
        default:
            return 0;
    }
}

Server::Service::Connection* Server::Service::of(lws* wsi) {
    const auto found = connections_.find(id_of(wsi));
    if (found == connections_.end()) return nullptr;
    found->second.wsi = wsi;
    return &found->second;
}

lws* Server::Service::find(ConnectionId id) {
    const auto found = connections_.find(id);
    return found == connections_.end() ? nullptr : found->second.wsi;
}

void Server::Service::accept_all(lws* listener) {
    for (int i = 0; i < kAcceptsAtOnce; ++i) {
        int descriptor = -1;
        Visitor visitor;
        switch (listener_.accept(descriptor, visitor)) {
            case Listener::Outcome::none:
                return;
            case Listener::Outcome::exhausted:
                // Those who are here are served; the newcomer waits in the system's queue.
                lws_rx_flow_control(listener, 0);
                lws_set_timer_usecs(listener, kAcceptPause);
                return;
            case Listener::Outcome::accepted:
                accept(descriptor, std::move(visitor));
        }
    }
}

bool Server::Service::make_room(const Visitor& visitor) {
    const auto from = from_.find(visitor.address);
    if (!visitor.is_this_machine && from != from_.end() && from->second >= kMostFromOne)
        return displace(&visitor.address);
    return connections_.size() < kMostConnections || displace(nullptr);
}

// Whoever is quiet for longest goes: somebody who sends a request byte by byte, or a browser that
// connects again when it has something to ask. WebSockets and answers under way stay.
bool Server::Service::displace(const std::string* address) {
    Connection* longest = nullptr;
    for (auto& [id, connection] : connections_) {
        if (connection.is_socket || connection.body || connection.leaves) continue;
        if (connection.wsi == nullptr || (address && connection.visitor.address != *address))
            continue;
        if (longest == nullptr || connection.quiet_since < longest->quiet_since)
            longest = &connection;
    }
    if (longest == nullptr) return false;
    longest->leaves = true;
    lws_set_timeout(longest->wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    return true;
}

void Server::Service::accept(int descriptor, Visitor visitor) {
    if (!make_room(visitor)) {
        // By https nobody would understand it.
        turned_away_.add(descriptor, is_encrypted() ? "" : kFull);
        return;
    }
    const ConnectionId id = ++last_id_;
    ++from_[visitor.address];
    connections_[id] = {
        .id = id, .visitor = std::move(visitor), .quiet_since = base::monotonic_ns()};
    lws_adopt_desc_t guest = {};
    guest.vh = vhost_;
    guest.type =
        static_cast<lws_adoption_type>(LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL);
    guest.fd.sockfd = descriptor;
    guest.opaque = reinterpret_cast<void*>(static_cast<std::uintptr_t>(id));
    lws* wsi = lws_adopt_descriptor_vhost_via_info(&guest);
    // Without it the descriptor is closed already.
    if (wsi == nullptr) return forget(id);
    if (const auto found = connections_.find(id); found != connections_.end())
        found->second.wsi = wsi;
}

void Server::Service::forget(ConnectionId id) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    const Connection& connection = found->second;
    if (connection.is_socket) {
        --sockets_;
        exchange_.close(id);
        hooks_.wake();
    }
    if (const auto from = from_.find(connection.visitor.address); --from->second == 0)
        from_.erase(from);
    rights_.erase(id);
    end_answer(found->second);
    connections_.erase(found);
}

void Server::Service::obey() {
    const Exchange::Orders orders = exchange_.take_orders();
    tell_changes(orders.changes);
    if (!orders.meters.empty()) {
        query_.apply(orders.meters);
        tell_meters();
    }
    for (const ConnectionId id : orders.written)
        if (lws* wsi = find(id)) lws_callback_on_writable(wsi);
    for (const ConnectionId id : orders.resumed)
        if (lws* wsi = find(id)) lws_rx_flow_control(wsi, 1);
    for (const ConnectionId id : orders.dropped)
        if (lws* wsi = find(id)) lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
}

bool Server::Service::wants_meters() const {
    return base::monotonic_ns() - meters_wanted_.load(std::memory_order_relaxed) < kLooked;
}

void Server::Service::close_stalled() {
    for (const ConnectionId id : exchange_.stalled(base::monotonic_ns(), kStall)) {
        lws* wsi = find(id);
        if (wsi == nullptr) continue;
        hooks_.log(connections_[id].visitor.address + " was disconnected: it does not read");
        lws_set_timeout(wsi, PENDING_TIMEOUT_LAGGING, LWS_TO_KILL_ASYNC);
    }
}

void Server::Service::on_timer(lws_sorted_usec_list_t* timer) {
    static_assert(offsetof(Timer, list) == 0);
    Service* service = reinterpret_cast<Timer*>(timer)->service;
    service->close_stalled();
    service->tell_dropped();
    service->turned_away_.close_all();
    lws_sul_schedule(service->context_, 0, timer, on_timer, kLook);
}

}  // namespace mixrig::web
