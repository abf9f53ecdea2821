// Tests of STUN against the samples of RFC 5769, and against what is no STUN.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/rtc/stun.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <random>

using namespace mixrig::control;
using namespace mixrig::control::rtc;

namespace stun_test {

using Packet = std::vector<std::uint8_t>;

const std::string kPassword = "VOkJxbRl1RmTxUk/WvJxBt";
const std::array<std::uint8_t, 12> kTransaction = {0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34,
                                                   0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae};

// RFC 5769 section 2.1: user "evtj:h6vY", the password above.
const Packet kSampleRequest = {
    0x00, 0x01, 0x00, 0x58, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x10, 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73,
    0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74, 0x00, 0x24, 0x00, 0x04, 0x6e, 0x00, 0x01, 0xff,
    0x80, 0x29, 0x00, 0x08, 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36, 0x00, 0x06, 0x00, 0x09,
    0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76, 0x59, 0x20, 0x20, 0x20, 0x00, 0x08, 0x00, 0x14,
    0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56, 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49,
    0xc1, 0xb5, 0x71, 0xa2, 0x80, 0x28, 0x00, 0x04, 0xe5, 0x7a, 0x3b, 0xcf};

// Section 2.2: 192.0.2.1 port 32853.
const Packet kSampleResponse = {
    0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
    0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
    0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,
    0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9,
    0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b, 0xe7, 0xd7, 0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96};

BindingRequest sample() {
    return {.transaction = kTransaction, .to = "evtj", .from = "h6vY"};
}

bool contains(const Packet& all, const Packet& part) {
    return std::search(all.begin(), all.end(), part.begin(), part.end()) != all.end();
}

}  // namespace stun_test

using namespace stun_test;

TEST_CASE("stun: the sample request is read, and known to be from who has the password") {
    const auto request = parse_request(kSampleRequest);
    REQUIRE(request);
    CHECK(request->to == "evtj");
    CHECK(request->from == "h6vY");
    CHECK(request->transaction == kTransaction);
    CHECK(!request->use_candidate);
    CHECK(is_authentic(kSampleRequest, *request, kPassword));
    CHECK(!is_authentic(kSampleRequest, *request, kPassword + "x"));
}

TEST_CASE("stun: one bit elsewhere before the signature, and it is not authentic") {
    for (std::size_t byte = 4; byte < 80; ++byte) {
        Packet forged = kSampleRequest;
        forged[byte] ^= 1;
        const auto request = parse_request(forged);
        CAPTURE(byte);
        CHECK((!request || !is_authentic(forged, *request, kPassword)));
    }
}

TEST_CASE("stun: the sample response is known as an answer to its request alone") {
    CHECK(is_success(kSampleResponse, sample(), kPassword));
    CHECK(!is_success(kSampleResponse, sample(), "another"));
    BindingRequest other = sample();
    other.transaction[0] ^= 1;
    CHECK(!is_success(kSampleResponse, other, kPassword));
}

TEST_CASE("stun: an answer names the address as the sample does, of either family") {
    const auto v4 = *NetAddress::parse("192.0.2.1", 32853);
    const Packet answer = success(sample(), v4, kPassword);
    CHECK(is_success(answer, sample(), kPassword));
    CHECK(
        contains(answer, {0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43}));
    // RFC 5769 section 2.3.
    const auto v6 = *NetAddress::parse("2001:db8:1234:5678:11:2233:4455:6677", 32853);
    const Packet answer6 = success(sample(), v6, kPassword);
    CHECK(is_success(answer6, sample(), kPassword));
    CHECK(contains(answer6,
                   {0x00, 0x20, 0x00, 0x14, 0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa,
                    0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5, 0xbe, 0xd2, 0xb9, 0xd9}));
}

TEST_CASE("stun: the fingerprint is that of the sample") {
    // The sample without its software attribute has another sum: what is written is read instead,
    // by the rule of RFC 8489 section 14.7 over all that stands before it.
    const Packet made = request(sample(), kPassword);
    REQUIRE(made.size() > 28);
    CHECK(made[made.size() - 8] == 0x80);
    CHECK(made[made.size() - 7] == 0x28);
    const auto read = parse_request(made);
    REQUIRE(read);
    CHECK(is_authentic(made, *read, kPassword));
}

TEST_CASE("stun: what follows the signature counts for nothing") {
    BindingRequest with = sample();
    with.use_candidate = true;
    CHECK(parse_request(request(with, kPassword))->use_candidate);
    Packet appended = request(sample(), kPassword);
    const Packet attribute = {0x00, 0x25, 0x00, 0x00};
    appended.insert(appended.end(), attribute.begin(), attribute.end());
    appended[3] = static_cast<std::uint8_t>(appended[3] + 4);
    const auto read = parse_request(appended);
    REQUIRE(read);
    CHECK(!read->use_candidate);
}

TEST_CASE("stun: random damage is read or refused, and never authentic") {
    std::mt19937 random(1);
    for (int round = 0; round < 20000; ++round) {
        Packet damaged = kSampleRequest;
        // The signed part: what comes behind may be anything.
        for (unsigned n = random() % 4 + 1; n > 0; --n)
            damaged[random() % 80] = static_cast<std::uint8_t>(random());
        if (random() % 4 == 0) damaged.resize(random() % damaged.size());
        const auto request = parse_request(damaged);
        const bool is_same =
            std::equal(damaged.begin(), damaged.end(), kSampleRequest.begin(),
                       kSampleRequest.begin() + static_cast<std::ptrdiff_t>(damaged.size()));
        if (request && !is_same && is_authentic(damaged, *request, kPassword)) {
            // Only the length of the whole, which is signed as it was when it was signed, may
            // differ.
            damaged[2] = kSampleRequest[2], damaged[3] = kSampleRequest[3];
            CHECK(damaged == kSampleRequest);
        }
    }
}
