// Tracks by their headers, the rest by listening.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/song_facts.h"

#include "src/app/bounce.h"
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

TracksFacts tracks_facts(const session::Song& song) {
    TracksFacts out{.count = song.tracks.size()};
    std::set<std::string_view> stems;
    double first = std::numeric_limits<double>::infinity(), last = 0.0;
    for (const session::Track& track : song.tracks) {
        out.coarse += is_coarse(track) ? 1u : 0u;
        stems.insert(track.stem);
        const double end =
            track.start.value + static_cast<double>(track.facts.frames) / track.facts.rate.value;
        first = std::min(first, end);
        last = std::max(last, end);
    }
    out.stems = stems.size();
    out.ends_apart_s = std::max(0.0, last - first);
    return out;
}

}  // namespace

base::Result<Facts> song_facts(const session::Song& song, const SongSettings& settings) {
    SongListener listener(song);
    const auto done = bounce(song, {.threads = settings.threads,
                                    .tail_seconds = settings.tail_seconds,
                                    .progress = settings.progress,
                                    .watch = listener.watch(),
                                    .writes = false});
    if (!done) return done.error();
    auto facts = listener.facts();
    if (!facts) return facts.error();
    facts->tracks = tracks_facts(song);
    facts->faults = done->faults;
    return facts;
}

}  // namespace mixrig::app::check
