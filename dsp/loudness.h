// How loud lanes are: mean squares through the weighting of ITU-R BS.1770.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/svf.h"
#include "dsp/units.h"

#include <array>

namespace mixrig::dsp {

// The two filters of ITU-R BS.1770-4, annex 1, as analogue prototypes: a high shelf of 4 dB with
// the poles at 1682 Hz (Q 0.7072), which is this shelf of R. Bristow-Johnson's form at 1682 /
// sqrt(A) Hz, and a high-pass at 38.1 Hz (Q 0.5003).
std::array<SvfLane, 2> design_k_weighting(Hertz rate);

// Sums since they were last cleared; divide by the frames.
struct LoudnessSums {
    LaneFloats square;
    LaneFloats cross;  // of a lane times its neighbour: the pair's sides into one
};

class LoudnessBank {
public:
    explicit LoudnessBank(Hertz rate);  // [control]

    // At a quantum boundary: whether this lane is listened to.
    void set(std::size_t lane, bool on) MIXRIG_REALTIME;
    LaneMask active() const MIXRIG_REALTIME { return active_; }
    // `x` stays as it is; `scratch` is written over.
    void listen(const float* x, BankBlock& scratch, Slice slice, LaneMask lanes) MIXRIG_REALTIME;
    const LoudnessSums& sums() const MIXRIG_REALTIME { return sums_; }
    void clear() MIXRIG_REALTIME { sums_ = {}; }
    void reset(LaneMask lanes) MIXRIG_REALTIME;

private:
    std::array<SvfBank, 2> weighting_;
    std::array<SvfLane, 2> design_;
    LoudnessSums sums_;
    LaneMask active_ = kNoLanes;
};

}  // namespace mixrig::dsp
