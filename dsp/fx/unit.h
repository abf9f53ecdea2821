// An effect: a stereo processor of one bus or insert, chosen while the desk runs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

// What a unit is told: its parameters in plain units (dB, Hz, ms, 0..1), in the order of its rows
// in the table. Every unit says in its header what stands where; the rest is not looked at.
inline constexpr std::size_t kFxSettings = 12;
using FxSettings = std::array<float, kFxSettings>;

// A convolution computes blocks of so many frames, by which it is late.
inline constexpr std::size_t kConvolutionBlock = 256;

// The one interface of the dsp library that is chosen at run time: a call serves a whole slice of
// one bus, so it costs nothing beside what it does.
class FxUnit {
public:
    FxUnit() = default;
    virtual ~FxUnit() = default;
    FxUnit(const FxUnit&) = delete;
    FxUnit& operator=(const FxUnit&) = delete;

    // [audio, quantum boundary, before begin_quantum] Settings glide, or are there at once. They
    // are within the ranges of the table.
    virtual void set(const FxSettings& goal, Change change) MIXRIG_REALTIME = 0;
    virtual void begin_quantum() MIXRIG_REALTIME = 0;

    // [audio] In place. Index 0 is the first frame of the quantum; the slice lies within it. What
    // comes out does not depend on how a quantum is cut into slices.
    virtual void process(float* left, float* right, Slice slice) MIXRIG_REALTIME = 0;

    // [audio, once, before begin_quantum] Others will follow it: it keeps what it did in the slice
    // at work.
    virtual void tell() MIXRIG_REALTIME {}
    // [audio, once, before begin_quantum] For a part of a mix: from now on it does what `leader`
    // does, a unit of the same kind that hears the mix, is set alike and has had each quantum
    // before. What units make of parts that add up to the mix adds up to what `leader` makes of
    // it. A unit that is linear and keeps its own time at rest as well need not look.
    virtual void follow(const FxUnit& leader) MIXRIG_REALTIME { static_cast<void>(leader); }

    // [audio, quantum boundary] State to zero, glides to their goals.
    virtual void reset() MIXRIG_REALTIME = 0;

    // Frames by which a sound comes later through the unit than past it; fixed while it lives. A
    // pre-delay or an echo is none.
    virtual std::size_t latency() const MIXRIG_REALTIME { return 0; }

    // [audio, quantum boundary] With silence at the input, the output stays below -180 dB.
    virtual bool is_at_rest() const MIXRIG_REALTIME = 0;
};

}  // namespace mixrig::dsp
