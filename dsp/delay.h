// Delays of whole frames, one a lane.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace mixrig::dsp {

inline constexpr Seconds kLongestDelay{0.5};

struct DelayLane {
    std::uint32_t frames = 0;
};

// The nearest whole frame; from nothing to kLongestDelay.
DelayLane design_delay(Seconds delay, Hertz rate);

// A change crosses over from the old tap to the new one; changes that arrive meanwhile wait, the
// last one wins. A lane whose delay is 0 costs nothing and remembers nothing: turned on, it starts
// softly from silence.
class DelayBank {
public:
    DelayBank(Hertz rate,
              LaneMask lanes);  // [control] memory for these lanes; the others stay at 0

    // At a quantum boundary, before begin_quantum.
    void set(std::size_t lane, DelayLane goal, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    // Lanes that are not in `lanes` or not active keep their samples and their state, bit for bit.
    void process(float* x, Slice slice, LaneMask lanes) MIXRIG_REALTIME;
    void reset(LaneMask lanes) MIXRIG_REALTIME;

    // Moves the lane with its memory; `other` is left with the memory this lane had, at delay 0.
    // Both banks were made for the same rate.
    void take_lane(std::size_t to, DelayBank& other, std::size_t from) MIXRIG_REALTIME;

    LaneMask active() const MIXRIG_REALTIME { return active_; }

    // Frames of silence at the input after which the output is silent too.
    std::size_t tail(std::size_t lane) const MIXRIG_REALTIME;

private:
    struct Lane {
        std::unique_ptr<float[]> ring;
        std::uint32_t now = 0, next = 0;  // the taps that are heard; equal unless crossing over
        std::uint32_t goal = 0;           // asked for last
        std::uint32_t filled = 0;         // frames the ring remembers
        std::uint32_t position = 0;       // where the ring is written next
        std::uint16_t index = 0;          // quanta of the crossing that have begun
        bool crossing = false;
        Cubic weight;  // of the next tap, in this quantum

        // std::swap would move through a third lane, whose destructor frees.
        void swap_with(Lane& other) MIXRIG_REALTIME;
    };

    void rest(std::size_t lane) MIXRIG_REALTIME;
    float recall(const Lane& lane, std::uint32_t frames) const MIXRIG_REALTIME;
    void run(Lane& lane, float* x, Slice slice) MIXRIG_REALTIME;

    std::array<Lane, kLanes> lanes_;
    LaneMask active_ = kNoLanes;
    std::uint32_t mask_;  // of a position in a ring
    std::uint16_t quanta_;
};

}  // namespace mixrig::dsp
