// Places, names, gains.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/album_plan.h"

#include "src/app/master/album_songs.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace mixrig::app {
namespace {

// Meters differ by what lies between two of their interpolated points, and dither adds a step.
constexpr double kBelowCeiling = 0.02;  // dB

dsp::Hertz rate_of(const session::Album& album, const DeliveryProfile& profile) {
    if (profile.rate > 0.0) return {profile.rate};
    dsp::Hertz highest{0.0};
    for (const session::AlbumSong& song : album.songs)
        highest.value = std::max(highest.value, song.facts.rate.value);
    return highest;
}

std::string album_name(const Delivery& delivery) {
    return delivery.artist + "-" + delivery.title;
}

// Songs that share a reel: a side of a record, else all.
std::vector<std::size_t> reels_of(const session::Album& album, const DeliveryProfile& profile,
                                  Delivery& out) {
    const bool sides = profile.name == "vinyl";
    std::vector<std::size_t> reels;
    std::string side;
    for (const session::AlbumSong& song : album.songs) {
        if (out.reels.empty() || (sides && song.side != side)) {
            side = song.side;
            out.reels.push_back({.name = sides ? "Side" + side : ""});
        }
        reels.push_back(out.reels.size() - 1);
    }
    return reels;
}

void place_songs(const session::Album& album, const DeliveryProfile& profile, Delivery& out) {
    for (std::size_t reel = 0; reel < out.reels.size(); ++reel) {
        std::vector<disk::Piece> pieces;
        std::vector<DeliveredSong*> songs;
        for (std::size_t i = 0; i < album.songs.size(); ++i) {
            if (out.songs[i].reel != reel) continue;
            // A side begins with its first song; the gap before it is the walk to the player.
            const bool turned = reel > 0 && pieces.empty();
            pieces.push_back({.frames = song_frames(album.songs[i], out.rate),
                              .gap = turned ? dsp::Seconds{0.0} : album.songs[i].gap});
            songs.push_back(&out.songs[i]);
        }
        const disk::Sequence sequence = disk::lay_out(pieces, out.rate, profile.grid);
        out.reels[reel].frames = sequence.frames;
        for (std::size_t i = 0; i < songs.size(); ++i) {
            DeliveredSong& song = *songs[i];
            song.place = sequence.songs[i];
            song.from = profile.images || i > 0 ? song.place.mark : 0;
            song.to = profile.images         ? song.place.end
                      : i + 1 < songs.size() ? sequence.songs[i + 1].mark
                                             : sequence.frames;
        }
    }
}

std::string_view levels_name(session::Levels levels) {
    switch (levels) {
        case session::Levels::album:
            return "album";
        case session::Levels::track:
            return "track";
        case session::Levels::none:
            break;
    }
    return "none";
}

}  // namespace

Delivery plan_album(const session::Album& album, const DeliveryProfile& profile) {
    Delivery out{.medium = std::string(profile.name),
                 .format = disk::format_name(profile.format),
                 .rate = rate_of(album, profile),
                 .artist = album.artist,
                 .title = album.title,
                 .upc = album.upc,
                 .genre = album.genre,
                 .date = album.year == 0 ? "" : std::to_string(album.year),
                 .levels = std::string(levels_name(album.levels)),
                 .target_lufs = album.target_lufs.value_or(profile.target_lufs),
                 .ceiling_dBTP = album.ceiling_dBTP.value_or(profile.ceiling_dBTP)};
    const std::string ending(disk::extension(profile.format));
    const std::vector<std::size_t> reels = reels_of(album, profile, out);
    for (std::size_t i = 0; i < album.songs.size(); ++i) {
        const session::AlbumSong& song = album.songs[i];
        out.songs.push_back({.reel = reels[i],
                             .title = song.full_title(),
                             .artist = song.artist,
                             .composer = song.composer,
                             .isrc = song.isrc,
                             .file = session::song_file_name(song, i + 1) + ending});
    }
    if (profile.images)
        for (DeliveredReel& reel : out.reels) {
            std::string name = album_name(out);
            if (!reel.name.empty()) name.append("-").append(reel.name);
            reel.image = session::plain_file_name(name) + ending;
        }
    place_songs(album, profile, out);
    return out;
}

void choose_gains(Delivery& delivery, const session::Album& album, double album_lufs,
                  const std::vector<SongLevels>& songs) {
    const double ceiling = delivery.ceiling_dBTP - kBelowCeiling;
    double peak = songs.front().true_peak_dBTP;
    for (const SongLevels& song : songs) peak = std::max(peak, song.true_peak_dBTP);
    for (std::size_t i = 0; i < songs.size(); ++i) {
        DeliveredSong& out = delivery.songs[i];
        if (album.levels == session::Levels::none) continue;
        const bool together = album.levels == session::Levels::album;
        // A song's own level is heard in the album's loudness; of a single song it is an offset.
        const double wanted =
            together ? delivery.target_lufs - album_lufs
                     : delivery.target_lufs + album.songs[i].level_dB - songs[i].integrated_lufs;
        const double most = ceiling - (together ? peak : songs[i].true_peak_dBTP);
        if (!std::isfinite(wanted)) continue;  // silence stays
        out.held_by_ceiling = wanted > most;
        out.gain_dB = std::min(wanted, most);
    }
}

disk::Sheet sheet_of(const Delivery& delivery, std::size_t reel) {
    disk::Sheet sheet{.image = delivery.reels[reel].image,
                      .title = delivery.title,
                      .performer = delivery.artist,
                      .genre = delivery.genre,
                      .date = delivery.date,
                      .upc = delivery.upc,
                      .rate = delivery.rate,
                      .frames = delivery.reels[reel].frames};
    for (const DeliveredSong& song : delivery.songs)
        if (song.reel == reel)
            sheet.tracks.push_back({.title = song.title,
                                    .performer = song.artist,
                                    .composer = song.composer,
                                    .isrc = song.isrc,
                                    .place = song.place});
    return sheet;
}

}  // namespace mixrig::app
