// The monitor bus: what is listened to, by which check, on which loudspeakers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/monitor_check.h"
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

// Stands behind everything else and only reads it, so that nothing done here changes another
// output.
class Listening {
public:
    Listening(const Geometry& geometry, dsp::Hertz rate);  // [control] allocates

    // [audio, quantum boundary] The gain of a source, by the number of a param::Type::listen.
    void set_source(std::size_t source, float gain, dsp::Change change) MIXRIG_REALTIME;
    void set(const link::MonitorGoal& goal, dsp::Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME { check_.reset(); }

    // Sources of which something is heard in this quantum.
    std::span<const std::uint16_t> heard() const MIXRIG_REALTIME {
        return {heard_.data(), heard_count_};
    }

    // [audio] For each slice: clear, then add what is heard, then leave once a pair of
    // loudspeakers. Pointers begin at the slice's first frame; null is silence.
    void clear(dsp::Slice slice) MIXRIG_REALTIME;
    void add(std::size_t source, const float* left, const float* right, dsp::Slice slice)
        MIXRIG_REALTIME;
    void add_soloed(const float* left, const float* right, dsp::Slice slice) MIXRIG_REALTIME;
    void check(dsp::Slice slice) MIXRIG_REALTIME;
    void leave(std::size_t pair, float* left, float* right, dsp::Slice slice) const MIXRIG_REALTIME;

private:
    dsp::GainGlides& gains_of(std::size_t source) MIXRIG_REALTIME {
        return sources_[source / dsp::kLanes];
    }

    std::vector<dsp::GainGlides> sources_;  // sixteen sources each
    std::vector<std::uint16_t> heard_;
    std::size_t heard_count_ = 0;
    bool moving_ = false;    // a source's gain
    dsp::GainGlides pairs_;  // lane: pair of loudspeakers
    dsp::MonitorCheck check_;
    Planar left_{}, right_{};
};

}  // namespace mixrig::engine
