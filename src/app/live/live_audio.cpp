// The audio callback of a running desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live/live_audio.h"

#include "src/base/clock.h"

#include <algorithm>

namespace mixrig::app {

void LiveAudio::process(const float* const* in, float* const* out, std::size_t frames)
    MIXRIG_REALTIME {
    const std::int64_t start = base::monotonic_ns();
    engine::Engine& engine = console_->engine();
    const std::uint64_t first = engine.position();
    SoundcheckFeed* const feed = soundcheck_->feed();
    if (player_ == nullptr && feed == nullptr)
        compute(in, out, frames);
    else
        play(in, out, frames, feed);
    position_.store(engine.position(),
                    std::memory_order_release);  // with the acquire in position()
    const auto took = static_cast<std::uint32_t>(base::monotonic_ns() - start);
    link::Link& link = console_->link();
    if (!link.block_times.try_push(
            {.frame = first, .frames = static_cast<std::uint32_t>(frames), .ns = took}))
        link.lost.fetch_add(1, std::memory_order_relaxed);
}

void LiveAudio::compute(const float* const* in, float* const* out, std::size_t frames)
    MIXRIG_REALTIME {
    engine::Engine& engine = console_->engine();
    if (FlightTape* tape = tape_.load(std::memory_order_acquire); tape != nullptr)
        tape->write(engine.position(), in, frames);
    engine.process(in, out, frames);
}

void LiveAudio::play(const float* const* in, float* const* out, std::size_t frames,
                     SoundcheckFeed* feed) MIXRIG_REALTIME {
    static_assert(Player::kMostFrames <= SoundcheckFeed::kMostFrames);
    engine::Engine& engine = console_->engine();
    for (std::size_t done = 0; done < frames;) {
        const std::size_t count = std::min(frames - done, Player::kMostFrames);
        for (std::size_t i = 0; i < shifted_in_.size(); ++i) shifted_in_[i] = in[i] + done;
        for (std::size_t o = 0; o < shifted_out_.size(); ++o) shifted_out_[o] = out[o] + done;
        const float* const* inputs = shifted_in_.data();
        if (player_ != nullptr) inputs = player_->read(engine.position(), count);
        if (feed != nullptr) inputs = feed->mix(engine.position(), inputs, count);
        compute(inputs, shifted_out_.data(), count);
        done += count;
    }
}

}  // namespace mixrig::app
