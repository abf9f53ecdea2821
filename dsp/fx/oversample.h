// Two to sixteen times the sampling rate and back, by linear-phase filters.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <cstddef>
#include <vector>

namespace mixrig::dsp {

// The newest block of a signal and what came before it, in one piece of memory.
template <typename Sample>
class BasicSampleLine {
public:
    BasicSampleLine(std::size_t past, std::size_t block);  // [control]

    // [audio] Where the newest block is written; newest()[-1] is the sample before it, down to
    // newest()[-past].
    Sample* newest() MIXRIG_REALTIME { return samples_.data() + past_; }
    const Sample* newest() const MIXRIG_REALTIME { return samples_.data() + past_; }

    // [audio] The block of `count` samples becomes past.
    void advance(std::size_t count) MIXRIG_REALTIME;
    void clear() MIXRIG_REALTIME;

private:
    std::size_t past_;
    std::vector<Sample> samples_;
};
using SampleLine = BasicSampleLine<float>;

// Every doubling is a polyphase FIR filter, a windowed sinc after J. F. Kaiser (1974), of 108 dB:
//     up    half-bands: flat to 20/48 of the base rate, images 100 dB down.
//     down  half-bands too, except the last: its stopband begins at half the base rate, so nothing
//           folds back, where a half-band would let through what lies just above.
// Flat within 0.01 dB up to 20/48 of the base rate (20 kHz at 48 kHz), what would fold and the
// images of what lies in the passband 100 dB down. At 44.1 kHz the passband ends at 18.4 kHz.
//
// Samples are float, or double where sums of many signals are to be the signal of the sum.
template <typename Sample>
class BasicOversampler {
public:
    // [control] `factor` is 2, 4, 8 or 16. `inner` is the delay, in frames of the high rate, of
    // what stands between up() and down(); it is part of latency().
    BasicOversampler(std::size_t factor, std::size_t channels, std::size_t inner);

    std::size_t factor() const MIXRIG_REALTIME { return factor_; }

    // Frames of the base rate from up() through `inner` to down(), exactly: 64 for one doubling,
    // then 72, 74 and 75, if `inner` is at most 1.
    std::size_t latency() const MIXRIG_REALTIME { return latency_; }

    // [audio] Up to kQuantum frames of a channel; `high` holds factor() times as many. The samples
    // do not depend on how a signal is cut into calls.
    void up(std::size_t channel, const Sample* x, std::size_t frames, Sample* high) MIXRIG_REALTIME;
    void down(std::size_t channel, const Sample* high, std::size_t frames, Sample* y)
        MIXRIG_REALTIME;

    void reset() MIXRIG_REALTIME;

private:
    using Line = BasicSampleLine<Sample>;

    // Taps that follow each other, the first one `delay` samples back.
    struct Taps {
        std::vector<Sample> weights;
        std::size_t delay;
        void filter(const Sample* newest, Sample* y, std::size_t count) const MIXRIG_REALTIME;
    };
    // One doubling: the taps that meet even and odd samples of the higher rate.
    struct Filter {
        Taps even, odd;
        std::size_t length;
        std::size_t past() const;
    };
    struct Lines {
        std::vector<Line> up, even, odd;  // a line each doubling
        Line pad;
    };

    static Filter half_band(double passband, double gain, std::size_t odd_late);
    static Filter low_pass();

    std::size_t factor_, latency_ = 0, pad_ = 0;
    std::vector<Filter> up_, down_;  // lowest rate first
    std::vector<Lines> channels_;
    std::vector<Sample> work_, even_, odd_;
};
using Oversampler = BasicOversampler<float>;

}  // namespace mixrig::dsp
