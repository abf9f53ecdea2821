// Talkback and oscillator: what goes into buses from beside them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/oscillator.h"
#include "dsp/realtime.h"
#include "dsp/units.h"
#include "src/engine/bus_limiter.h"
#include "src/engine/geometry.h"
#include "src/link/event.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace mixrig::engine {

// Each bus has a gain of its own for each of the two, so that whatever opens or closes a way (the
// switch, the bus's own switch, the level) is one glide.
class SideSources {
public:
    SideSources(const Geometry& geometry, dsp::Hertz rate);  // [control] allocates

    // [audio, quantum boundary]
    void set(Strip bus, const link::SideGains& gains, dsp::Change change) MIXRIG_REALTIME;
    void set_oscillator(const dsp::OscillatorGoal& goal, dsp::Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    // Buses into which something goes in this quantum.
    std::span<const Strip> fed() const MIXRIG_REALTIME { return {fed_.data(), fed_count_}; }
    bool feeds(Strip bus) const MIXRIG_REALTIME { return is_fed_[bus] != 0; }

    // [audio] Both signals of a slice; `talkback` begins at the slice's first frame, null is
    // silence.
    void prepare(const float* talkback, dsp::Slice slice) MIXRIG_REALTIME;
    // [audio or worker] Adds them to one side of a bus; out[0] is the slice's first frame.
    void add(Strip bus, float* out, dsp::Slice slice) const MIXRIG_REALTIME;

private:
    enum Source : std::size_t { talk, tone };  // lanes of the gains
    bool uses(Strip bus, Source source) const MIXRIG_REALTIME;

    std::vector<std::uint16_t> place_;  // [strip] in gains_; buses only
    std::vector<dsp::GainGlides> gains_;
    std::vector<Strip> fed_;
    std::vector<std::uint8_t> is_fed_;  // [strip]
    std::size_t fed_count_ = 0;
    bool changed_ = false;  // a gain moves
    bool talks_ = false, sounds_ = false;
    dsp::Oscillator oscillator_;
    Planar talk_{}, tone_{};
};

}  // namespace mixrig::engine
