// The limiter at the end of the master chain: dsp/limiter.h, switched like the other blocks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/oversample.h"
#include "dsp/lanes.h"
#include "dsp/limiter.h"
#include "dsp/limiter_follower.h"
#include "dsp/master/on_off.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

// Ceiling -24..0 dB, release 1 ms..1 s; on or off. What it does while it is on is in dsp/limiter.h;
// only while it is being switched, 10 ms, may the output pass the ceiling.
//
// A stem follows the mix: another MasterLimiter that is set alike at the same boundaries runs
// follow() with the gains of the mix. Followers of parts that add up to the mix add up to its
// output.
class MasterLimiter {
public:
    using Gains = LimiterGains;  // of a slice: index 0 is its first frame

    explicit MasterLimiter(Hertz rate);  // [control]

    // [audio, quantum boundary, before begin_quantum] A new ceiling glides in 10 ms; the release
    // counts at once.
    void set(const LimiterSettings& settings, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME { on_off_.begin_quantum(); }

    // [audio] Floats or doubles, in place; index 0 is the first frame of the quantum. Off, the
    // output is the input, latency() later, bit for bit.
    template <typename Sample>
    void process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME;
    const Gains& gains() const MIXRIG_REALTIME { return gains_; }  // of the last process()
    template <typename Sample>
    void follow(Sample* left, Sample* right, Slice slice, const Gains& gains) MIXRIG_REALTIME;

    void reset() MIXRIG_REALTIME;
    std::size_t latency() const MIXRIG_REALTIME { return limiter_.latency_frames(); }

    // The largest reduction since clear_meter(), as positive dB.
    Decibels reduction() const MIXRIG_REALTIME {
        return {static_cast<double>(limiter_.reduction_dB())};
    }
    void clear_meter() MIXRIG_REALTIME { limiter_.clear_meter(); }

private:
    Limiter limiter_;
    LimiterFollower past_;  // of the mix while it is off or being switched, and of a stem
    OnOff on_off_;
    bool wanted_ = false;
    Gains gains_;
};

}  // namespace mixrig::dsp
