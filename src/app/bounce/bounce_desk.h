// One desk of a bounce: its console, what moves it, what leaves its main bus.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/app/console.h"
#include "src/app/song/automation_feed.h"
#include "src/session/automation.h"
#include "src/session/song.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::app {

// What all desks of a bounce have in common. Outlives them.
struct BounceMix {
    const session::Song& song;
    const param::Layout& layout;
    const param::Values& values;
    const std::vector<session::Move>& moves;
    const Impulses& impulses;

    dsp::Hertz rate() const { return song.desk.audio.rate; }
    engine::EngineConfig engine() const {
        return {.rate = rate(), .outputs = {.ceiling = song.desk.engine.ceiling, .ramp = {0.0}}};
    }
};

class BounceDesk {
public:
    // Without the sound of the channels in `silent`, by number.
    BounceDesk(const BounceMix& mix, engine::EngineConfig config, std::vector<bool> silent = {});

    // Sends what moves before `until`. How many frames from `position` on may be computed: fewer
    // than asked for if there was no room.
    base::Result<std::size_t> send(std::uint64_t position, std::size_t frames);
    // One slice within a quantum: `frames` from `offset` of the inputs on.
    void process(const float* const* inputs, std::size_t offset, std::size_t frames);
    // After each block.
    void collect();

    // One side of the main output, of the last slice.
    void copy_main(std::size_t side, float* out) const;
    std::uint64_t main_latency() const { return console_.output_latency().front(); }
    std::uint64_t faults() const { return faults_; }
    const Console& console() const { return console_; }
    Console& console() { return console_; }
    engine::Engine& engine() { return console_.engine(); }

private:
    const BounceMix& mix_;
    Console console_;
    AutomationFeed automation_;
    std::vector<bool> is_silent_;  // by engine input
    std::vector<std::vector<float>> outputs_;
    std::vector<float*> out_;
    std::vector<const float*> in_;
    std::size_t frames_ = 0;  // of the last slice
    std::uint64_t faults_ = 0;
};

}  // namespace mixrig::app
