// song.toml: tracks, widths, rates, names.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/session/song.h"

#include "tests/src/session/song_fixture.h"
#include "tests/support/scratch_folder.h"

#include <doctest/doctest.h>

#include <fstream>

using namespace mixrig;
using namespace mixrig::session;

namespace song_test {

Song song(std::string_view text) {
    auto result = parse_song(text, "songs/one.toml", tests::look);
    REQUIRE_MESSAGE(result, (result ? "" : result.error().text()));
    return *std::move(result);
}

std::string error(std::string_view text) {
    const auto result = parse_song(text, "songs/one.toml", tests::look);
    REQUIRE_FALSE(result);
    return result.error().text();
}

TEST_CASE("song: tracks, stems, starts and a desk that fits") {
    const Song s = song(R"(
[song]
artist = "The Band"
title = "One"
[[track]]
file = "mono-kick.wav"
channel = 1
stem = "Kick"
role = "kick"
[[track]]
file = "sub/stereo-keys.flac"
channel = 20
start = 1.5
[[channel]]
number = 20
name = "Keys"
[desk]
subgroups = 1)");
    CHECK(s.artist == "The Band");
    REQUIRE(s.tracks.size() == 2);
    CHECK(s.tracks[0].file == "songs/mono-kick.wav");
    CHECK(s.tracks[0].stem == "Kick");
    CHECK(s.tracks[0].role == Role::kick);
    CHECK(s.tracks[1].role == Role::none);
    CHECK(role_name(Role::vocal) == "vocal");
    CHECK(s.tracks[1].file == "songs/sub/stereo-keys.flac");
    CHECK(s.tracks[1].stem == "Keys");
    CHECK(s.tracks[1].start.value == 1.5);
    CHECK(s.tracks[1].facts.channels == 2);
    CHECK(s.desk.channels.size() == 20);
    CHECK(s.desk.subgroups.size() == 1);
    CHECK_FALSE(s.desk.channels[0].stereo);
    CHECK(s.desk.channels[0].name == "Kick");
    CHECK(s.desk.channels[19].stereo);
    CHECK(s.notes.empty());
}

TEST_CASE("song: what is not said has its default") {
    const Song s = song("[[track]]\nfile = \"mono.wav\"\nchannel = 1");
    CHECK(s.title == "one");
    CHECK(s.artist.empty());
    CHECK(s.scene.empty());
    CHECK(s.tracks[0].stem == "mono");
    CHECK(s.desk.channels.size() == 16);
}

TEST_CASE("song: its rate is that of the first track, or what [audio] says; others are named") {
    const std::string tracks =
        "[[track]]\nfile = \"mono-44k.wav\"\nchannel = 1\n[[track]]\nfile = \"mono.wav\"\nchannel "
        "= 2\n";
    const Song first = song(tracks);
    CHECK(first.desk.audio.rate.value == 44100.0);
    REQUIRE(first.notes.size() == 1);
    CHECK(first.notes[0] == "songs/mono.wav is at 48000 Hz and is resampled to 44100 Hz");
    const Song said = song(tracks + "[audio]\nrate = 96000");
    CHECK(said.desk.audio.rate.value == 96000.0);
    CHECK(said.notes.size() == 2);
}

TEST_CASE("song: a track that cannot be used names the song's line and the file") {
    CHECK(error("\n[[track]]\nfile = \"gone.wav\"\nchannel = 1")
              .find("songs/one.toml:3: [[track]] file: "
                    "songs/gone.wav: no such file") == 0);
    CHECK(error("[[track]]\nfile = \"mono.wav\"\nchannel = 1\nrole = \"loud\"").find("vocal") !=
          std::string::npos);
    CHECK(error("[[track]]\nfile = \"broken.wav\"\nchannel = 1").find("broken.wav") !=
          std::string::npos);
    CHECK(error("[[track]]\nfile = \"six.wav\"\nchannel = 1").find("has 6 channels") !=
          std::string::npos);
    CHECK(error("[[track]]\nfile = \"mono.wav\"").find("has no channel") != std::string::npos);
    CHECK(error("[[track]]\nchannel = 3").find("needs a sound file") != std::string::npos);
    CHECK(error("").find("at least one [[track]]") != std::string::npos);
}

TEST_CASE("song: one track a channel, and only channels that the desk has") {
    const std::string one = "[[track]]\nfile = \"mono.wav\"\nchannel = 5\n";
    CHECK(error(one + one).find("5 has a track already, in line 1") != std::string::npos);
    CHECK(error("desk.channels = 4\n" + one).find("5 is more than [desk] channels = 4") !=
          std::string::npos);
}

TEST_CASE("song: a stereo track makes its channel stereo, whatever the desk says") {
    const std::string track = "[[track]]\nfile = \"stereo.wav\"\nchannel = 2\n";
    for (const char* said :
         {"", "[[channel]]\nnumber = 2\nstereo = false", "[[channel]]\nnumber = 2\ninput = 3"}) {
        CAPTURE(said);
        const Song s = song(track + said);
        CHECK(s.desk.channels[1].stereo);
        CHECK(s.desk.channels[1].ports.size() != 1);
    }
}

TEST_CASE("song: scene and automation must be there") {
    CHECK(error("song.scene = \"no.scene\"\n[[track]]\nfile = \"mono.wav\"\nchannel = 1")
              .find("no such file: songs/no.scene") != std::string::npos);
    const tests::ScratchFolder folder;
    std::ofstream(folder / "mix.scene") << "/ch/1/fader -6\n";
    std::ofstream(folder / "song.toml")
        << "song.scene = \"mix.scene\"\n[[track]]\nfile = \"mono.wav\"\nchannel = 1\n";
    const auto s = load_song(folder / "song.toml", tests::look);
    REQUIRE_MESSAGE(s, (s ? "" : s.error().text()));
    CHECK(s->scene == folder / "mix.scene");
}

TEST_CASE("song: output names follow practice and never leave their folder") {
    Song s;
    s.artist = "ARTIST";
    s.title = "Title";
    CHECK(output_name(s, "FullMix") == "ARTIST-Title-FullMix");
    CHECK(output_name(s, "Stem1-Kick") == "ARTIST-Title-Stem1-Kick");
    s.artist = "../AC/DC";
    CHECK(output_name(s, "FullMix") == "_._AC_DC-Title-FullMix");
    s.artist.clear();
    CHECK(output_name(s, "FullMix") == "Title-FullMix");
}

}  // namespace song_test
