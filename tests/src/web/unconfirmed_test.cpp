// Tests of what follows something that was lost: a client that hears nothing for a while, by a
// filter in the kernel.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/unconfirmed.h"

#include "src/web/listener.h"
#include "tests/src/web/client.h"
#include "tests/src/web/desk.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <functional>
#include <linux/filter.h>
#include <span>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace mixrig::tests {
namespace unconfirmed_test {

using namespace std::chrono_literals;

// What comes to the socket is as if the network had lost it: not confirmed.
void hear_nothing(int fd) {
    std::array<sock_filter, 1> nothing = {sock_filter{BPF_RET | BPF_K, 0, 0, 0}};
    const sock_fprog filter = {1, nothing.data()};
    REQUIRE(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter) == 0);
}

void hear_again(int fd) {
    const int unused = 0;
    REQUIRE(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused) == 0);
}

bool comes_true(const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(5ms);
    }
    return true;
}

// Longer than is waited for a confirmation, or for something to be lost.
constexpr auto kWhile = 200ms;

TEST_CASE(
    "unconfirmed: it is until the other side has got what was sent, and not before it was sent") {
    auto listener = web::Listener::open("127.0.0.1", 0);
    REQUIRE(listener);
    const WebClient client(listener->port());
    int socket = -1;
    web::Visitor visitor;
    REQUIRE(comes_true(
        [&] { return listener->accept(socket, visitor) == web::Listener::Outcome::accepted; }));
    std::this_thread::sleep_for(kWhile);
    CHECK_FALSE(web::is_unconfirmed(socket));
    REQUIRE(send(socket, "heard", 5, 0) == 5);
    std::this_thread::sleep_for(kWhile);
    CHECK_FALSE(web::is_unconfirmed(socket));
    hear_nothing(client.fd());
    REQUIRE(send(socket, "lost", 4, 0) == 4);
    CHECK_FALSE(web::is_unconfirmed(socket));  // it may be on its way
    CHECK(comes_true([&] { return web::is_unconfirmed(socket); }));
    hear_again(client.fd());
    CHECK(comes_true([&] { return !web::is_unconfirmed(socket); }));
    close(socket);
    CHECK_FALSE(web::is_unconfirmed(socket));
}

TEST_CASE(
    "web: what is not confirmed is followed by a pong, by which the kernel notices its loss") {
    WebDesk desk;
    WebClient client(desk.port());
    REQUIRE(client.upgrade().status == 101);
    REQUIRE(desk.wait_for_guests(1));
    const auto says = [&](std::string_view text) {
        const std::span bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
        REQUIRE(desk.server->send(desk.guests[0], bytes, web::Urgency::reply) == web::Sent::done);
        desk.server->flush();
    };
    says("heard");
    CHECK(client.frame()->bytes == "heard");
    CHECK_FALSE(client.frame(kWhile));  // without a loss there is no need
    hear_nothing(client.fd());
    says("lost");
    std::this_thread::sleep_for(kWhile);
    hear_again(client.fd());
    CHECK(client.frame()->bytes == "lost");
    const auto next = client.frame();
    REQUIRE(next);
    CHECK(next->kind == 10);
    CHECK(next->bytes.empty());
}

}  // namespace unconfirmed_test
}  // namespace mixrig::tests
