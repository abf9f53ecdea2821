// Tests of the web server: the page, WebSockets, who may, and what it withstands.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/web/client.h"
#include "tests/src/web/desk.h"

#include <doctest/doctest.h>

#include <chrono>
#include <fcntl.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

namespace mixrig::tests {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

web::Bytes bytes(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

const web::ServerConfig kWithTable = {
    .files = {{"/table.json", "application/json", "{\"name\":\"a desk\"}"}}};

TEST_CASE("web: a browser gets the page, with what makes it safe and what makes it quick") {
    const WebDesk desk;
    WebClient client(desk.port());
    const Reply page = client.get("/", "Accept: text/html\r\n");
    CHECK(page.status == 200);
    CHECK(page.headers.at("content-type") == "text/html; charset=utf-8");
    CHECK(page.headers.at("content-security-policy").find("default-src 'self'") == 0);
    CHECK(page.headers.at("cache-control") == "no-cache");
    // What the page asks for by its content need not be asked for again.
    const std::size_t version = page.body.find("app.js?v=");
    REQUIRE(version != std::string::npos);
    const std::string script = "/" + page.body.substr(version, 9 + 16);
    CHECK(WebClient(desk.port()).get(script).headers.at("cache-control") ==
          "max-age=31536000, immutable");
    CHECK(WebClient(desk.port()).get("/app.js?v=0").headers.at("cache-control") == "no-cache");
    CHECK(page.body.find("<title>mixrig</title>") != std::string::npos);
    // The same connection goes on, and what is known is not sent again.
    const Reply again = client.get(
        "/", "Accept: text/html\r\nIf-None-Match: \"x\", " + page.headers.at("etag") + "\r\n");
    CHECK(again.status == 304);
    CHECK(again.body.empty());
    const Reply head = client.request("HEAD", "/", "Accept: text/html\r\n");
    CHECK(head.status == 200);
    CHECK(head.headers.at("content-length") == std::to_string(page.body.size()));
    const Reply small = client.get("/", "Accept: text/html\r\nAccept-Encoding: br, gzip;q=0.5\r\n");
    CHECK(small.headers.at("content-encoding") == "gzip");
    CHECK(small.body.starts_with("\x1f\x8b"));
    CHECK(small.body.size() < page.body.size());
}

TEST_CASE("web: a client that asks for the end of the connection gets it with the answer") {
    const WebDesk desk(kWithTable);
    for (const char* path : {"/", "/index.html", "/table.json", "/ch/1/fader", "/nothing"}) {
        CAPTURE(path);
        WebClient client(desk.port());
        CHECK(client.get(path, "Connection: close\r\n").status != 0);
        CHECK(client.is_closed(500ms));
    }
}

TEST_CASE("web: what is not there, not ours or not read-only is refused") {
    const WebDesk desk;
    CHECK(WebClient(desk.port()).get("/secret.txt").status == 404);
    CHECK(WebClient(desk.port()).get("/../../etc/passwd").status != 200);
    CHECK(WebClient(desk.port()).get("/", "Host: desk.example.com\r\n").status == 403);
    CHECK(WebClient(desk.port()).request("POST", "/", "Content-Length: 0\r\n").status == 405);
    CHECK(WebClient(desk.port()).request("DELETE", "/", "").status == 405);
    for (const char* nonsense : {"\x16\x03\x01\x02", "CONNECT a.b:80 HTTP/1.1\r\n\r\n",
                                 "GET\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"}) {
        WebClient client(desk.port());
        client.send(nonsense);
        (void)client.is_closed(100ms);
    }
    WebClient client(desk.port());
    CHECK(client
              .get("/",
                   "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                   "HTTP2-Settings: AAMAAABk\r\n")
              .status != 101);
    CHECK(WebClient(desk.port()).get("/", "Accept: text/html\r\n").status == 200);
}

TEST_CASE("web: an attribute that is given a value is refused, and nothing is set") {
    const WebDesk desk;
    const auto get = [&](const std::string& path) { return WebClient(desk.port()).get(path); };
    const std::string before = get("/ch/1/fader?VALUE").body;
    CHECK(before.starts_with("{\"VALUE\":["));
    for (const char* path : {"/ch/1/fader?VALUE=3", "/ch/1/fader?RANGE&VALUE=3", "/?VALUE=3",
                             "/ch/1/fader?TAGS=x", "/?HOST_INFO=1", "/ch/1/fader?VALUE=%5B3%5D"}) {
        CAPTURE(path);
        const Reply reply = get(path);
        CHECK(reply.status == 400);
        CHECK(reply.body.find("nothing is set by HTTP") == 0);
    }
    CHECK(get("/ch/1/fader?VALUE").body == before);
    // Without one it is as if there were no `=`; what is no attribute may have any.
    CHECK(get("/ch/1/fader?VALUE=").body == before);
    CHECK(get("/ch/1/fader?VALUE&token=&t=17").body == before);
    CHECK(get("/ch/1/fader?token=wrong&VALUE=3").status == 403);
}

TEST_CASE("web: packets of a WebSocket reach the desk whole and in order, and answers come back") {
    WebDesk desk;
    WebClient client(desk.port());
    REQUIRE(client.upgrade().status == 101);
    client.send_frame(2, "first");
    client.send_frame(2, "sec", false);
    client.send_frame(9, "a ping between fragments");
    client.send_frame(0, "ond");
    client.send_frame(2, std::string(60'000, 'x'));
    REQUIRE(desk.wait_for_packets(3));
    CHECK(desk.rights == std::vector<web::Rights>{0});
    CHECK(desk.packets[0] == "first");
    CHECK(desk.packets[1] == "second");
    CHECK(desk.packets[2] == std::string(60'000, 'x'));
    const std::string large(100'000, 'y');
    CHECK(desk.server->send(desk.guests[0], bytes("answer"), web::Urgency::reply) ==
          web::Sent::done);
    CHECK(desk.server->send(desk.guests[0], bytes(large), web::Urgency::reply) == web::Sent::done);
    desk.server->flush();
    auto answer = client.frame();
    while (answer && answer->kind == 10) answer = client.frame();  // the pong
    REQUIRE(answer);
    CHECK(answer->kind == 2);
    CHECK(answer->bytes == "answer");
    CHECK(client.frame()->bytes == large);
    // What is said last is heard, though its sender has gone.
    client.send_frame(2, "goodbye");
    client.send_frame(8, "\x03\xe8");
    CHECK(client.is_closed());
    REQUIRE(desk.wait_for_packets(4));
    CHECK(desk.packets[3] == "goodbye");
    CHECK(desk.wait_for_guests(0));
    CHECK(desk.server->send(1, bytes("x"), web::Urgency::reply) == web::Sent::gone);
}

TEST_CASE("web: a message beyond 64 KiB ends the connection with 1009, whole or in fragments") {
    WebDesk desk;
    for (const bool in_fragments : {false, true}) {
        CAPTURE(in_fragments);
        WebClient client(desk.port());
        REQUIRE(client.upgrade().status == 101);
        // No more than it takes: what is not read makes a reset of the end.
        if (in_fragments)
            for (int i = 0; i < 33; ++i)
                client.send_frame(i == 0 ? 2 : 0, std::string(2000, 'x'), false);
        else
            client.send_frame(2, std::string(70'000, 'x'));
        const auto close = client.frame();
        REQUIRE(close);
        CHECK(close->kind == 8);
        CHECK(close->code() == 1009);
    }
    CHECK(desk.wait_for_guests(0));
    CHECK(desk.packets.empty());
}

TEST_CASE("web: rights go by token, and without any there is neither WebSocket nor desk") {
    WebDesk desk(kWithTable);
    for (const std::string path : {"/?token=wrong", "/?x=1&token=wrong"}) {
        CHECK(WebClient(desk.port()).upgrade(path).status == 403);
        CHECK(WebClient(desk.port()).get("/table.json" + path.substr(1)).status == 403);
        // The page itself is public: it is what asks for the token.
        CHECK(WebClient(desk.port()).get(path, "Accept: text/html\r\n").status == 200);
    }
    CHECK(WebClient(desk.port()).get("/table.json").body == "{\"name\":\"a desk\"}");
    CHECK(WebClient(desk.port()).get("/table.json", "Authorization: Bearer musician\r\n").status ==
          200);
    CHECK(WebClient(desk.port()).get("/table.json", "Authorization: Bearer wrong\r\n").status ==
          403);
    WebClient musician(desk.port());
    CHECK(musician.upgrade("/?token=musician").status == 101);
    REQUIRE(desk.wait_for_guests(1));
    CHECK(desk.rights == std::vector<web::Rights>{7});
    desk.server->drop(desk.guests[0]);
    desk.server->flush();
    CHECK(musician.is_closed());
    CHECK(desk.wait_for_guests(0));
}

TEST_CASE("web: a page of somebody else does not get a WebSocket") {
    WebDesk desk({.hosts = {"desk.example.com"}});
    const std::string port = std::to_string(desk.port());
    const auto status = [&](const std::string& headers) {
        return WebClient(desk.port()).upgrade("/", headers).status;
    };
    CHECK(status("Origin: http://127.0.0.1:" + port + "\r\n") == 101);
    CHECK(status("Host: desk.example.com\r\nOrigin: https://desk.example.com\r\n") == 101);
    CHECK(status("Origin: http://evil.example.com\r\n") == 403);
    CHECK(status("Origin: null\r\n") == 403);
    CHECK(status("Origin: http://127.0.0.1:1\r\n") == 403);
    CHECK(status("Host: evil.example.com\r\nOrigin: http://evil.example.com\r\n") == 403);
}

TEST_CASE("web: who sends more than the desk takes is made to wait, and loses nothing") {
    WebDesk desk;
    desk.takes = false;
    WebClient client(desk.port());
    REQUIRE(client.upgrade().status == 101);
    REQUIRE(desk.wait_for_guests(1));
    // 8 MB, far beyond what waits in the server and in both systems' buffers.
    fcntl(client.fd(), F_SETFL, O_NONBLOCK);
    constexpr std::size_t kMessages = 2000;
    std::string all;
    for (std::size_t i = 0; i < kMessages; ++i) {
        std::string frame("\x82\xfe\x0f\xa0\0\0\0\0", 8);  // binary, masked by zeros, 4000 bytes
        frame += std::to_string(i);
        frame.resize(8 + 4000, '.');
        all += frame;
    }
    std::size_t sent = 0;
    const auto push = [&] {
        const auto count = ::write(client.fd(), all.data() + sent, all.size() - sent);
        sent += count > 0 ? static_cast<std::size_t>(count) : 0;
    };
    const auto end = Clock::now() + 300ms;
    while (Clock::now() < end) {
        push();
        desk.collect();
        usleep(1000);
    }
    CHECK(sent < all.size());
    desk.takes = true;
    for (int i = 0; i < 5000 && desk.packets.size() < kMessages; ++i) {
        push();
        desk.collect();
        usleep(1000);
    }
    REQUIRE(desk.packets.size() == kMessages);
    for (std::size_t i = 0; i < kMessages; ++i) CHECK(std::stoul(desk.packets[i]) == i);
}

TEST_CASE(
    "web: beyond the limits a WebSocket is refused, and who is quiet for longest makes room") {
    constexpr int kSockets = 96, kConnections = 384;
    WebDesk desk;
    std::vector<WebClient> sockets;
    for (int i = 0; i < kSockets; ++i) {
        sockets.emplace_back(desk.port());
        REQUIRE(sockets.back().upgrade().status == 101);
    }
    CHECK(WebClient(desk.port()).upgrade().status == 503);
    // As a slow loris does: never a whole request.
    std::vector<WebClient> slow;
    for (int i = 0; i < kConnections; ++i) {
        slow.emplace_back(desk.port());
        slow.back().send("GET / HTTP/1.1\r\nHost: ");
    }
    for (int i = 0; i < 20; ++i) {
        WebClient late(desk.port());
        CHECK(late.get("/", "Accept: text/html\r\n").status == 200);
    }
    CHECK(slow.front().is_closed());
    REQUIRE(desk.wait_for_guests(kSockets));
    sockets.back().send_frame(2, "still here");
    CHECK(desk.wait_for_packets(1));
}

TEST_CASE("web: who takes longer than the desk has patience for a request is disconnected") {
    const WebDesk desk({.patience = 1});
    WebClient nothing(desk.port()), slow(desk.port());
    const auto begin = Clock::now();
    slow.send("GET / HTTP/1.1\r\nHost: ");
    for (int i = 0; i < 8; ++i) {
        slow.send("x");
        usleep(100'000);
    }
    CHECK(slow.is_closed(2s));
    CHECK(nothing.is_closed(2s));
    CHECK(Clock::now() - begin < 3s);
}

TEST_CASE("web: without file descriptors it serves those who are here, and later the others") {
    WebDesk desk;
    WebClient here(desk.port());
    REQUIRE(here.upgrade().status == 101);
    WebClient waits(desk.port());  // as yet both have descriptors
    rlimit before{};
    getrlimit(RLIMIT_NOFILE, &before);
    const WebClient late(desk.port());
    REQUIRE(desk.wait_for_guests(1));
    usleep(20'000);
    const WebClient* last = &late;
    rlimit none = before;
    none.rlim_cur = static_cast<rlim_t>(last->fd()) + 2;
    WebClient next(desk.port());  // its other end has no number left
    setrlimit(RLIMIT_NOFILE, &none);
    here.send_frame(2, "here");
    CHECK(desk.wait_for_packets(1));
    setrlimit(RLIMIT_NOFILE, &before);
    CHECK(next.get("/", "Accept: text/html\r\n").status == 200);
}

}  // namespace
}  // namespace mixrig::tests
