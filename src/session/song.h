// A song: tracks on a desk, with a mix. From song.toml.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/session/desk_config.h"

#include <cstdint>
#include <functional>
#include <string_view>

namespace mixrig::session {

struct TrackFacts {
    std::size_t channels = 0;
    dsp::Hertz rate = {};
    std::uint64_t frames = 0;
};

// Looks at a sound file without reading it through; src/disk can, this folder cannot.
using LookAtTrack = std::function<base::Result<TrackFacts>(const std::filesystem::path&)>;

// What a track is to the song, for who judges the mix or leaves the voices out.
enum class Role : std::uint8_t { none, vocal, lead, kick, bass, snare, drums, other, lead_vocal };
std::string_view role_name(Role role);
inline bool is_voice(Role role) {
    return role == Role::vocal || role == Role::lead_vocal;
}
inline bool is_lead(Role role) {
    return role == Role::lead || role == Role::lead_vocal;
}

struct Track {
    std::filesystem::path file = {};
    std::size_t channel = 0;  // from 1
    std::string stem = {};    // never empty: the channel's name, else the file's
    bool says_stem = false;   // the song names it
    Role role = Role::none;
    dsp::Seconds start = {};  // silence before it
    TrackFacts facts = {};
};

struct Song {
    std::filesystem::path file = {};
    std::string artist = {};  // may be empty
    std::string title = {};   // never empty: the file's name
    std::filesystem::path scene = {};
    std::filesystem::path automation = {};
    // Its audio.rate is the song's: [audio] rate if the file says one, else that of the first
    // track.
    DeskConfig desk = {};
    std::vector<Track> tracks = {};
    std::vector<std::string> notes =
        {};  // what the user should know: tracks that must be resampled
};

base::Result<Song> parse_song(std::string_view text, const std::filesystem::path& file,
                              const LookAtTrack& look);
base::Result<Song> load_song(const std::filesystem::path& file, const LookAtTrack& look);

// "ARTIST-Title-FullMix" for `what` = "FullMix", without a suffix; "Stem1-Kick" likewise.
// Characters that file systems or shells trip over become `_`.
std::string output_name(const Song& song, std::string_view what);
std::string safe_file_name(std::string name);
// The same for a file that is named in another one, whose readers disagree about encodings: what is
// not ASCII becomes `_` as well, one for each character.
std::string plain_file_name(std::string_view name);

}  // namespace mixrig::session
