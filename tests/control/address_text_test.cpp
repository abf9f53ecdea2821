// Internet addresses, and time tags.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/net_address.h"
#include "control/osc_server.h"
#include "control/timed_bundles.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

using namespace mixrig::control;
using namespace mixrig::control::test;

namespace address_text_test {

bool allows(const std::vector<std::string>& list, const std::string& address) {
    const auto allow = AllowList::parse(list);
    REQUIRE(allow);
    return allow->allows(*NetAddress::parse(address, 1234));
}

TEST_CASE("net address: text there and back, and what is none is refused") {
    CHECK(NetAddress::parse("127.0.0.1", 9000)->text() == "127.0.0.1:9000");
    CHECK(NetAddress::parse("::1", 9000)->text() == "[::1]:9000");
    CHECK(NetAddress::parse("::1", 0)->is_loopback());
    CHECK(NetAddress::parse("127.9.9.9", 0)->is_loopback());
    CHECK_FALSE(NetAddress::parse("128.0.0.1", 0)->is_loopback());
    for (const char* bad : {"", "localhost", "1.2.3.4.5", "256.0.0.1", "::g"})
        CHECK_FALSE(NetAddress::parse(bad, 1));
}

TEST_CASE("allow list: addresses and networks of both kinds") {
    CHECK(allows({"192.168.1.7"}, "192.168.1.7"));
    CHECK_FALSE(allows({"192.168.1.7"}, "192.168.1.8"));
    CHECK(allows({"192.168.1.0/24"}, "192.168.1.255"));
    CHECK_FALSE(allows({"192.168.1.0/24"}, "192.168.2.1"));
    CHECK(allows({"10.0.0.0/8", "172.16.0.0/12"}, "172.31.0.1"));
    CHECK_FALSE(allows({"10.0.0.0/8", "172.16.0.0/12"}, "172.32.0.1"));
    CHECK(allows({"0.0.0.0/0"}, "8.8.8.8"));
    CHECK_FALSE(allows({"0.0.0.0/0"}, "2001:db8::1"));
    CHECK(allows({"2001:db8::/32"}, "2001:db8:1::1"));
    CHECK_FALSE(allows({"2001:db8::/32"}, "2001:db9::1"));
    CHECK(allows({"192.168.1.0/24"}, "::ffff:192.168.1.9"));  // IPv4 seen through IPv6
}

TEST_CASE("allow list: an empty one is this machine, a given one is nobody else") {
    CHECK(allows({}, "127.0.0.1"));
    CHECK(allows({}, "::1"));
    CHECK_FALSE(allows({}, "192.168.1.7"));
    CHECK_FALSE(allows({"192.168.1.0/24"}, "127.0.0.1"));
    for (const char* bad : {"192.168.1.0/33", "192.168.1.0/", "192.168.1.0/x", "host", "::/129"})
        CHECK_FALSE(AllowList::parse({bad}));
}

TEST_CASE("time tags: differences in nanoseconds, to both sides") {
    const std::uint64_t tag = 0xE000'0000'8000'0000ull;
    CHECK(ahead(tag, tag) == 0);
    CHECK(ahead(tag + (std::uint64_t{3} << 32), tag) == 3 * kSecond);
    CHECK(ahead(tag, tag + (std::uint64_t{3} << 32)) == -3 * kSecond);
    CHECK(ahead(tag + 0x8000'0000u, tag) == kSecond / 2);
    CHECK(std::abs(ahead(later(tag, 1'234'567'890), tag) - 1'234'567'890) <= 1);
    CHECK(ahead(0x0000'0005'0000'0000ull, 0xFFFF'FFFF'0000'0000ull) == 6 * kSecond);  // 2036
}

TEST_CASE("timed bundles: in order of time, then of arrival, and not without limit") {
    TimedBundles timed;
    const Packet a = {1}, b = {2}, c = {3};
    CHECK(timed.add(1, a, 20));
    CHECK(timed.add(1, b, 10));
    CHECK(timed.add(1, c, 20));
    CHECK(*timed.next() == 10);
    CHECK_FALSE(timed.take_due(9));
    CHECK(timed.take_due(10)->bundle == b);
    CHECK_FALSE(timed.take_due(19));
    CHECK(timed.take_due(30)->bundle == a);
    CHECK(timed.take_due(30)->bundle == c);
    CHECK_FALSE(timed.next());
    for (std::size_t n = 0; n < TimedBundles::kMost; ++n) CHECK(timed.add(1, a, 5));
    CHECK_FALSE(timed.add(1, a, 5));
    CHECK(timed.take_due(5));
    CHECK(timed.add(1, a, 5));
}

}  // namespace address_text_test
