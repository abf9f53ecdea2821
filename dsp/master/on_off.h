// Whether a block of the master chain is on: a weight between its input and its output.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <cstddef>

namespace mixrig::dsp {

// Switched on, a block first computes unheard for a while, so that filters and delays are in swing
// when the crossfade of kGlideTime begins. Off it computes nothing.
class OnOff {
public:
    OnOff(Hertz rate, Seconds settle);  // [control]

    // At a quantum boundary, before begin_quantum. True: the block begins to compute, and must
    // clear what it remembers.
    [[nodiscard]] bool set(bool on, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    // The output is the input: nothing needs to be computed.
    bool is_off() const MIXRIG_REALTIME { return !wanted_ && weight_.idle() && at_zero(); }
    // The output is what the block makes of it.
    bool is_on() const MIXRIG_REALTIME { return weight_.idle() && !at_zero(); }

    // Share of the block's output at this frame of the quantum.
    double weight(std::size_t frame) const MIXRIG_REALTIME;

private:
    bool at_zero() const MIXRIG_REALTIME { return weight_.value(0) == 0.0f; }

    GainGlides weight_;
    std::size_t settle_;
    std::size_t unheard_ = 0;  // quanta until the crossfade
    bool wanted_ = false;
};

}  // namespace mixrig::dsp
