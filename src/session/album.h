// An album: songs in their order, with the silence between them, fades and levels. From album.toml.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/fade_curve.h"
#include "src/session/song.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::session {

struct Fade {
    dsp::Seconds length = {};
    base::FadeCurve curve = base::FadeCurve::cosine;
};

struct AlbumSong {
    std::filesystem::path file = {};
    std::filesystem::path chain = {};  // that it goes through first; may be empty
    std::string title = {};            // never empty: the file's name
    std::string mix = {};              // "OriginalMix"; may be empty
    std::string artist = {};           // the album's unless it has its own
    std::string composer = {};         // may be empty
    std::string isrc = {};             // 12 letters and digits, or empty
    std::string side = {};             // of a record: "A"
    dsp::Seconds gap = {};             // silence before it
    dsp::Seconds start = {};           // what of the file is used
    dsp::Seconds end = {};
    Fade fade_in = {}, fade_out = {};
    double level_dB = 0.0;
    TrackFacts facts = {};
    std::size_t line = 0;

    dsp::Seconds length() const { return {end.value - start.value}; }
    std::string full_title() const;  // "Yeah(OriginalMix)"
};

enum class Levels : std::uint8_t {
    album,  // one gain for all songs, so that together they have the target loudness
    track,  // each song has it
    none,   // nothing but what the songs' own levels say
};

struct Album {
    std::filesystem::path file = {};
    std::string artist = {}, title = {};  // never empty
    std::string upc = {};                 // 13 digits, or empty
    std::string genre = {};               // may be empty
    std::size_t year = 0;                 // 0: not said
    std::string medium = "streaming";     // one of kMedia
    Levels levels = Levels::album;
    std::optional<double> target_lufs = {}, ceiling_dBTP = {};  // else the medium's
    std::vector<AlbumSong> songs = {};                          // at least one
};

inline constexpr std::array<std::string_view, 4> kMedia = {"cd", "streaming", "hires", "vinyl"};

base::Result<Album> parse_album(std::string_view text, const std::filesystem::path& file,
                                const LookAtTrack& look);
base::Result<Album> load_album(const std::filesystem::path& file, const LookAtTrack& look);

// "01-ARTIST-Yeah(OriginalMix)" for the first song, without a suffix.
std::string song_file_name(const AlbumSong& song, std::size_t number);

}  // namespace mixrig::session
