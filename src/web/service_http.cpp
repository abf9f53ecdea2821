// The web thread: requests and their answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/base/clock.h"
#include "src/web/service.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <netdb.h>
#include <sys/socket.h>

namespace mixrig::web {
namespace {

constexpr std::size_t kMostHeader = 2048;          // bytes of one that is asked for
constexpr std::size_t kHeaders = 2048;             // bytes of what we answer
constexpr std::size_t kChunk = 16u << 10;          // bytes of a body written at a time
constexpr int kChunkSeconds = 5;                   // for a chunk to leave
constexpr std::int64_t kLongest = 60'000'000'000;  // ns for all of it

// Nothing of other hosts, nothing in a frame: a page around ours could have people press what
// they do not see.
constexpr const char* kPolicy =
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

std::string header(lws* wsi, lws_token_indexes token) {
    std::array<char, kMostHeader> out{};
    const int length = lws_hdr_copy(wsi, out.data(), static_cast<int>(out.size()), token);
    return length > 0 ? std::string(out.data(), static_cast<std::size_t>(length)) : std::string();
}

// Of what a callback may return only what is negative closes the connection wherever it is called.
int completed(lws* wsi) {
    return lws_http_transaction_completed(wsi) == 0 ? 0 : -1;
}

std::string own_address(lws* wsi) {
    sockaddr_storage storage = {};
    socklen_t size = sizeof storage;
    std::array<char, NI_MAXHOST> text{};
    if (getsockname(lws_get_socket_fd(wsi), reinterpret_cast<sockaddr*>(&storage), &size) != 0 ||
        getnameinfo(reinterpret_cast<const sockaddr*>(&storage), size, text.data(), text.size(),
                    nullptr, 0, NI_NUMERICHOST) != 0)
        return {};
    return text.data();
}

class HeaderWriter {
public:
    explicit HeaderWriter(lws* wsi) : wsi_(wsi) {}

    void status(unsigned code) {
        failed_ |= lws_add_http_header_status(wsi_, code, &at_, end()) != 0;
    }
    void length(std::size_t bytes) {
        failed_ |= lws_add_http_header_content_length(wsi_, bytes, &at_, end()) != 0;
    }
    void add(const char* name, std::string_view value) {
        failed_ |= lws_add_http_header_by_name(wsi_, reinterpret_cast<const unsigned char*>(name),
                                               reinterpret_cast<const unsigned char*>(value.data()),
                                               static_cast<int>(value.size()), &at_, end()) != 0;
    }
    bool write() {
        return !failed_ &&
               lws_finalize_write_http_header(wsi_, bytes_.data() + LWS_PRE, &at_, end()) == 0;
    }

private:
    unsigned char* end() { return bytes_.data() + bytes_.size(); }

    lws* wsi_;
    std::array<unsigned char, LWS_PRE + kHeaders> bytes_{};
    unsigned char* at_ = bytes_.data() + LWS_PRE;
    bool failed_ = false;
};

}  // namespace

Request Server::Service::request_of(lws* wsi, std::string_view path) {
    char* uri = nullptr;
    int uri_length = 0;
    const int method = lws_http_get_uri_and_method(wsi, &uri, &uri_length);
    Request out{.path = std::string(path)};
    if (method != LWSHUMETH_GET) out.method = Method::other;
    if (method == LWSHUMETH_HEAD) out.method = Method::head;
    std::array<char, kMostHeader> argument{};
    for (int i = 0; lws_hdr_copy_fragment(wsi, argument.data(), static_cast<int>(argument.size()),
                                          WSI_TOKEN_HTTP_URI_ARGS, i) > 0;
         ++i)
        out.arguments.emplace_back(argument.data());
    out.own_address = own_address(wsi);
    out.host = header(wsi, WSI_TOKEN_HOST);
    out.origin = header(wsi, WSI_TOKEN_ORIGIN);
    out.accept = header(wsi, WSI_TOKEN_HTTP_ACCEPT);
    out.encodings = header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING);
    out.known = header(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH);
    out.authorization = header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION);
    return out;
}

