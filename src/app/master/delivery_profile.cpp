// One row a medium.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/delivery_profile.h"

#include "src/disk/sequence.h"
#include "src/session/text_file.h"

#include <algorithm>
#include <span>
#include <vector>

namespace mixrig::app {
namespace {

using disk::Coding;
using disk::Container;

// Formats by rules N04 and N05, ceilings by K12, loudness by K13; the limits of a CD are those of
// the Red Book (IEC 60908), of which 79:57 is what a 700 MB blank holds.
constexpr DeliveryProfile kProfiles[] = {
    {.name = "cd",
     .format = {Container::wav, Coding::pcm16},
     .rate = 44100.0,
     .ceiling_dBTP = -0.3,
     .grid = disk::kCdFrame,
     .images = true,
     .most_songs = 99,
     .shortest_song = 4.0,
     .longest_image = 79.0 * 60.0 + 57.0,
     .described = "44.1 kHz, 16 bit, one image with cue sheet and TOC, and each song"},
    {.name = "streaming",
     .format = {Container::wav, Coding::pcm24},
     .rate = 48000.0,
     .described = "48 kHz, 24 bit, each song with the gap behind it"},
    {.name = "hires",
     .format = {Container::wav, Coding::pcm24},
     .described = "24 bit at the highest rate of the songs"},
    {.name = "vinyl",
     .format = {Container::wav, Coding::pcm24},
     .images = true,
     .longest_image = 22.0 * 60.0,
     .described = "24 bit at the highest rate of the songs, one image a side with its cue sheet"},
};

}  // namespace

base::Result<DeliveryProfile> delivery_profile(std::string_view name) {
    for (const DeliveryProfile& profile : kProfiles)
        if (profile.name == name) return profile;
    std::string what = "there is no medium `";
    what.append(name).append("`");
    return base::Error{.what = what, .hint = "one of " + profile_names()};
}

std::string profile_names() {
    std::string out;
    for (const DeliveryProfile& profile : kProfiles)
        out.append(out.empty() ? "" : ", ").append(profile.name);
    return out;
}

base::Status check_medium(const session::Album& album, const DeliveryProfile& profile) {
    const auto wrong = [&](std::size_t line, const std::string& what, const std::string& hint) {
        return base::Error{
            .what = what, .where = session::at_line(album.file.string(), line), .hint = hint};
    };
    if (profile.most_songs != 0 && album.songs.size() > profile.most_songs)
        return wrong(album.songs[profile.most_songs].line,
                     "[[song]]: a CD holds " + std::to_string(profile.most_songs) + " tracks",
                     "two discs");
    for (const session::AlbumSong& song : album.songs)
        if (song.length().value < profile.shortest_song)
            return wrong(song.line, "[[song]]: a track of a CD lasts at least four seconds",
                         "join it with the one beside it");
    double seconds = 0.0;
    if (profile.name != "cd") return base::Done{};  // the length of a side is a matter of level
    for (const session::AlbumSong& song : album.songs) {
        seconds += song.gap.value + song.length().value;
        if (seconds > profile.longest_image)
            return wrong(song.line, "[[song]]: here a CD is full, after 79:57", "two discs");
    }
    return base::Done{};
}

}  // namespace mixrig::app
