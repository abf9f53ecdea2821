// Tests of what somebody hears whom there is no room for.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/turned_away.h"

#include "src/web/listener.h"

#include <doctest/doctest.h>

#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace mixrig::tests {
namespace turned_away_test {

int connected_to(std::uint16_t port) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to = {};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
    return fd;
}

TEST_CASE("turned away: what somebody is told arrives, though the request came too late") {
    auto listener = web::Listener::open("127.0.0.1", 0);
    REQUIRE(listener);
    web::TurnedAway turned_away;
    for (int i = 0; i < 100; ++i) {  // more than are kept
        const int client = connected_to(listener->port());
        int descriptor = -1;
        web::Visitor visitor;
        REQUIRE(listener->accept(descriptor, visitor) == web::Listener::Outcome::accepted);
        turned_away.add(descriptor, "no room");
        const std::string request(3000, 'x');
        REQUIRE(send(client, request.data(), request.size(), MSG_NOSIGNAL) == 3000);
        usleep(100);
        std::string told(100, '\0');
        REQUIRE(recv(client, told.data(), told.size(), MSG_WAITALL) == 7);
        CHECK(told.starts_with("no room"));
        close(client);
    }
    turned_away.close_all();
}

}  // namespace turned_away_test
}  // namespace mixrig::tests
