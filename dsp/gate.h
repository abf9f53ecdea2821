// A noise gate with hysteresis and hold, or a downward expander, for 16 lanes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/detector.h"
#include "dsp/detector_glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace mixrig::dsp {

enum class GateMode : std::uint8_t { gate, expander };

struct GateSettings {
    GateMode mode = GateMode::gate;
    Decibels threshold{-40.0};  // a gate opens here and closes 3 dB below
    double ratio = 2.0;         // of the expander: dB of output per dB of input below the threshold
    Decibels range{60.0};       // the most it attenuates
    Seconds attack{0.001};      // opening
    Seconds hold{0.050};
    Seconds release{0.100};  // closing
    bool on = false;
};

// Levels and reductions are in log2 of amplitude (6.02 dB). The default is the identity.
struct GateLane {
    float threshold = 0.0f;
    float hysteresis = 0.0f;  // how far below the threshold an open gate closes
    float slope = 0.0f;       // of the expander, ratio - 1
    float range = 0.0f;
    float expand = 0.0f;  // 0 is a gate, 1 an expander
    float attack = 1.0f;  // share of the way covered in a tick
    float release = 1.0f;
    float hold = 0.0f;  // in ticks
    float wet = 0.0f;   // gain of the gated part
    float dry = 1.0f;
    float on = 0.0f;
    friend bool operator==(const GateLane&, const GateLane&) = default;
};
static_assert(std::is_trivially_copyable_v<GateLane> && sizeof(GateLane) <= 12 * sizeof(float));

GateLane design_gate(const GateSettings& settings, Hertz rate);

struct GateState {
    DetectorState detector;
    LaneFloats open;       // 1 or 0; of an expander: 1 until the hold is over
    LaneFloats hold;       // ticks left
    LaneFloats reduction;  // smoothed, log2, not below 0
    LaneFloats remainder;  // what rounding cost `reduction`; without it slow releases stop early
    LaneFloats gain;       // three frames after the last tick
    LaneFloats gain_step;  // per frame until then
    LaneFloats deepest;    // largest reduction since the meters were cleared
};

class GateBank {
public:
    explicit GateBank(Hertz rate);

    // A lane that is switched on with Change::glide begins open, so that a sounding signal has no
    // hole; one that is set with Change::jump, and one that was reset, begins closed, as after
    // endless silence.
    void set(std::size_t lane, const GateLane& goal, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;
    // Lanes that are not in `lanes` or not active keep their samples and their state, bit for bit.
    // Linked lanes must be in `lanes` both or neither.
    void process(float* x, Slice slice, LaneMask lanes, const Sidechain& sidechain) MIXRIG_REALTIME;
    void reset(LaneMask lanes) MIXRIG_REALTIME;
    void take_lane(std::size_t to, const GateBank& other, std::size_t from) MIXRIG_REALTIME;
    LaneMask active() const MIXRIG_REALTIME { return active_; }

    // Lanes that are closed as far as silence closes them (within 0.01 dB) and do not glide.
    // reset() puts a lane into exactly that state.
    LaneMask at_rest() const MIXRIG_REALTIME;

    // The largest reduction since clear_meters(), as positive dB; 0 where not active.
    LaneFloats reduction_dB() const MIXRIG_REALTIME;
    void clear_meters() MIXRIG_REALTIME;

    // The definition that process() is tested against.
    void process_scalar(float* x, Slice slice, LaneMask lanes, const Sidechain& sidechain)
        MIXRIG_REALTIME;

private:
    void wake(std::size_t lane, const GateLane& goal, Change change) MIXRIG_REALTIME;
    void leave(std::size_t lane) MIXRIG_REALTIME;
    void rest(std::size_t lane, float reduction) MIXRIG_REALTIME;

    LaneGlide<GateLane> glide_;
    GateState state_;
    std::size_t chunk_;
    LaneMask active_ = kNoLanes;
};

}  // namespace mixrig::dsp
