// The audio callback of a running desk.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/console.h"
#include "src/app/flight/flight_tape.h"
#include "src/app/song/player.h"
#include "src/app/song/soundcheck.h"
#include "src/backend/backend.h"

#include <atomic>
#include <cstdint>
#include <vector>

namespace mixrig::app {

class LiveAudio : public backend::AudioCallback {
public:
    // [control, backend held] What the next block is computed by; `player` may be null.
    void use(Console* console, Player* player, Soundcheck* soundcheck) {
        console_ = console;
        player_ = player;
        soundcheck_ = soundcheck;
        shifted_in_.assign(console->geometry().inputs, nullptr);
        shifted_out_.assign(console->geometry().outputs.size(), nullptr);
        tape_.store(nullptr, std::memory_order_release);
        position_.store(0, std::memory_order_release);  // with the acquire in position()
    }

    // [control] Every input goes to this tape as well. It must live until the next use().
    void record(FlightTape* tape) { tape_.store(tape, std::memory_order_release); }

    void process(const float* const* in, float* const* out, std::size_t frames)
        MIXRIG_REALTIME override;
    void xrun() MIXRIG_REALTIME override { xruns_.fetch_add(1, std::memory_order_relaxed); }

    // [any] Frames computed since use().
    std::uint64_t position() const { return position_.load(std::memory_order_acquire); }
    std::uint64_t xruns() const { return xruns_.load(std::memory_order_relaxed); }

private:
    void compute(const float* const* in, float* const* out, std::size_t frames) MIXRIG_REALTIME;
    void play(const float* const* in, float* const* out, std::size_t frames, SoundcheckFeed* feed)
        MIXRIG_REALTIME;

    Console* console_ = nullptr;
    Player* player_ = nullptr;
    Soundcheck* soundcheck_ = nullptr;
    std::atomic<FlightTape*> tape_{nullptr};  // release with the acquire in compute()
    std::atomic<std::uint64_t> position_{0};
    std::atomic<std::uint64_t> xruns_{0};
    // Behind the part that is done.
    std::vector<const float*> shifted_in_;
    std::vector<float*> shifted_out_;
};

}  // namespace mixrig::app