int Server::Service::answer(Connection& connection, std::string_view path) {
    const Request request = request_of(connection.wsi, path);
    return respond(connection, request, site_.answer(request, connection.visitor));
}

int Server::Service::respond(Connection& connection, const Request& request,
                             const Response& response) {
    lws* wsi = connection.wsi;
    connection.quiet_since = base::monotonic_ns();
    if (!has_room(response))
        return respond(connection, request, plain(503, "too many ask at once\n"));
    HeaderWriter headers(wsi);
    headers.status(response.status);
    const bool has_body = response.body && request.method != Method::head;
    if (response.body) headers.add("content-type:", response.type);
    if (response.is_gzip) headers.add("content-encoding:", "gzip");
    if (!response.etag.empty()) headers.add("etag:", response.etag);
    headers.add("cache-control:", response.is_fixed      ? "max-age=31536000, immutable"
                                  : response.may_be_kept ? "no-cache"
                                                         : "no-store");
    headers.add("vary:", "accept, accept-encoding, authorization");
    headers.add("content-security-policy:", kPolicy);
    headers.add("x-content-type-options:", "nosniff");
    headers.add("referrer-policy:", "no-referrer");  // an address may have a token in it
    if (response.status != 204 && response.status != 304)
        headers.length(response.body ? response.body->size() : 0);
    if (!headers.write()) return -1;
    if (!has_body || response.body->empty()) return completed(wsi);
    end_answer(connection);
    connection.body = response.body;
    if (answers_[response.body]++ == 0) answer_bytes_ += response.body->size();
    connection.sent = 0;
    connection.since = base::monotonic_ns();
    lws_callback_on_writable(wsi);
    return 0;
}

// Files of the page are there anyway, and one answer to many is there once.
bool Server::Service::has_room(const Response& response) const {
    return !response.body || response.may_be_kept || answers_.contains(response.body) ||
           answer_bytes_ + response.body->size() <= kMostAnswers;
}

void Server::Service::end_answer(Connection& connection) {
    const Body body = std::exchange(connection.body, nullptr);
    const auto found = answers_.find(body);
    if (found == answers_.end() || --found->second != 0) return;
    answer_bytes_ -= body->size();
    answers_.erase(found);
}

int Server::Service::go_on(Connection& connection) {
    if (!connection.body) return 0;
    if (base::monotonic_ns() - connection.since > kLongest) return -1;
    std::array<std::uint8_t, LWS_PRE + kChunk> bytes;  // NOLINT: filled below
    const std::string& body = *connection.body;
    const std::size_t count = std::min(kChunk, body.size() - connection.sent);
    std::memcpy(bytes.data() + LWS_PRE, body.data() + connection.sent, count);
    connection.sent += count;
    const bool is_last = connection.sent == body.size();
    const int written = lws_write(connection.wsi, bytes.data() + LWS_PRE, count,
                                  is_last ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP);
    if (written < static_cast<int>(count)) return -1;
    if (is_last) {
        end_answer(connection);
        return completed(connection.wsi);
    }
    lws_set_timeout(connection.wsi, PENDING_TIMEOUT_HTTP_CONTENT, kChunkSeconds);
    lws_callback_on_writable(connection.wsi);
    return 0;
}

int Server::Service::confirm_upgrade(Connection& connection, std::string_view protocol) {
    if (protocol != "websocket") return -1;
    const Request request = request_of(connection.wsi, "/");
    const auto refuse = [&](unsigned status, const char* why) {
        return respond(connection, request, plain(status, why)) == 0 ? 1 : -1;
    };
    if (!site_.is_for_us(request) || !is_own_origin(request.origin, request.host))
        return refuse(403, "");
    const auto rights = site_.rights(request, connection.visitor);
    if (!rights) return refuse(403, "");
    if (sockets_ >= kMostSockets) return refuse(503, "");
    rights_[connection.id] = *rights;
    return 0;
}

}  // namespace mixrig::web
