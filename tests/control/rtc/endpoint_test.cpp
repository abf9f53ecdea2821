// Tests of datagrams to pages, over real sockets: who gets one, who does not, and what comes when
// datagrams are lost.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/endpoint.h"

#include "src/base/clock.h"
#include "tests/control/rtc/page.h"

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cmath>
#include <functional>
#include <random>
#include <set>
#include <thread>

using namespace mixrig;
using namespace mixrig::control;
using namespace mixrig::control::rtc;
using rtc_page::Page;

namespace endpoint_test {

Bytes bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct Stage {
    std::unique_ptr<Endpoint> endpoint =
        std::move(Endpoint::open(*NetAddress::parse("127.0.0.1", 0)).value());
    NetAddress address = *NetAddress::parse("127.0.0.1", endpoint->port());
    std::int64_t waited = 0;

    // As long behind the one before as it takes.
    Credentials accept(std::uint64_t id, const Offer& offer) {
        waited += Endpoint::kBetweenOffers;
        return *endpoint->accept(id, offer, base::monotonic_ns() + waited);
    }
    Sent send(std::uint64_t id, Bytes message) {
        return endpoint->send(id, message, base::monotonic_ns());
    }
    void call(std::uint64_t id, Page& page) {
        page.call(address, accept(id, page.offer()), endpoint->fingerprint());
    }
    // False if it did not come within that time.
    bool run(std::initializer_list<Page*> pages, double seconds,
             const std::function<bool()>& until) {
        const std::int64_t end = base::monotonic_ns() + static_cast<std::int64_t>(seconds * 1e9);
        while (base::monotonic_ns() < end) {
            endpoint->turn(base::monotonic_ns());
            for (Page* page : pages) page->turn();
            if (until()) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
        return false;
    }
    bool open(std::uint64_t id, Page& page, double seconds = 10.0) {
        return run({&page}, seconds, [&] { return page.is_open() && endpoint->is_open(id); });
    }
};

}  // namespace endpoint_test

using namespace endpoint_test;

TEST_CASE("datagrams: a page that calls is told messages whole") {
    Stage stage;
    Page page;
    CHECK(stage.send(1, bytes("nobody")) == Sent::gone);
    stage.call(1, page);
    CHECK(stage.send(1, bytes("too early")) == Sent::full);
    REQUIRE(stage.open(1, page));
    const std::string longest(Channel::kMostMessage, 'x');
    CHECK(stage.send(1, bytes("first")) == Sent::done);
    CHECK(stage.send(1, bytes(longest)) == Sent::done);
    REQUIRE(stage.run({&page}, 5.0, [&] { return page.messages.size() == 2; }));
    CHECK(std::set<std::string>(page.messages.begin(), page.messages.end()) ==
          std::set<std::string>{"first", longest});
}

TEST_CASE("datagrams: the longest packet of the desk goes in one datagram") {
    CHECK(kDatagramBytes <= Channel::kMostMessage);
    Stage stage;
    Page page;
    stage.call(1, page);
    REQUIRE(stage.open(1, page));
    // Nothing else is on its way.
    stage.run({&page}, 0.3, [] { return false; });
    const std::size_t before = page.datagrams;
    CHECK(stage.send(1, bytes(std::string(kDatagramBytes, 'x'))) == Sent::done);
    REQUIRE(stage.run({&page}, 5.0, [&] { return page.messages.size() == 1; }));
    // A check may have been answered at the same time.
    CHECK(page.datagrams - before <= 2);
}

TEST_CASE("datagrams: several pages are told each their own") {
    Stage stage;
    std::array<Page, 3> pages;
    for (std::size_t p = 0; p < pages.size(); ++p) stage.call(p, pages[p]);
    REQUIRE(stage.run({&pages[0], &pages[1], &pages[2]}, 10.0, [&] {
        return pages[0].is_open() && pages[1].is_open() && pages[2].is_open() &&
               stage.endpoint->is_open(0) && stage.endpoint->is_open(1) &&
               stage.endpoint->is_open(2);
    }));
    for (std::size_t p = 0; p < pages.size(); ++p)
        CHECK(stage.send(p, bytes(std::to_string(p))) == Sent::done);
    stage.run({&pages[0], &pages[1], &pages[2]}, 5.0, [&] {
        return pages[0].messages.size() + pages[1].messages.size() + pages[2].messages.size() == 3;
    });
    for (std::size_t p = 0; p < pages.size(); ++p)
        CHECK(pages[p].messages == std::vector{std::to_string(p)});
}

TEST_CASE("datagrams: who does not know the password is not answered") {
    Stage stage;
    Page page;
    Credentials told = stage.accept(1, page.offer());
    told.password.back() = told.password.back() == 'a' ? 'b' : 'a';
    page.call(stage.address, told, stage.endpoint->fingerprint());
    CHECK(!stage.run({&page}, 0.5, [&] { return page.datagrams > 0; }));
    CHECK(!stage.endpoint->is_open(1));
}

TEST_CASE("datagrams: who has another certificate than it said gets nothing") {
    Stage stage;
    Page page, other;
    Offer lie = page.offer();
    lie.fingerprint = other.offer().fingerprint;
    page.call(stage.address, stage.accept(1, lie), stage.endpoint->fingerprint());
    CHECK(stage.run({&page}, 5.0, [&] { return page.is_answered(); }));
    CHECK(stage.run({&page}, 5.0, [&] { return stage.send(1, bytes("secret")) == Sent::gone; }));
    CHECK(page.messages.empty());
}

TEST_CASE("datagrams: a page knows the desk by its certificate as well") {
    Stage stage;
    Page page, other;
    page.call(stage.address, stage.accept(1, page.offer()), other.offer().fingerprint);
    CHECK(stage.run({&page}, 5.0, [&] { return page.is_gone(); }));
    CHECK(!page.is_open());
}

TEST_CASE("datagrams: a second offer takes the place of the first, and an end is told") {
    Stage stage;
    Page first, second;
    stage.call(1, first);
    REQUIRE(stage.open(1, first));
    stage.call(1, second);
    REQUIRE(stage.run({&first, &second}, 10.0, [&] {
        return first.is_gone() && second.is_open() && stage.endpoint->is_open(1);
    }));
    CHECK(stage.send(1, bytes("to the second")) == Sent::done);
    CHECK(stage.run({&first, &second}, 5.0, [&] { return second.messages.size() == 1; }));
    stage.endpoint->close(1);
    CHECK(stage.run({&second}, 5.0, [&] { return second.is_gone(); }));
    CHECK(!stage.endpoint->is_open(1));
}

TEST_CASE("datagrams: offers of one page come no quicker than handshakes may cost") {
    Stage stage;
    Page page;
    const std::int64_t now = base::monotonic_ns();
    CHECK(bool(stage.endpoint->accept(1, page.offer(), now)));
    const auto again = stage.endpoint->accept(1, page.offer(), now + Endpoint::kBetweenOffers - 1);
    REQUIRE(!again);
    CHECK(again.error().text().find("3 s") != std::string::npos);
    CHECK(bool(stage.endpoint->accept(2, page.offer(), now)));
    CHECK(bool(stage.endpoint->accept(1, page.offer(), now + Endpoint::kBetweenOffers)));
}

TEST_CASE("datagrams: an offer that is none is refused with a reason") {
    Stage stage;
    Page page;
    const Offer right = page.offer();
    for (const Offer& wrong :
         {Offer{.ice = {"", "p"}, .fingerprint = right.fingerprint},
          Offer{.ice = {"a b\r\n", "p"}, .fingerprint = right.fingerprint},
          Offer{.ice = {std::string(300, 'a'), "p"}, .fingerprint = right.fingerprint},
          Offer{.ice = right.ice, .fingerprint = "AA:BB"}}) {
        const auto answer = stage.endpoint->accept(1, wrong, base::monotonic_ns());
        REQUIRE(!answer);
        CHECK(answer.error().text().find("no offer") != std::string::npos);
    }
}

TEST_CASE("datagrams: there are no more channels than sockets, and who never calls makes room") {
    Stage stage;
    Page page;
    const std::int64_t now = base::monotonic_ns();
    for (std::uint64_t id = 0; id < Endpoint::kMostChannels; ++id)
        CHECK(bool(stage.endpoint->accept(id, page.offer(), now)));
    CHECK(!stage.endpoint->accept(1000, page.offer(), now));
    stage.endpoint->turn(now + Channel::kPatience + 1);
    CHECK(bool(stage.endpoint->accept(1000, page.offer(), now + Channel::kPatience + 1)));
}

TEST_CASE("datagrams: noise at the port, and from the page's own address, ends nothing else") {
    Stage stage;
    Page page;
    stage.call(1, page);
    REQUIRE(stage.open(1, page));
    auto noise = *UdpSocket::open(*NetAddress::parse("127.0.0.1", 0));
    std::mt19937 random(1);
    for (int n = 0; n < 2000; ++n) {
        std::vector<std::uint8_t> packet(random() % 200 + 1);
        for (std::uint8_t& byte : packet) byte = static_cast<std::uint8_t>(random());
        if (n % 2 == 0) packet[0] = static_cast<std::uint8_t>(20 + random() % 44);
        (void)noise.send(stage.address, packet, Urgency::state);
        if (n % 100 == 0) stage.endpoint->turn(base::monotonic_ns());
    }
    stage.endpoint->turn(base::monotonic_ns());
    CHECK(stage.send(1, bytes("still here")) == Sent::done);
    CHECK(stage.run({&page}, 5.0, [&] { return page.messages.size() == 1; }));
}

// Each is sent once: of those that were taken four in five come, and none waits for another.
TEST_CASE("datagrams: where one in five is lost the others come, and the channel stays") {
    Stage stage;
    std::mt19937 random(1);
    Page page([&] { return random() % 5 == 0; });
    stage.call(1, page);
    REQUIRE(stage.open(1, page, 30.0));
    std::size_t taken = 0;
    for (int n = 0; n < 200; ++n) {
        if (stage.send(1, bytes(std::to_string(n))) == Sent::done) ++taken;
        stage.run({&page}, 0.01, [] { return false; });
    }
    stage.run({&page}, 0.5, [] { return false; });
    MESSAGE("of 200 messages ", taken, " were taken and ", page.messages.size(), " came");
    // At waits of 50 to 200 ms for a packet that was lost, 20 messages each, most find room.
    CHECK(taken > 150);
    // Binomial, n = taken, p = 0.8: five standard deviations below the mean.
    CHECK(static_cast<double>(page.messages.size()) >
          0.8 * static_cast<double>(taken) - 5.0 * 0.4 * std::sqrt(static_cast<double>(taken)));
    CHECK(stage.endpoint->is_open(1));
    const std::set<std::string> once(page.messages.begin(), page.messages.end());
    CHECK(once.size() == page.messages.size());
}
