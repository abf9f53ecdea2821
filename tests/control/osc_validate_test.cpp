// The validator and the codec.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/osc_validate.h"

#include "control/osc_codec.h"
#include "tests/control/support.h"

#include <doctest/doctest.h>

#include <random>

using namespace mixrig::control;
using namespace mixrig::control::test;

namespace osc_validate_test {

const OscMessage kEveryType{"/every/type",
                            {{'i', std::int64_t{-5}},
                             {'f', 0.25},
                             {'s', "text"},
                             {'b', std::string("\1\2\3\0\5", 5)},
                             {'h', std::int64_t{1} << 40},
                             {'d', 0.1},
                             {'t', static_cast<std::int64_t>(0x8000'0000'0000'0001ull)},
                             {'S', "symbol"},
                             {'c', std::int64_t{'x'}},
                             {'r', std::int64_t{0x01020304}},
                             {'m', std::int64_t{0x00903C7F}},
                             {'T', std::int64_t{1}},
                             {'F', std::int64_t{0}},
                             {'N', {}},
                             {'I', {}},
                             {'[', {}},
                             {'i', std::int64_t{7}},
                             {']', {}}}};

Packet text_packet(std::string_view text) {
    return {text.begin(), text.end()};
}

// A packet of so many nested bundles around one message.
Packet nested(std::size_t depth) {
    Packet out = encode({"/a", {i(1)}});
    for (std::size_t n = 0; n < depth; ++n) out = bundle(kImmediately, {out});
    return out;
}

TEST_CASE("osc codec: a message of every type comes back as it was") {
    const Packet bytes = encode(kEveryType);
    CHECK_FALSE(fault_of(bytes));
    const auto back = decode(bytes);
    REQUIRE(back);
    CHECK(*back == kEveryType);
    CHECK(encode(*back) == bytes);
}

TEST_CASE("osc codec: a message without type tags is one without arguments") {
    const Packet bytes = text_packet({"/ch/1/fader\0", 12});
    CHECK_FALSE(fault_of(bytes));
    CHECK(*decode(bytes) == OscMessage{"/ch/1/fader"});
}

TEST_CASE("osc validate: every truncation of a good message is refused, but for a bare address") {
    const Packet good = encode(kEveryType);
    const std::size_t address = 12;  // "/every/type" and its zero
    for (std::size_t size = 0; size < good.size(); ++size) {
        CAPTURE(size);
        // Copied, so that a sanitizer sees a read beyond the end.
        const Packet cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(fault_of(cut).has_value() == (size != address));
    }
}

TEST_CASE("osc validate: every truncation of a good bundle is refused, but between its elements") {
    const Packet one = encode({"/ch/1/mute", {i(1)}}), two = encode({"/ch/2/mute", {i(1)}});
    const Packet good = bundle(kImmediately, {one, two});
    for (std::size_t size = 0; size < good.size(); ++size) {
        CAPTURE(size);
        const Packet cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size));
        const bool whole = size == 16 || size == 16 + 4 + one.size();
        CHECK(fault_of(cut).has_value() == !whole);
    }
}

TEST_CASE("osc validate: each rule refuses a packet that breaks it alone") {
    const auto refused = [](std::string_view text) {
        return fault_of(text_packet(text)).value_or("");
    };
    CHECK(refused({"/abc\0\0\0", 7}) == "a packet's size is a multiple of 4");
    CHECK(refused({"abc\0,\0\0\0", 8}) == "an address begins with /");
    CHECK(refused({"/abcdefg", 8}) == "the address is not terminated and padded with zeros");
    CHECK(refused({"/a\0x,\0\0\0", 8}) == "the address is not terminated and padded with zeros");
    CHECK(refused({"/a\0\0fff\0", 8}) == "type tags begin with a comma");
    CHECK(refused({"/a\0\0,x\0\0", 8}) == "unknown type tag");
    CHECK(refused({"/a\0\0,i\0\0", 8}) == "an argument is missing");
    CHECK(refused({"/a\0\0,\0\0\0\1\2\3\4", 12}) == "bytes behind the last argument");
    CHECK(refused({"/a\0\0,s\0\0abcd", 12}) == "a string is not terminated and padded with zeros");
    CHECK(refused({"/a\0\0,b\0\0\0\0\0\x09"
                   "abcdefgh",
                   20}) == "a blob is longer than the message, or not padded with zeros");
    CHECK(refused({"/a\0\0,b\0\0\xff\xff\xff\xff", 12}) ==
          "a blob is longer than the message, or not padded with zeros");
    CHECK(refused({"#bundle\0\0\0\0\0", 12}) == "a bundle without time tag");
    CHECK(refused({"#bundle\0\0\0\0\0\0\0\0\1\0\0\0\4/a\0\0", 24}) ==
          "a bundle element of an impossible size");
    CHECK(refused({"#bundle\0\0\0\0\0\0\0\0\1\xff\xff\xff\xf8", 20}) ==
          "a bundle ends inside an element");
    CHECK(refused("") == "an empty packet");
    CHECK(fault_of(Packet(kMaxPacket + 4)).value_or("") == "a packet above 64 KiB");
}

TEST_CASE("osc validate: bundles may be nested eight deep") {
    CHECK_FALSE(fault_of(nested(8)));
    CHECK(fault_of(nested(9)).value_or("") == "bundles are nested too deeply");
    CHECK(fault_of(nested(3000)).value_or("") == "bundles are nested too deeply");
}

TEST_CASE("osc validate: what it lets through is decoded and encoded to the same bytes") {
    std::mt19937 random(1);
    const Packet good = encode(kEveryType);
    int passed = 0;
    for (int n = 0; n < 50'000; ++n) {
        Packet bytes = good;
        for (int change = 0; change < 2; ++change)
            bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        if (fault_of(bytes) || is_bundle(bytes)) continue;
        const auto message = decode(bytes);
        REQUIRE(message);
        // NaN payloads aside, nothing is lost.
        CHECK(encode(*message).size() == bytes.size());
        ++passed;
    }
    CHECK(passed > 1000);
}

TEST_CASE("osc codec: an empty blob survives, which the fuzzer found ending the program") {
    const OscMessage message{"/a", {OscArg{'b', std::string{}}, i(7)}};
    const Packet bytes = encode(message);
    CHECK(bytes.size() == 4 + 4 + 4 + 4);
    CHECK(decode(bytes) == message);
}

TEST_CASE("bundle writer: one message stays a message, more become a bundle within the limit") {
    BundleWriter writer(64);
    const Packet message = encode({"/ch/1/mute", {i(1)}});  // 20 bytes, 24 in a bundle
    CHECK(writer.empty());
    writer.add(message);
    CHECK(writer.take() == message);
    writer.add(message);
    CHECK(writer.fits(message));
    writer.add(message);
    CHECK_FALSE(writer.fits(message));
    CHECK(writer.take() == bundle(kImmediately, {message, message}));
    CHECK(writer.empty());
}

}  // namespace osc_validate_test
