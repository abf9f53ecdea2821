// Songs on a time line: gaps to the frame, on the grid of a CD.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/sequence.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace mixrig;
using namespace mixrig::disk;

TEST_CASE("sequence: a gap has the nearest number of frames") {
    CHECK(gap_frames({2.0}, {48000.0}, 1) == 96000);
    CHECK(gap_frames({1.0 / 3.0}, {44100.0}, 1) == 14700);
    CHECK(gap_frames({2.0}, {44100.0}, kCdFrame) == 150 * 588);
    CHECK(gap_frames({0.02}, {44100.0}, kCdFrame) == 2 * 588);  // 1.5 CD frames
    CHECK(gap_frames({0.006}, {44100.0}, kCdFrame) == 0);       // 0.45
}

TEST_CASE("sequence: without a grid songs and gaps follow on the frame") {
    const std::vector<Piece> pieces = {{1000, {0.5}}, {2001, {0.25}}, {7, {0.0}}};
    const Sequence s = lay_out(pieces, {48000.0}, 1);
    CHECK(s.songs[0] ==
          Placed{.gap_start = 0, .mark = 24000, .start = 24000, .frames = 1000, .end = 25000});
    CHECK(s.songs[1] ==
          Placed{.gap_start = 25000, .mark = 37000, .start = 37000, .frames = 2001, .end = 39001});
    CHECK(s.songs[2] ==
          Placed{.gap_start = 39001, .mark = 39001, .start = 39001, .frames = 7, .end = 39008});
    CHECK(s.frames == 39008);
}

TEST_CASE("sequence: on a CD a song before a gap is filled up, one without a gap is joined") {
    const std::vector<Piece> pieces = {{588 * 10 + 1, {0.0}}, {588 * 5 + 100, {1.0}}, {588, {0.0}}};
    const Sequence s = lay_out(pieces, {44100.0}, kCdFrame);
    CHECK(s.songs[1].gap_start == 588 * 11);
    CHECK(s.songs[1].start == 588 * (11 + 75));
    CHECK(s.songs[2].start == 588 * 91 + 100);  // the very next sample
    CHECK(s.songs[2].mark == 588 * 91);         // the CD frame that it lies in
    CHECK(s.songs[1].end == 588 * 91);
    CHECK(s.frames == 588 * 93);
}

TEST_CASE("sequence: gaps and tracks fill the whole, whatever the lengths") {
    std::mt19937 random(5);
    for (int round = 0; round < 200; ++round) {
        std::vector<Piece> pieces(random() % 20 + 1);
        for (Piece& piece : pieces)
            piece = {random() % 100000 + 4 * 44100,
                     {random() % 3 == 0 ? 0.0 : static_cast<double>(random() % 5000) / 1000.0}};
        const std::uint64_t grid = round % 2 == 0 ? kCdFrame : 1;
        const Sequence s = lay_out(pieces, {44100.0}, grid);
        std::uint64_t at = 0, sound = 0;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            REQUIRE(s.songs[i].gap_start == at);
            REQUIRE(s.songs[i].mark % grid == 0);
            REQUIRE(s.songs[i].start - s.songs[i].mark < grid);
            REQUIRE(s.songs[i].start >= sound);
            REQUIRE(s.songs[i].mark - s.songs[i].gap_start ==
                    gap_frames(pieces[i].gap, {44100.0}, grid));
            sound = s.songs[i].start + s.songs[i].frames;
            at = s.songs[i].end;
        }
        REQUIRE(at == s.frames);
        REQUIRE(s.frames % grid == 0);
        REQUIRE(s.frames - sound < grid);
    }
}

TEST_CASE("sequence: of nothing is empty") {
    CHECK(lay_out({}, {48000.0}, 1).frames == 0);
}
