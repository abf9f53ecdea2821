// Levels, plans, manifests and cohesion of albums.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/album_plan.h"
#include "src/app/master/cohesion.h"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

namespace mixrig::app {
namespace album_test {

session::AlbumSong song(const std::string& title, double seconds, double gap) {
    return {.title = title,
            .artist = "ARTIST",
            .side = "A",
            .gap = {gap},
            .end = {seconds},
            .facts = {2, {44100.0}, static_cast<std::uint64_t>(seconds * 44100.0)}};
}

session::Album two_songs(session::Levels levels) {
    return {.artist = "ARTIST",
            .title = "Album",
            .levels = levels,
            .songs = {song("One", 10.0, 0.0), song("Two", 20.0, 2.0)}};
}

Delivery planned(const session::Album& album, std::string_view medium) {
    return plan_album(album, *delivery_profile(medium));
}

// -20 and -10 LUFS, peaks of -12 and -4 dBTP.
const std::vector<SongLevels> kLevels = {{-20.0, -12.0}, {-10.0, -4.0}};

TEST_CASE("album levels: one gain for all brings the album to the target") {
    const session::Album album = two_songs(session::Levels::album);
    Delivery d = planned(album, "streaming");
    choose_gains(d, album, -12.0, kLevels);
    CHECK(d.songs[0].gain_dB == doctest::Approx(-2.0));
    CHECK(d.songs[1].gain_dB == doctest::Approx(-2.0));
    CHECK_FALSE(d.held_by_ceiling());
}

TEST_CASE("album levels: by track each comes to the target, with its own level on top") {
    session::Album album = two_songs(session::Levels::track);
    album.songs[1].level_dB = -1.0;
    Delivery d = planned(album, "streaming");
    choose_gains(d, album, -12.0, kLevels);
    CHECK(d.songs[0].gain_dB == doctest::Approx(6.0));
    CHECK(d.songs[1].gain_dB == doctest::Approx(-5.0));
}

TEST_CASE("album levels: none changes nothing, silence stays silence") {
    session::Album album = two_songs(session::Levels::none);
    Delivery d = planned(album, "streaming");
    choose_gains(d, album, -30.0, kLevels);
    CHECK(d.songs[0].gain_dB == 0.0);
    album.levels = session::Levels::album;
    choose_gains(d, album, -INFINITY, kLevels);
    CHECK(d.songs[0].gain_dB == 0.0);
}

TEST_CASE("album levels: the ceiling holds what would pass it, and says so") {
    session::Album album = two_songs(session::Levels::album);
    Delivery d = planned(album, "streaming");
    choose_gains(d, album, -30.0, kLevels);  // 16 dB are asked, 3 are there
    for (const DeliveredSong& s : d.songs) {
        CHECK(s.held_by_ceiling);
        CHECK(s.gain_dB <= 3.0);
        CHECK(s.gain_dB > 2.9);
    }
    album.levels = session::Levels::track;
    album.target_lufs = -8.0;
    d = planned(album, "streaming");
    choose_gains(d, album, -30.0, kLevels);
    CHECK(d.songs[0].held_by_ceiling);
    CHECK_FALSE(d.songs[1].held_by_ceiling);
}

TEST_CASE("album plan: every medium of an album file has a profile") {
    for (const std::string_view medium : session::kMedia) CHECK(delivery_profile(medium));
    CHECK_FALSE(delivery_profile("tape"));
}

TEST_CASE("album plan: a CD has an image and songs without gaps, streams have the gap behind") {
    const session::Album album = two_songs(session::Levels::album);
    const Delivery cd = planned(album, "cd");
    CHECK(cd.reels[0].image == "ARTIST-Album.wav");
    CHECK(cd.reels[0].frames == 32 * 44100);
    CHECK(cd.songs[0].file == "01-ARTIST-One.wav");
    CHECK(cd.songs[0].to == 10 * 44100);
    CHECK(cd.songs[1].from == 12 * 44100);
    const Delivery streams = planned(album, "streaming");
    CHECK(streams.reels[0].image.empty());
    CHECK(streams.songs[0].to == 12 * 48000);
    CHECK(streams.songs[1].from == 12 * 48000);
    CHECK(streams.songs[1].to == 32 * 48000);
}

TEST_CASE("album plan: a record has an image a side, at the songs' own rate") {
    session::Album album = two_songs(session::Levels::album);
    album.songs[1].side = "B";
    const Delivery d = planned(album, "vinyl");
    CHECK(d.rate.value == 44100.0);
    CHECK(d.reels[0].image == "ARTIST-Album-SideA.wav");
    CHECK(d.reels[1].image == "ARTIST-Album-SideB.wav");
    CHECK(d.reels[1].frames == 20 * 44100);  // it begins with its music
    CHECK(d.songs[1].from == 0);
}

TEST_CASE("album plan: what a CD cannot hold is told with its line") {
    const DeliveryProfile cd = *delivery_profile("cd");
    session::Album album = two_songs(session::Levels::album);
    album.file = "a.toml";
    CHECK(check_medium(album, cd));
    album.songs[1].end.value = 3.9;
    album.songs[1].line = 12;
    CHECK(check_medium(album, cd).error().where == "a.toml:12");
    album.songs[1].end.value = 4790.0;
    CHECK_FALSE(check_medium(album, cd));
    album.songs.assign(100, song("x", 5.0, 0.0));
    CHECK_FALSE(check_medium(album, cd));
    CHECK(check_medium(album, *delivery_profile("streaming")));
}

TEST_CASE("manifest: what is written is read again") {
    Delivery d = planned(two_songs(session::Levels::album), "cd");
    d.integrated_lufs = -14.0;
    d.songs[1].integrated_lufs = -INFINITY;
    d.files.push_back({.name = "a.wav", .kind = "song", .bytes = 7, .sha256 = "ab"});
    const auto read = parse_manifest(to_json(d).text(), "manifest.json");
    REQUIRE_MESSAGE(read, (read ? "" : read.error().text()));
    CHECK(to_json(*read).text() == to_json(d).text());
}

TEST_CASE("manifest: what is none, or leads out of its folder, is refused") {
    Delivery d = planned(two_songs(session::Levels::album), "cd");
    CHECK_FALSE(parse_manifest("", "m"));
    CHECK_FALSE(parse_manifest("[1]", "m"));
    CHECK_FALSE(parse_manifest("{\"kind\": 5}", "m"));
    CHECK_FALSE(parse_manifest("{\"kind\": \"mixrig delivery 1\"}", "m"));
    d.songs[0].file = "../x.wav";
    CHECK_FALSE(parse_manifest(to_json(d).text(), "m"));
    d.songs[0].file = "x.wav";
    d.songs[0].reel = 9;
    CHECK_FALSE(parse_manifest(to_json(d).text(), "m"));
    d.songs[0].reel = 0;
    d.rate.value = 0.0;
    CHECK_FALSE(parse_manifest(to_json(d).text(), "m"));
}

TEST_CASE("cohesion: suggestions go to the median and never further than 1 dB") {
    SongFigures a{.title = "a", .integrated_lufs = -14.0},
        b{.title = "b", .integrated_lufs = -14.2}, c{.title = "c", .integrated_lufs = -18.0};
    a.balance[0] = -20.0;
    b.balance[0] = -20.7;
    c.balance[0] = -10.0;
    const Cohesion result = cohesion({a, b, c});
    CHECK(result.median.integrated_lufs == -14.2);
    CHECK(result.median.balance[0] == -20.0);
    CHECK(result.suggestions[0].gain_dB == 0.0);  // 0.2 dB are left alone
    CHECK(result.suggestions[2].gain_dB == 1.0);
    CHECK(result.suggestions[1].eq_dB[0] == doctest::Approx(0.7));
    CHECK(result.suggestions[2].eq_dB[0] == -1.0);
    CHECK(to_text(result).find("c: level +1.0 dB, sub 20-50 -1.0 dB") != std::string::npos);
    CHECK(cohesion({a, c}).median.integrated_lufs == -16.0);
}

}  // namespace album_test
}  // namespace mixrig::app
