// album.toml: names, codes, order, gaps, fades, levels.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/album.h"

#include "src/session/codes.h"
#include "tests/src/session/song_fixture.h"

#include <doctest/doctest.h>

#include <string>

using namespace mixrig;
using namespace mixrig::session;

namespace album_test {

const std::string kHead = "[album]\nartist = \"ARTIST\"\ntitle = \"Album\"\n";
const std::string kSong = "[[song]]\nfile = \"stereo.wav\"\n";  // lasts one second

Album album(const std::string& text) {
    const auto read = parse_album(text, "albums/album.toml", tests::look);
    REQUIRE_MESSAGE(read, (read ? "" : read.error().text()));
    return *read;
}

std::string error(const std::string& text) {
    const auto read = parse_album(text, "album.toml", tests::look);
    REQUIRE_FALSE(read);
    return read.error().text();
}

TEST_CASE("album: what is not said has its default") {
    const Album a = album(kHead + kSong + kSong);
    CHECK(a.medium == "streaming");
    CHECK(a.levels == Levels::album);
    CHECK_FALSE(a.target_lufs);
    CHECK(a.songs.size() == 2);
    CHECK(a.songs[0].title == "stereo");
    CHECK(a.songs[0].artist == "ARTIST");
    CHECK(a.songs[0].gap.value == 0.0);  // a disc begins with its music
    CHECK(a.songs[1].gap.value == 2.0);
    CHECK(a.songs[1].length().value == 1.0);
    CHECK(a.songs[1].fade_out.length.value == 0.0);
    CHECK(a.songs[1].file == "albums/stereo.wav");
}

TEST_CASE("album: every key is read") {
    const Album a = album(
        "[album]\nartist = \"A\"\ntitle = \"T\"\nupc = \"4006381333931\"\ngenre = \"Rock\"\n"
        "year = 2026\nmedium = \"cd\"\nlevels = \"track\"\ntarget = -16\nceiling = -0.5\ngap = "
        "1.5\n"
        "[[song]]\nfile = \"mono.wav\"\ntitle = \"Yeah\"\nmix = \"OriginalMix\"\nartist = \"B\"\n"
        "composer = \"C\"\nisrc = \"de-abc-26-00001\"\nside = \"B\"\ngap = 0.5\nstart = 0.1\n"
        "end = 0.9\nfade_in = 0.1\nfade_in_curve = \"linear\"\nfade_out = 0.2\n"
        "fade_out_curve = \"exponential\"\nlevel = -1.5\n" +
        kSong);
    CHECK(a.upc == "4006381333931");
    CHECK(a.genre == "Rock");
    CHECK(a.year == 2026);
    CHECK(a.medium == "cd");
    CHECK(a.levels == Levels::track);
    CHECK(*a.target_lufs == -16.0);
    CHECK(*a.ceiling_dBTP == -0.5);
    const AlbumSong& s = a.songs[0];
    CHECK(s.full_title() == "Yeah(OriginalMix)");
    CHECK(s.artist == "B");
    CHECK(s.composer == "C");
    CHECK(s.isrc == "DEABC2600001");
    CHECK(s.side == "B");
    CHECK(s.gap.value == 0.5);
    CHECK(s.length().value == doctest::Approx(0.8));
    CHECK(s.fade_in.curve == base::FadeCurve::linear);
    CHECK(s.fade_out.curve == base::FadeCurve::exponential);
    CHECK(s.level_dB == -1.5);
    CHECK(a.songs[1].gap.value == 1.5);
    CHECK(a.songs[1].side == "B");  // goes on with the side before it
}

TEST_CASE("album: files are named by number, artist and title") {
    AlbumSong song{.title = "Yeah", .mix = "OriginalMix", .artist = "ARTIST"};
    CHECK(song_file_name(song, 2) == "02-ARTIST-Yeah(OriginalMix)");
    song = {.title = "a/b", .artist = "../x"};
    CHECK(song_file_name(song, 12) == "12-.._x-a_b");
}

TEST_CASE("album: a file that sheets name has a plain name") {
    CHECK(plain_file_name("ARTIST-Gr\xc3\xbc\xc3\x9f"
                          "e") == "ARTIST-Gr__e");
    CHECK(plain_file_name("\xe2\x82\xac/x") == "__x");
}

TEST_CASE("album: an unknown key names the nearest one") {
    CHECK(error(kHead + kSong + "fade_uot = 1\n").find("did you mean \"fade_out\"?") !=
          std::string::npos);
    CHECK(error(kHead + "[[sonng]]\n").find("did you mean \"song\"?") != std::string::npos);
}

TEST_CASE("codes: an ISRC has a country, a registrant, a year and a number") {
    CHECK(*checked_isrc("DE-ABC-26-00001") == "DEABC2600001");
    CHECK(*checked_isrc("usrc17607839") == "USRC17607839");
    for (const char* wrong : {"DEABC260001", "D1ABC2600001", "DEABC26000O1", "DEABC26000011"})
        CHECK_FALSE(checked_isrc(wrong));
}

TEST_CASE("codes: the check digit of a UPC or EAN is held to its definition") {
    CHECK(*checked_upc("4006381333931") == "4006381333931");
    CHECK(*checked_upc("036000291452") == "0036000291452");  // the example of GS1's UPC-A page
    CHECK(checked_upc("4006381333932").error().text().find("would be 1") != std::string::npos);
    CHECK_FALSE(checked_upc("400638133393"));
    CHECK_FALSE(checked_upc("40063813339x1"));
}

}  // namespace album_test
