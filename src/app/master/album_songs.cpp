// Reading, resampling, cutting, fading.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/master/album_songs.h"

#include "src/app/master/chain_file.h"
#include "src/disk/edit.h"
#include "src/disk/resample.h"
#include "src/disk/sound_file_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mixrig::app {
namespace {

std::uint64_t to_frames(dsp::Seconds time, dsp::Hertz rate) {
    return static_cast<std::uint64_t>(std::llround(time.value * rate.value));
}

struct Part {
    std::uint64_t first, last;
};

// In frames of the delivery.
Part part_of(const session::AlbumSong& song, dsp::Hertz rate, std::uint64_t whole) {
    const std::uint64_t last = std::min(to_frames(song.end, rate), whole);
    return {std::min(to_frames(song.start, rate), last), last};
}

// As resample() rounds it.
std::uint64_t resampled_frames(const session::TrackFacts& facts, dsp::Hertz rate) {
    return static_cast<std::uint64_t>(
        std::llround(static_cast<double>(facts.frames) * rate.value / facts.rate.value));
}

base::Result<disk::Sound> read_at(const std::filesystem::path& file,
                                  const std::filesystem::path& chain, dsp::Hertz rate) {
    auto sound = chain.empty() ? disk::read_whole(file) : through_chain(file, chain);
    if (!sound) return sound.error();
    for (const std::vector<float>& track : sound->tracks)
        if (!std::all_of(track.begin(), track.end(), [](float x) { return std::isfinite(x); }))
            return base::Error{.what = "holds samples that are not numbers",
                               .where = file.string(),
                               .hint = "bounce it anew"};
    auto resampled = disk::resample(*std::move(sound), rate);
    if (!resampled) return base::Error{resampled.error().what, file.string()};
    disk::make_stereo(*resampled);
    return resampled;
}

disk::Sound copied(const disk::Sound& from, const Part& part) {
    disk::Sound out{.rate = from.rate, .full_scale = from.full_scale};
    for (const std::vector<float>& track : from.tracks)
        out.tracks.emplace_back(track.begin() + static_cast<std::ptrdiff_t>(part.first),
                                track.begin() + static_cast<std::ptrdiff_t>(part.last));
    return out;
}

void finish(disk::Sound& sound, const session::AlbumSong& song) {
    disk::fade_in(sound, to_frames(song.fade_in.length, sound.rate), song.fade_in.curve);
    disk::fade_out(sound, to_frames(song.fade_out.length, sound.rate), song.fade_out.curve);
    disk::change_level(sound, song.level_dB);
}

}  // namespace

std::uint64_t song_frames(const session::AlbumSong& song, dsp::Hertz rate) {
    const Part part = part_of(song, rate, resampled_frames(song.facts, rate));
    return part.last - part.first;
}

base::Result<disk::Sound> AlbumSongs::read(const session::AlbumSong& song) {
    if (kept_file_ != song.file || kept_chain_ != song.chain) {
        kept_ = {};
        kept_file_.clear();
        auto sound = read_at(song.file, song.chain, rate_);
        if (!sound) return sound.error();
        kept_ = *std::move(sound);
        kept_file_ = song.file;
        kept_chain_ = song.chain;
    }
    const Part part = part_of(song, rate_, kept_.frames());
    if (part.last - part.first != song_frames(song, rate_))
        return base::Error{.what = "has another length than a moment ago",
                           .where = song.file.string()};
    if (part.last - part.first < kept_.frames()) {
        disk::Sound out = copied(kept_, part);
        finish(out, song);
        return out;
    }
    disk::Sound out = std::exchange(kept_, {});
    kept_file_.clear();
    finish(out, song);
    return out;
}

}  // namespace mixrig::app
