// What an engine's inputs get while a recording plays.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/song/soundcheck.h"

#include <algorithm>
#include <utility>

namespace mixrig::app {

namespace {

constexpr double kFadeSeconds = 0.01;

// Continuously differentiable, as all gains of the desk are.
float curve(float share) MIXRIG_REALTIME {
    return share * share * (3.0f - 2.0f * share);
}

}  // namespace

SoundcheckFeed::SoundcheckFeed(std::unique_ptr<disk::Playback> playback,
                               std::vector<int> lane_of_input, dsp::Hertz rate)
    : playback_(std::move(playback)),
      lane_of_input_(std::move(lane_of_input)),
      step_(static_cast<float>(1.0 / (kFadeSeconds * rate.value))),
      fade_frames_(static_cast<std::uint64_t>(kFadeSeconds * rate.value) + 1),
      wanted_(lane_of_input_.size()),
      shares_(lane_of_input_.size(), 0.0f),
      tracks_(playback_->lanes(), std::vector<float>(kMostFrames)),
      mixed_(lane_of_input_.size(), std::vector<float>(kMostFrames)),
      levels_(kMostFrames),
      pointers_(lane_of_input_.size(), nullptr) {
    for (auto& track : tracks_) track_pointers_.push_back(track.data());
}

void SoundcheckFeed::play_from(std::uint64_t frame) {
    // In this order nothing of what was played before is heard again.
    from_.store(frame, std::memory_order_release);
    until_.store(UINT64_MAX, std::memory_order_release);
}

// The tracks of these frames; silence where they stand.
void SoundcheckFeed::read(std::uint64_t position, std::size_t frames) MIXRIG_REALTIME {
    const std::uint64_t until = until_.load(std::memory_order_acquire);
    const std::uint64_t from = from_.load(std::memory_order_acquire);
    std::size_t still = frames;
    if (from < position + frames && (position < until || level_ > 0.0f))
        still = from > position ? static_cast<std::size_t>(from - position) : 0;
    for (std::vector<float>& track : tracks_) std::fill_n(track.data(), still, 0.0f);
    if (still == frames) return playback_->rest();
    if (std::exchange(begun_, from) != from && position > from)
        playback_->skip(static_cast<std::size_t>(position - from));
    play(position + still, still, frames - still);
}

void SoundcheckFeed::play(std::uint64_t position, std::size_t at, std::size_t frames)
    MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < tracks_.size(); ++lane)
        track_pointers_[lane] = tracks_[lane].data() + at;
    (void)playback_->read(track_pointers_.data(), frames);
    const std::uint64_t until = until_.load(std::memory_order_acquire);
    const std::uint64_t last = until - std::min(until, fade_frames_);
    if (level_ == 1.0f && position + frames <= last) return;
    for (std::size_t n = 0; n < frames; ++n) {
        const float to = position + n < last ? 1.0f : 0.0f;
        level_ = to > level_ ? std::min(level_ + step_, to) : std::max(level_ - step_, to);
        levels_[n] = level_ == 1.0f ? 1.0f : curve(level_);
    }
    for (float* const track : track_pointers_)
        for (std::size_t n = 0; n < frames; ++n) track[n] *= levels_[n];
}

const float* const* SoundcheckFeed::mix(std::uint64_t position, const float* const* in,
                                        std::size_t frames) MIXRIG_REALTIME {
    read(position, frames);
    bool dry = true;
    for (std::size_t i = 0; i < shares_.size(); ++i) {
        const float to = wanted_[i].load(std::memory_order_relaxed) ? 1.0f : 0.0f;
        if (shares_[i] != to)
            fade(i, in[i], to, frames);
        else if (to == 0.0f)
            pointers_[i] = in[i];
        else
            pointers_[i] = tracks_[static_cast<std::size_t>(lane_of_input_[i])].data();
        dry = dry && shares_[i] == 0.0f && to == 0.0f;
    }
    dry_.store(dry, std::memory_order_release);  // with the acquire in is_dry()
    return pointers_.data();
}

void SoundcheckFeed::fade(std::size_t input, const float* live, float to, std::size_t frames)
    MIXRIG_REALTIME {
    const float* track = tracks_[static_cast<std::size_t>(lane_of_input_[input])].data();
    float* out = mixed_[input].data();
    float share = shares_[input];
    for (std::size_t n = 0; n < frames; ++n) {
        share = to > share ? std::min(share + step_, to) : std::max(share - step_, to);
        const float wet = curve(share);
        // At the ends the samples as they are.
        out[n] = share == 1.0f ? track[n] : live[n] + wet * (track[n] - live[n]);
    }
    shares_[input] = share;
    pointers_[input] = out;
}

}  // namespace mixrig::app
