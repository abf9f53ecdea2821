// Tests of the parts of the web server that need no network: outbox, exchange, requests.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/web/exchange.h"
#include "src/web/outbox.h"
#include "src/web/request.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace mixrig::tests {
namespace {

using web::Outbox;
using web::Sent;
using web::Urgency;

std::vector<std::uint8_t> packet(std::size_t size, std::uint8_t fill = 0) {
    return std::vector<std::uint8_t>(size, fill);
}

TEST_CASE("outbox: of meters that wait the newest stay, changes wait longer, answers longest") {
    Outbox box;
    CHECK(box.push(packet(10'000, 1), Urgency::state, 0) == Sent::done);
    for (std::uint8_t i = 0; i < 100; ++i)
        CHECK(box.push(packet(1000, i), Urgency::meters, 0) == Sent::done);
    CHECK(box.bytes() <= Outbox::kMetersRoom + 1000);
    CHECK(box.pop(0)->bytes.back() == 1);  // the change is still the first
    const auto oldest = box.pop(0);
    // Behind the change 6 fit into 16 KiB, and the newest was added to them.
    CHECK(oldest->bytes.back() == 100 - 7);
    CHECK(box.push(packet(1), Urgency::state, 0) == Sent::full);
    CHECK(!box.take_appetite());
    while (box.pop(0)) continue;
    CHECK(box.take_appetite());
    CHECK(!box.take_appetite());
    CHECK(box.push(packet(100'000), Urgency::state, 0) == Sent::done);
    CHECK(box.push(packet(1), Urgency::state, 0) == Sent::full);
    CHECK(box.push(packet(1), Urgency::meters, 0) == Sent::full);
    CHECK(box.push(packet(50'000), Urgency::reply, 0) == Sent::done);
    CHECK(!box.is_over());
    CHECK(box.push(packet(200'000), Urgency::reply, 0) == Sent::gone);
    CHECK(box.is_over());
}

TEST_CASE("outbox: it is stalled from when something waits and nothing is taken") {
    Outbox box;
    CHECK(!box.stalled_since());
    box.push(packet(4), Urgency::reply, 5);
    box.push(packet(4), Urgency::reply, 7);
    CHECK(box.stalled_since() == 5);
    CHECK(box.pop(9)->size() == 4);
    CHECK(box.stalled_since() == 9);
    box.pop(11);
    CHECK(!box.stalled_since());
    CHECK(!box.pop(12));
}

TEST_CASE("exchange: a packet that is refused comes again, before later ones, and then the end") {
    web::Exchange exchange;
    exchange.open(1, {.address = "::1"}, 3);
    CHECK(exchange.receive(1, packet(1, 'a')));
    CHECK(exchange.receive(1, packet(1, 'b')));
    std::string heard;
    bool takes = false;
    const web::Reception reception = {
        .came = [&](auto, const auto&, auto rights) { heard += std::to_string(rights); },
        .packet =
            [&](auto, auto bytes) {
                if (takes) heard += static_cast<char>(bytes[0]);
                return takes;
            },
        .left = [&](auto) { heard += '.'; }};
    exchange.collect(reception);
    CHECK(heard == "3");
    CHECK(exchange.receive(1, packet(1, 'c')));
    exchange.close(1);
    exchange.collect(reception);
    CHECK(heard == "3");
    takes = true;
    exchange.collect(reception);
    exchange.collect(reception);
    CHECK(heard == "3abc.");
}

TEST_CASE("exchange: who has said too much waits until half of it is taken") {
    web::Exchange exchange;
    exchange.open(1, {}, 0);
    const std::size_t half = web::Exchange::kInbox / 2;
    CHECK(exchange.receive(1, packet(half)));
    CHECK(exchange.receive(1, packet(half)));
    CHECK_FALSE(exchange.receive(1, packet(1)));
    CHECK_FALSE(exchange.must_wake());
    exchange.collect({.came = [](auto, const auto&, auto) {},
                      .packet = [](auto, auto) { return true; },
                      .left = [](auto) {}});
    CHECK(exchange.must_wake());
    CHECK_FALSE(exchange.must_wake());  // once is enough
    CHECK(exchange.take_orders().resumed == std::vector<web::ConnectionId>{1});
}

TEST_CASE("exchange: changes that nobody takes are coalesced, and the last of each stays") {
    web::Exchange exchange;
    const std::size_t rounds = web::Exchange::kMostChanges / 1000 * 3;
    for (std::size_t round = 0; round <= rounds; ++round) {
        web::Changes changes;
        for (param::Slot slot = 0; slot < 1000; ++slot)
            changes.push_back({slot, {static_cast<float>(round), {}}});
        exchange.publish(std::move(changes));
    }
    const auto taken = exchange.take_orders().changes;
    REQUIRE(taken.size() == 1000);
    for (param::Slot slot = 0; slot < 1000; ++slot) {
        CHECK(taken[slot].first == slot);
        CHECK(taken[slot].second.number == static_cast<float>(rounds));
    }
}

TEST_CASE("request: hosts are numbers, localhost, *.local and the names that were said") {
    const std::vector<std::string> names = {"desk", "desk.example.com"};
    for (const char* own : {"127.0.0.1", "192.168.1.7:8080", "[::1]", "[fe80::1]:8080", "localhost",
                            "LOCALHOST:80", "my-desk.local:8080", "desk:8080", "Desk.Example.com"})
        CHECK_MESSAGE(web::is_own_host(own, names), own);
    for (const char* foreign :
         {"", ":80", ".local", "evil.com", "evil.com:8080", "127.0.0.1.evil.com",
          "localhost.evil.com", "desk.example.com.evil.com", "127.0.0.1:80@evil.com", "[::1",
          "[::1]evil", "a.local.evil", "127.0.0.1:999999", "local"})
        CHECK_FALSE_MESSAGE(web::is_own_host(foreign, names), foreign);
}

TEST_CASE("request: a token stands in the address or in a header, and is no attribute") {
    web::Request request{.arguments = {"VALUE", "token=abc", "RANGE"}};
    CHECK(request.token() == "abc");
    CHECK(request.attributes() == std::vector<std::string_view>{"VALUE", "RANGE"});
    CHECK(request.assigned() == std::vector<std::string_view>{"token"});
    // As some libraries write what has no value, and what is said too much.
    request.arguments = {"VALUE=", "token=", "RANGE=3", "UNIT=="};
    CHECK(request.attributes() == std::vector<std::string_view>{"VALUE"});
    CHECK(request.assigned() == std::vector<std::string_view>{"RANGE", "UNIT"});
    request.arguments.clear();
    request.authorization = "bearer  xyz ";
    CHECK(request.token() == "xyz");
    request.authorization = "Basic xyz";
    CHECK(request.token().empty());
    CHECK(web::Request::lists("text/html;q=0.9, */*", "text/html"));
    CHECK_FALSE(web::Request::lists("text/htmlx", "text/html"));
}

}  // namespace
}  // namespace mixrig::tests
