// Tracks of a song as inputs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/track_source.h"

#include "src/disk/resample.h"
#include "src/engine/strip_bank.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace mixrig::app {
namespace {}  // namespace

base::Result<TrackSource> TrackSource::open(const session::Song& song,
                                            const engine::Geometry& geometry, dsp::Hertz rate) {
    TrackSource source(geometry.inputs, rate);
    for (const session::Track& from : song.tracks) {
        Track track;
        track.begin = static_cast<std::uint64_t>(std::llround(from.start.value * rate.value));
        track.channels = from.facts.channels;
        track.path = from.file;
        const engine::StripPlace& place =
            geometry.strips[geometry.strip(param::Kind::ch, from.channel - 1)];
        track.input = place.input;
        track.on_both_sides = place.stereo && track.channels == 1;
        if (from.facts.rate.value == rate.value) {
            auto file = disk::SoundFileReader::open(from.file);
            if (!file) return file.error();
            track.frames = file->info().frames;
            track.file = std::move(*file);
        } else {
            auto whole = disk::read_whole(from.file);
            if (!whole) return whole.error();
            auto resampled = disk::resample(std::move(*whole), rate);
            if (!resampled) return resampled.error();
            track.held = std::move(*resampled);
            track.frames = track.held.frames();
        }
        source.frames_ = std::max(source.frames_, track.begin + track.frames);
        source.tracks_.push_back(std::move(track));
    }
    return source;
}

base::Status TrackSource::read(std::size_t frames) {
    for (std::size_t i = 0; i < buffers_.size(); ++i) {
        buffers_[i].assign(frames, 0.0f);
        pointers_[i] = buffers_[i].data();
    }
    for (Track& track : tracks_)
        if (auto status = read_track(track, frames); !status) return status;
    position_ += frames;
    return base::Done{};
}

// The desk silences a strip for what is no sound: there is a hole, which somebody has to be told.
void TrackSource::check(Track& track, std::span<const float> samples, std::uint64_t first) {
    if (track.is_damaged) return;
    const auto bad = std::find_if_not(samples.begin(), samples.end(), [](float x) {
        return std::fabs(x) <= engine::kRunawayInput;
    });
    if (bad == samples.end()) return;
    track.is_damaged = true;
    const auto frame = first - track.begin + static_cast<std::uint64_t>(bad - samples.begin());
    std::array<char, 96> what{};
    std::snprintf(what.data(), what.size(),
                  "what it has at %.3f s is not a number, or beyond +60 dBFS",
                  static_cast<double>(frame) / rate_.value);
    damaged_.push_back({what.data(), track.path.string(), "it is damaged: make it anew"});
}

base::Status TrackSource::read_track(Track& track, std::size_t frames) {
    const std::uint64_t end = track.begin + track.frames;
    if (position_ + frames <= track.begin || position_ >= end) return base::Done{};
    const std::uint64_t first = std::max(position_, track.begin);
    const auto offset = static_cast<std::size_t>(first - position_);
    const auto count = static_cast<std::size_t>(std::min(end, position_ + frames) - first);
    std::array<float*, 2> out{};
    for (std::size_t c = 0; c < track.channels; ++c)
        out[c] = buffers_[track.input + c].data() + offset;
    if (!track.file) {
        for (std::size_t c = 0; c < track.channels; ++c)
            std::copy_n(
                track.held.tracks[c].begin() + static_cast<std::ptrdiff_t>(first - track.begin),
                count, out[c]);
    } else if (const auto got = track.file->read(out.data(), count); !got) {
        return got.error();
    }
    for (std::size_t c = 0; c < track.channels; ++c) check(track, {out[c], count}, first);
    if (track.on_both_sides) std::copy_n(out[0], count, buffers_[track.input + 1].data() + offset);
    return base::Done{};
}

}  // namespace mixrig::app
