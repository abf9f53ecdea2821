// What an engine's inputs get while a recording plays.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/soundcheck.h"

#include <algorithm>

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
      wanted_(lane_of_input_.size()),
      shares_(lane_of_input_.size(), 0.0f),
      tracks_(playback_->lanes(), std::vector<float>(kMostFrames)),
      mixed_(lane_of_input_.size(), std::vector<float>(kMostFrames)),
      pointers_(lane_of_input_.size(), nullptr) {
    for (auto& track : tracks_) track_pointers_.push_back(track.data());
}

const float* const* SoundcheckFeed::mix(const float* const* in, std::size_t frames)
    MIXRIG_REALTIME {
    bool any = false;
    for (std::size_t i = 0; i < shares_.size(); ++i)
        any = any || shares_[i] > 0.0f || wanted_[i].load(std::memory_order_relaxed);
    if (any) (void)playback_->read(track_pointers_.data(), frames);
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
