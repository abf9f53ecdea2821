// Tracks by their headers, the rest by listening.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/song_facts.h"

#include "src/app/bounce/bounce.h"
#include "src/app/bounce/stem_map.h"
#include "src/app/check/song_listener.h"
#include "src/disk/sound_file_reader.h"

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

namespace mixrig::app::check {
namespace {

constexpr double kLeastRate = 44100.0;

// What is not one of our formats may be anything: it counts as too coarse.
bool is_coarse(const session::Track& track) {
    if (track.facts.rate.value < kLeastRate) return true;
    const auto file = disk::SoundFileReader::open(track.file);
    if (!file || !file->info().format) return true;
    return file->info().format->coding == disk::Coding::pcm16;
}

// As `mixrig bounce --stems` would make them; more than it takes are counted all the same.
std::size_t stems(const session::Song& song) {
    if (const auto made = stems_of(song)) return made->size();
    std::set<std::string_view> names;
    for (const session::Track& track : song.tracks)
        names.insert(track.says_stem ? std::string_view(track.stem) : std::string_view());
    return names.size();
}

TracksFacts tracks_facts(const session::Song& song) {
    TracksFacts out{.count = song.tracks.size(), .stems = stems(song)};
    double first = std::numeric_limits<double>::infinity(), last = 0.0;
    for (const session::Track& track : song.tracks) {
        out.coarse += is_coarse(track) ? 1u : 0u;
        const double end =
            track.start.value + static_cast<double>(track.facts.frames) / track.facts.rate.value;
        first = std::min(first, end);
        last = std::max(last, end);
    }
    out.ends_apart_s = std::max(0.0, last - first);
    return out;
}

}  // namespace

base::Result<Facts> song_facts(const session::Song& song, const SongSettings& settings) {
    SongListener listener(song);
    const auto done = bounce(song, {.wishes = {.full_mix = false},
                                    .watch = listener.watch(),
                                    .threads = settings.threads,
                                    .tail_seconds = settings.tail_seconds.value_or(0.0),
                                    .tail_decays = !settings.tail_seconds,
                                    .progress = settings.progress});
    if (!done) return done.error();
    auto facts = listener.facts(done->frames);
    if (!facts) return facts.error();
    facts->tracks = tracks_facts(song);
    facts->faults = done->faults;
    return facts;
}

}  // namespace mixrig::app::check
