// The audio callback of a running desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/live_audio.h"

#include "src/base/clock.h"

#include <algorithm>

namespace mixrig::app {

void LiveAudio::process(const float* const* in, float* const* out, std::size_t frames)
    MIXRIG_REALTIME {
    const std::int64_t start = base::monotonic_ns();
    engine::Engine& engine = console_->engine();
    const std::uint64_t first = engine.position();
    if (player_ == nullptr)
        compute(in, out, frames);
    else
        play(out, frames);
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

void LiveAudio::play(float* const* out, std::size_t frames) MIXRIG_REALTIME {
    engine::Engine& engine = console_->engine();
    const std::size_t outputs = std::min(console_->geometry().outputs.size(), shifted_.size());
    for (std::size_t done = 0; done < frames;) {
        const std::size_t count = std::min(frames - done, Player::kMostFrames);
        for (std::size_t o = 0; o < outputs; ++o) shifted_[o] = out[o] + done;
        compute(player_->read(engine.position(), count), shifted_.data(), count);
        done += count;
    }
}

}  // namespace mixrig::app
