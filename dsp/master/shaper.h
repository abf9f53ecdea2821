// What saturator and clipper share: up to a high rate, a gain for each sample, and down again.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/oversample.h"
#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/master/on_off.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <vector>

namespace mixrig::dsp {

inline constexpr std::size_t kMostOversampling = 16;

// f(x) / x of every sample of the high rate, of a quantum and two sides: frame n of the quantum has
// those from n * factor on.
struct ShaperGains {
    std::array<std::array<float, kMostOversampling * kQuantum>, 2> side{};
};

// The linear part, one for each signal that passes; its settings glide, and it is switched on and
// off. In double precision: what a drive of 24 dB makes of the rounding of floats would stand
// between stems and mix. Sixteen times the rate, from 64 kHz on eight times. On or off, the signal
// comes latency() later.
class Shaper {
public:
    // [control] `inner` is the delay, in samples of the high rate, of what is done between up() and
    // down().
    Shaper(Hertz rate, std::size_t inner);

    std::size_t factor() const MIXRIG_REALTIME { return oversampler_.factor(); }
    std::size_t latency() const MIXRIG_REALTIME { return oversampler_.latency(); }

    // [audio, quantum boundary] True: what is done between up() and down() begins anew.
    [[nodiscard]] bool set(bool on, Change change) MIXRIG_REALTIME;
    // [audio, quantum boundary] One of 16 values that glide in 10 ms; the block says which is what.
    void glide(std::size_t lane, double goal, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    using Frames = std::array<float, kQuantum>;
    // [audio] A value at each frame of a slice, and whether it is 0 in the whole quantum.
    Frames values(std::size_t lane, Slice slice) const MIXRIG_REALTIME;
    bool is_zero(std::size_t lane) const MIXRIG_REALTIME;

    // [audio] Floats or doubles, in place; index 0 is the first frame of the quantum. Off, delays
    // the slice and returns true; else up(), down() and finish() follow.
    template <typename Sample>
    bool passes(std::size_t side, Sample* x, Slice slice) MIXRIG_REALTIME;
    // [audio] The frames at the high rate, after the value of a lane each; to be changed in place
    // until down().
    template <typename Sample>
    double* up(std::size_t side, const Sample* x, std::size_t drive, Slice slice) MIXRIG_REALTIME;
    void down(std::size_t side, std::size_t count, double* y) MIXRIG_REALTIME;
    // [audio] The frames that were given to up(), latency() later.
    const double* dry() const MIXRIG_REALTIME { return dry_.data(); }
    // [audio] From y to x, or, while it is switched on or off, from between dry() and y.
    template <typename Sample>
    void finish(const double* y, Sample* x, Slice slice) const MIXRIG_REALTIME;

    void reset() MIXRIG_REALTIME;

private:
    template <typename Sample>
    void delay(std::size_t side, const Sample* x, std::size_t count) MIXRIG_REALTIME;

    BasicOversampler<double> oversampler_;
    OnOff on_off_;
    GainGlides glides_;
    bool wanted_ = false;
    std::array<BasicSampleLine<double>, 2> past_;
    std::array<double, kQuantum> dry_{}, driven_{};
    std::vector<double> high_;
};

}  // namespace mixrig::dsp
