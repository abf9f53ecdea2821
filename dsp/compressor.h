// A feed-forward compressor for 16 lanes: gain computer in dB with a quadratic knee, smoothed in
// dB.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/detector.h"
#include "dsp/detector_glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <cstddef>
#include <type_traits>

namespace mixrig::dsp {

struct CompressorSettings {
    Decibels threshold{0.0};
    double ratio = 1.0;  // 100 and above is a limiter: infinite
    Decibels knee{0.0};  // width, half of it on either side of the threshold
    Seconds attack{0.010};
    Seconds release{0.100};
    Decibels makeup{0.0};
    double mix = 1.0;  // 0 is dry, 1 compressed
    Decibels max_reduction{200.0};
    Detector detector = Detector::peak;
    bool on = false;
};

// Levels and reductions are in log2 of amplitude (6.02 dB). The default is the identity.
struct CompressorLane {
    float threshold = 0.0f;
    float slope = 0.0f;  // reduction per level above the threshold, 1 - 1/ratio
    float knee = 0.0f;
    float max_reduction = 0.0f;
    float attack = 1.0f;  // share of the way covered in a tick
    float release = 1.0f;
    float rms = 0.0f;  // 0 listens to the peak, 1 to the RMS
    float wet = 0.0f;  // gain of the compressed part, makeup included
    float dry = 1.0f;
    float on = 0.0f;
    friend bool operator==(const CompressorLane&, const CompressorLane&) = default;
};
static_assert(std::is_trivially_copyable_v<CompressorLane> &&
              sizeof(CompressorLane) <= 12 * sizeof(float));

CompressorLane design_compressor(const CompressorSettings& settings, Hertz rate);

struct CompressorState {
    DetectorState detector;
    LaneFloats reduction;  // smoothed, log2, not below 0
    LaneFloats remainder;  // what rounding cost `reduction`; without it slow releases stop early
    LaneFloats gain;       // three frames after the last tick
    LaneFloats gain_step;  // per frame until then
    LaneFloats deepest;    // largest reduction since the meters were cleared
};

class CompressorBank {
public:
    explicit CompressorBank(Hertz rate);

    void set(std::size_t lane, const CompressorLane& goal, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;
    // Lanes that are not in `lanes` or not active keep their samples and their state, bit for bit.
    // Linked lanes must be in `lanes` both or neither.
    void process(float* x, Slice slice, LaneMask lanes, const Sidechain& sidechain) MIXRIG_REALTIME;
    void reset(LaneMask lanes) MIXRIG_REALTIME;
    void take_lane(std::size_t to, const CompressorBank& other, std::size_t from) MIXRIG_REALTIME;
    LaneMask active() const MIXRIG_REALTIME { return active_; }

    // Lanes that reduce by less than 0.01 dB and do not glide: in silence nothing more would
    // happen.
    LaneMask at_rest() const MIXRIG_REALTIME;

    // The largest reduction since clear_meters(), as positive dB, without makeup; 0 where not
    // active.
    LaneFloats reduction_dB() const MIXRIG_REALTIME;
    void clear_meters() MIXRIG_REALTIME;

    // The definition that process() is tested against.
    void process_scalar(float* x, Slice slice, LaneMask lanes, const Sidechain& sidechain)
        MIXRIG_REALTIME;

private:
    void wake(std::size_t lane) MIXRIG_REALTIME;
    void leave(std::size_t lane) MIXRIG_REALTIME;
    void clear(std::size_t lane) MIXRIG_REALTIME;

    LaneGlide<CompressorLane> glide_;
    CompressorState state_;
    std::size_t chunk_;
    LaneMask active_ = kNoLanes;
};

}  // namespace mixrig::dsp
