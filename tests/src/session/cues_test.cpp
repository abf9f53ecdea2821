// Cue lists: numbers, lines, times.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/cues.h"

#include <doctest/doctest.h>

using namespace mixrig::session;

TEST_CASE("cues: a line is a number, a name, a scene and perhaps a time to fade") {
    const auto cues = parse_cues(
        "# mixrig cues 1\n"
        "1      \"Opening\"   scene \"opening 1\"   # house light down\n"
        "1.5    \"Chorus\"    scene \"chorus\" fade 2000 ms\n"
        "\n"
        "2      \"Speech\"    scene \"speech\" fade 2 s\n"
        "10.025 \"\"          scene \"speech\" fade 0\n",
        "x.cues");
    REQUIRE(cues);
    REQUIRE(cues->size() == 4);
    CHECK((*cues)[0].number == 1000);
    CHECK((*cues)[0].name == "Opening");
    CHECK((*cues)[0].scene == "opening 1");
    CHECK_FALSE((*cues)[0].fade_ms.has_value());
    CHECK((*cues)[1].number == 1500);
    CHECK((*cues)[1].fade_ms == 2000.0f);
    CHECK((*cues)[1].line == 3);
    CHECK((*cues)[2].fade_ms == 2000.0f);
    CHECK((*cues)[3].number == 10025);
    CHECK((*cues)[3].name.empty());
    CHECK((*cues)[3].fade_ms == 0.0f);
}

TEST_CASE("cues: numbers have up to three digits behind the point, and their text reads back") {
    for (const char* text : {"1", "1.5", "0.001", "12.34", "999999.999", "7.05"}) {
        CAPTURE(text);
        const auto number = cue_number(text);
        REQUIRE(number);
        CHECK(cue_text(*number) == text);
    }
    CHECK(cue_number("1.500") == 1500u);
    for (const char* text : {"", ".", "1.", ".5", "-1", "1e3", "0", "0.000", "1.2345", "1000000",
                             "1,5", "99999999999999999999", " 1"})
        CHECK_MESSAGE(!cue_number(text), text);
}

TEST_CASE("cues: an error says file, line and reason") {
    const auto cues = parse_cues("1 \"A\" scene \"a\"\n1 \"B\" scene \"b\"\n", "show.cues");
    REQUIRE_FALSE(cues);
    CHECK(cues.error().text() ==
          "show.cues:2: cue 1 does not come behind cue 1 of line 1 (numbers rise from line to "
          "line)");
}
