// Cue sheets and TOC files: their text, and what a reader makes of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/cue_sheet.h"

#include <doctest/doctest.h>

using namespace mixrig;
using namespace mixrig::disk;

namespace cue_sheet_test {

Sheet two_songs() {
    const std::vector<Piece> pieces = {{588 * 75 * 10, {0.0}}, {588 * 75 * 70 + 1, {2.0}}};
    const Sequence s = lay_out(pieces, {44100.0}, kCdFrame);
    return {
        .image = "A-T.wav",
        .title = "T \"x\"",
        .performer = "M\xc3\xbcller",
        .genre = "Rock",
        .date = "2026",
        .upc = "4006381333931",
        .frames = s.frames,
        .tracks = {{.title = "One", .performer = "A", .isrc = "DEABC2600001", .place = s.songs[0]},
                   {.title = "Two", .performer = "B", .composer = "C", .place = s.songs[1]}}};
}

TEST_CASE("cue sheet: says what it must, to the letter") {
    CHECK(cue_text(two_songs()) ==
          "REM GENRE \"Rock\"\nREM DATE 2026\nCATALOG 4006381333931\nPERFORMER \"M\xfcller\"\n"
          "TITLE \"T 'x'\"\nFILE \"A-T.wav\" WAVE\n"
          "  TRACK 01 AUDIO\n    TITLE \"One\"\n    PERFORMER \"A\"\n    ISRC DEABC2600001\n"
          "    INDEX 01 00:00:00\n"
          "  TRACK 02 AUDIO\n    TITLE \"Two\"\n    PERFORMER \"B\"\n    SONGWRITER \"C\"\n"
          "    INDEX 00 00:10:00\n    INDEX 01 00:12:00\n");
}

TEST_CASE("TOC: says what it must, to the letter") {
    CHECK(toc_text(two_songs()) ==
          "CD_DA\nCATALOG \"4006381333931\"\nCD_TEXT {\n  LANGUAGE_MAP { 0 : EN }\n"
          "  LANGUAGE 0 {\n    TITLE \"T \\\"x\\\"\"\n    PERFORMER \"M\\374ller\"\n"
          "    SONGWRITER \"\"\n    UPC_EAN \"4006381333931\"\n  }\n}\n"
          "\nTRACK AUDIO\nNO COPY\nNO PRE_EMPHASIS\nTWO_CHANNEL_AUDIO\nISRC \"DEABC2600001\"\n"
          "CD_TEXT {\n  LANGUAGE 0 {\n    TITLE \"One\"\n    PERFORMER \"A\"\n"
          "    SONGWRITER \"\"\n  }\n}\nFILE \"A-T.wav\" 00:00:00 00:10:00\n"
          "\nTRACK AUDIO\nNO COPY\nNO PRE_EMPHASIS\nTWO_CHANNEL_AUDIO\n"
          "CD_TEXT {\n  LANGUAGE 0 {\n    TITLE \"Two\"\n    PERFORMER \"B\"\n"
          "    SONGWRITER \"C\"\n  }\n}\nFILE \"A-T.wav\" 00:10:00 01:12:01\nSTART 00:02:00\n");
}

TEST_CASE("cue sheet, TOC: a reader finds the places again") {
    const Sheet sheet = two_songs();
    const auto cue = read_cue(cue_text(sheet));
    const auto toc = read_toc(toc_text(sheet));
    REQUIRE(cue);
    REQUIRE(toc);
    const std::vector<SheetTimes::Track> places = {{0, 0}, {750, 900}};
    CHECK(cue->tracks == places);
    CHECK(toc->tracks == places);
    CHECK(toc->end == sheet.frames / kCdFrame);
    CHECK(toc->image == "A-T.wav");
    CHECK(cue->image == "A-T.wav");
}

TEST_CASE("cue sheet, TOC: what makes no sense is refused with its line") {
    CHECK(read_cue("FILE \"a\" WAVE\nINDEX 01 00:00:00\n").error().where == "line 2");
    CHECK_FALSE(read_cue("TRACK 01 AUDIO\nINDEX 01 00:61:00\n"));
    CHECK_FALSE(read_cue("TRACK 01 AUDIO\nINDEX 01 00:01:75\n"));
    CHECK_FALSE(read_toc(
        "TRACK AUDIO\nFILE \"a\" 00:00:00 00:10:00\nTRACK AUDIO\nFILE \"a\" 00:11:00 00:01:00\n"));
    CHECK_FALSE(read_toc("START 00:02:00\n"));
    CHECK(read_toc("FILE \"a").error().where == "line 1");
}

TEST_CASE("CD time: counts 75 frames a second, at any rate") {
    CHECK(cd_time(0, {44100.0}) == "00:00:00");
    CHECK(cd_time(588 * 74, {44100.0}) == "00:00:74");
    CHECK(cd_time(588 * (75 * 61 + 1) + 587, {44100.0}) == "01:01:01");
    CHECK(cd_time(96000 * 60, {96000.0}) == "01:00:00");
}

TEST_CASE("CD-TEXT: what Latin-1 does not have becomes a question mark") {
    CHECK(to_latin1("a\xc3\xa9") == "a\xe9");
    CHECK(to_latin1("\xe2\x82\xac 5") == "? 5");
    CHECK(to_latin1("\xf0\x9f\x8e\xb5") == "?");
    CHECK(to_latin1("x\xc3") == "x?");
}

}  // namespace cue_sheet_test
