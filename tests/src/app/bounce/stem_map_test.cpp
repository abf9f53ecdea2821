// Names of tracks and the stems that they belong to.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/bounce/stem_map.h"

#include <doctest/doctest.h>

using namespace mixrig;
using namespace mixrig::app;

namespace stem_map_test {

session::Song song_of(const std::vector<session::Track>& tracks) {
    session::Song song;
    song.tracks = tracks;
    song.desk.channels.resize(tracks.size());
    for (std::size_t t = 0; t < tracks.size(); ++t) song.tracks[t].channel = t + 1;
    return song;
}

std::string stem_of(const std::string& name, session::Role role = session::Role::none) {
    const auto stems = stems_of(song_of({{.stem = name, .role = role}}));
    return stems && stems->size() == 1 ? stems->front().name : "not one";
}

TEST_CASE("stem map: usual names find their stem") {
    for (const char* name : {"Kick", "KickIn", "kick out 2", "BD", "Bass Drum Kick"})
        CHECK(stem_of(name) == "Kick");
    for (const char* name : {"Snare top", "SnBtm snare", "SD"}) CHECK(stem_of(name) == "SnareDrum");
    for (const char* name :
         {"Hats", "HH", "Toms L", "OH R", "Overheads", "Drum room", "Percussion"})
        CHECK(stem_of(name) == "OtherDrums");
    for (const char* name : {"Bass DI", "BassAmp", "Synth bass"})
        CHECK(stem_of(name) == "BassLine");
    for (const char* name : {"Arpeggio", "arp 2", "Seq"})
        CHECK(stem_of(name) == "ArpeggiatorSynth");
    for (const char* name : {"Strings", "PadWarm"}) CHECK(stem_of(name) == "StringSynth");
    for (const char* name : {"Lead Vocal", "Backing vox", "LeadVoice", "Singer", "Choir"})
        CHECK(stem_of(name) == "Singer");
    for (const char* name : {"Guitar", "Keys", "Ohm", "Hammond"})
        CHECK(stem_of(name) == "OtherSounds");
}

TEST_CASE("stem map: a role comes before a name") {
    CHECK(stem_of("Bass", session::Role::lead_vocal) == "Singer");
    CHECK(stem_of("Beat", session::Role::drums) == "OtherDrums");
    CHECK(stem_of("Kick", session::Role::other) == "OtherSounds");
}

TEST_CASE("stem map: every channel is in one stem, those that say nothing in OtherSounds") {
    const auto stems = stems_of(song_of({{.stem = "Band", .says_stem = true},
                                         {.stem = "Kick"},
                                         {.stem = "Band", .says_stem = true}}));
    REQUIRE(stems);
    REQUIRE(stems->size() == 2);
    CHECK((*stems)[0].name == "Band");
    CHECK((*stems)[0].channels == std::vector<bool>{true, false, true});
    CHECK((*stems)[1].name == "OtherSounds");
    CHECK((*stems)[1].channels == std::vector<bool>{false, true, false});
}

TEST_CASE("stem map: voices are known by role, or by name where there is none") {
    const session::Song song = song_of({{.stem = "Vocal", .role = session::Role::other},
                                        {.stem = "Vocal 2"},
                                        {.stem = "Guitar", .role = session::Role::vocal}});
    CHECK(vocals_of(song) == std::vector<bool>{false, true, true});
    CHECK(vocals_of(song_of({{.stem = "Guitar"}})).empty());
}

}  // namespace stem_map_test
