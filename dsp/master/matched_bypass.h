// Bypass of a block, or of a whole chain, that is as loud as what it bypasses.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/oversample.h"
#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/loudness.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

struct MatchedBypassSettings {
    bool bypassed = false;
    bool matched = true;  // false: the bypassed signal is left as loud as it is
};

// Listens to what goes into a block and to what comes out, weighted as ITU-R BS.1770 has it. Both
// mean squares, of the sides together, are averaged over 3 s (a one-pole); moments in which both
// are below -70 LUFS do not count. In LUFS, with loudness as there:
//     difference = loudness(after) - loudness(before), from -24 to 24 dB
// Bypassed, the output is the input, as late as the block is, times that gain; a crossfade of 10 ms
// leads there and back. The gain itself moves smoothly. It starts at 0 dB, as if both had been at
// -60 LUFS. The block has to go on working while it is bypassed.
class MatchedBypass {
public:
    // [control] `latency` in frames, of the block.
    MatchedBypass(Hertz rate, std::size_t latency);

    // [audio, quantum boundary, before begin_quantum]
    void set(const MatchedBypassSettings& settings, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    // [audio] The input of the block for this slice, floats or doubles; index 0 is the first frame
    // of the quantum.
    template <typename Sample>
    void remember(const Sample* left, const Sample* right, Slice slice) MIXRIG_REALTIME;
    // [audio] The output of the block for the same slice, in place; bit for bit what it was while
    // nothing is bypassed.
    template <typename Sample>
    void process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME;

    // [audio] In place of process(), for a part of a mix: by the gains of `leader`, which heard the
    // mix, is set alike and has had this slice before.
    template <typename Sample>
    void follow(Sample* left, Sample* right, Slice slice, const MatchedBypass& leader)
        MIXRIG_REALTIME;

    // As measured until the last quantum boundary.
    Decibels difference() const MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;

private:
    enum Lane : std::size_t { dry, match };

    void learn() MIXRIG_REALTIME;
    double ratio() const MIXRIG_REALTIME;

    std::size_t latency_;
    std::array<BasicSampleLine<double>, 2> past_;
    std::array<std::array<double, kQuantum>, 2> delayed_{};
    BankBlock heard_, scratch_;  // lanes 0, 1 before and 2, 3 after the block
    std::size_t frames_ = 0;     // in heard_
    LoudnessBank loudness_;
    GainGlides glides_;
    double share_;  // of a quantum in the average
    double before_, after_;
    bool matched_ = true;
};

}  // namespace mixrig::dsp
