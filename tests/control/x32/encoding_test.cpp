// The dialect's encodings against the vectors of its specification.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/x32/encoding.h"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

using namespace mixrig::control::x32;

namespace {

std::string text_at(const char* encoding, double wire) {
    const Encoding is = parse_encoding(encoding);
    return is.format(is.from_wire(wire));
}

}  // namespace

TEST_CASE("x32 encoding: the text of a fader is the desk's, step by step") {
    const Encoding fader = parse_encoding("L1024");
    CHECK(fader.format(0) == "-oo");
    CHECK(fader.format(1) == "-89.5");
    CHECK(fader.format(10) == "-85.3");
    CHECK(fader.format(64) == "-60.0");
    CHECK(fader.format(256) == "-30.0");
    CHECK(fader.format(511) == "-10.0");
    CHECK(fader.format(639) == "-5.0");
    CHECK(fader.format(767) == "0.0");
    CHECK(fader.format(844) == "+3.0");
    CHECK(fader.format(1023) == "+10.0");
    CHECK(std::bit_cast<std::uint32_t>(fader.wire(844)) == 0x3f5334cdu);
    // 0.75 is no step: it reads back as the nearest.
    CHECK(fader.wire(fader.from_wire(0.75)) == 767.0f / 1023.0f);
    // The nearest step to a text that is none.
    CHECK(fader.format(*fader.parse("-85.4")) == "-85.3");
    CHECK(*fader.parse("-oo") == 0);
    CHECK(*fader.parse("+20") == 1023);
}

TEST_CASE("x32 encoding: numbers are written as the desk writes them") {
    CHECK(text_at("FREQ", 0.285) == "143.2");
    CHECK(text_at("FREQ", 0.5) == "632.5");
    CHECK(text_at("FREQ", 0.665) == "1k97");
    CHECK(text_at("FREQ", 0.9) == "10k02");
    CHECK(text_at("FREQ", 1.0) == "20k00");
    CHECK(text_at("log(20,20000,120,d1,k)", 0.5667) == "1k00");
    CHECK(text_at("log(20,400,100,d0)", 0.0) == "20");
    CHECK(text_at("log(20,400,100,d0)", 0.5) == "89");
    CHECK(text_at("log(20,400,100,d0)", 1.0) == "400");
    CHECK(text_at("lin(-15,15,0.25,d2,m3,+)", 0.5) == "+0.00");
    CHECK(parse_encoding("lin(-15,15,0.25,d2,m3,+)").format(101) == "+10.2");
    CHECK(parse_encoding("lin(-15,15,0.25,d2,m3,+)").format(0) == "-15.0");
    CHECK(text_at("log(10,0.3,71,d1,m2)", 0.0) == "10");
    CHECK(text_at("log(10,0.3,71,d1,m2)", 0.4648) == "2.0");
    CHECK(text_at("log(10,0.3,71,d1,m2)", 1.0) == "0.3");
    CHECK(text_at("PAN", 0.5) == "+0");
    CHECK(text_at("lin(-12,60,0.5,d1,+)", 0.1667) == "+0.0");
    CHECK(text_at("lin(3,60,1,d1)", 1.0) == "60.0");
    CHECK(text_at("HOLD", 0.5) == "6.32");
    CHECK(text_at("HOLD", 0.88) == "502");
    CHECK(text_at("RELEASE", 0.79) == "983");
    CHECK(text_at("log(200,20000,50,d0,k)", 1.0) == "20k0");
    // Ties go away from zero.
    CHECK(parse_encoding("L161").format(87) == "-8.3");
}

TEST_CASE("x32 encoding: every step of every float comes back from its own text or a twin's") {
    for (const char* name :
         {"L1024", "L161", "FREQ", "PAN", "HOLD", "RELEASE", "DELAY", "MILLIS",
          "lin(-15,15,0.25,d2,m3,+)", "log(10,0.3,71,d1,m2)", "lin(-18,18,0.25,d1,+)",
          "log(200,20000,50,d0,k)", "lin(0,24,0.5,d2,m3)", "log(0.25,16,18,d2)"}) {
        const Encoding is = parse_encoding(name);
        CAPTURE(name);
        for (Step step = 0; step <= is.steps; ++step) {
            const std::string text = is.format(step);
            const auto back = is.parse(text);
            REQUIRE(back);
            // Some steps share a text; a nearest one may have that of its neighbour.
            CHECK(std::abs(*back - step) <= 4);
            CHECK(is.from_wire(static_cast<double>(is.wire(step))) == step);
            CHECK(is.nearest(is.value(step)) == step);
        }
    }
}

TEST_CASE("x32 encoding: words, numbers and bits are clamped, and nonsense is refused") {
    const Encoding color = parse_encoding("COLOR");
    CHECK(*color.parse("RDi") == 9);
    CHECK(*color.parse("3") == 3);
    CHECK(*color.parse("99") == 15);
    CHECK_FALSE(color.parse("red"));
    const Encoding slope = parse_encoding("E:12|18|24");
    CHECK(*slope.parse("24") == 2);  // the word before the place
    const Encoding icon = parse_encoding("ICON");
    CHECK(icon.clamp(0) == 1);
    CHECK(icon.clamp(NAN) == 1);
    const Encoding bits = parse_encoding("B(8)");
    CHECK(bits.format(5) == "%00000101");
    CHECK(*bits.parse("%00000101") == 5);
    CHECK(*bits.parse("5") == 5);
    CHECK(*bits.parse("300") == 255);
    CHECK_FALSE(bits.parse("%2"));
    for (const char* text : {"", "x", "1k2345", "nan", "inf", "1e999"})
        CHECK_FALSE(parse_encoding("FREQ").parse(text));
}
