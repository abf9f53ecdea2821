// The compiled routing: in which order strips are computed, and which delays align their paths.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/engine/geometry.h"
#include "src/engine/mix_matrix.h"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace mixrig::engine {

// Part of a bank that can be computed at one time: its sources lie in earlier levels.
struct BankRun {
    std::uint16_t bank = 0;
    dsp::LaneMask lanes = 0;
};

struct Level {
    std::vector<BankRun> banks;
    std::vector<Column> columns;         // the inputs of these strips
    std::vector<std::uint16_t> effects;  // of the effect buses among them
};

inline constexpr std::size_t kTapFade = 512;  // frames: 10 ms at 48 kHz

// A copy of a tap, `frames` late. Lives on in the next plan if that needs the same one.
struct AlignedTap {
    AlignedTap(MixSource source, std::size_t frames);

    // [audio or worker] Each lane once a slice; then advance.
    void process(const float* in, dsp::Slice slice, dsp::LaneMask lanes) MIXRIG_REALTIME;
    void advance(dsp::Slice slice) MIXRIG_REALTIME;

    // Its source sleeps: nothing is on its way any more.
    void clear() MIXRIG_REALTIME;

    MixSource source;
    std::size_t frames;
    std::vector<float> ring;  // `frames` frames of 16 lanes
    std::size_t position = 0;
    // One that comes while its source plays hears a beginning: that fades in, over so many frames
    // still, or it would come out as sudden in the midst of the path's crossing over.
    std::size_t fading = 0;
    dsp::BankBlock out;
};

// What decides a plan: for each strip, where it goes and what delays it.
struct Path {
    Strip from = 0, to = 0;
    SendTap tap = SendTap::route;
};

struct Routing {
    std::vector<Path> paths;           // that carry signal
    std::vector<std::size_t> latency;  // of each strip's limiter; 0 where it is off
    std::vector<std::size_t> insert;   // of the effect inserted in each strip
    std::vector<std::size_t> before;   // of each effect bus's unit
};

// Level of each group strip: 1 + the highest level among the groups that feed it. Empty if they
// feed each other in a loop.
std::vector<std::size_t> group_levels(const Geometry& geometry, const Routing& routing);

// Frames by which a strip is late: at its sum, before the unit of an effect bus; at its input tap;
// at pre and post, behind an insert; behind its limiter.
struct Latency {
    std::vector<std::size_t> sum, arrival, inserted, leaving;
    std::size_t at(Strip strip, SendTap tap) const {
        if (tap == SendTap::input) return arrival[strip];
        return tap == SendTap::route ? leaving[strip] : inserted[strip];
    }
};
Latency latencies(const Geometry& geometry, const Routing& routing,
                  const std::vector<std::size_t>& levels);

// Immutable but for the state of its delays, which only the engine touches.
struct Plan {
    std::vector<Level> levels;
    std::vector<std::shared_ptr<AlignedTap>> aligned;
    std::vector<std::size_t> output_latency;  // frames, by engine output
    Latency latency;
};

}  // namespace mixrig::engine
