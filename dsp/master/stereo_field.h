// Stereo field of the master chain: width of three bands, and mono below a frequency.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/master/crossover.h"
#include "dsp/master/on_off.h"
#include "dsp/master/pair.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>

namespace mixrig::dsp {

struct StereoFieldSettings {
    static constexpr std::size_t kBands = 3;
    std::array<Hertz, kBands - 1> splits{{{250.0}, {4000.0}}};  // 20..20000 Hz, ascending
    std::array<double, kBands> width{1.0, 1.0, 1.0};            // 0 mono, 1 as it is, 2 wide
    Hertz mono_below{0.0};                                      // 20..500 Hz; 0 is off
    bool on = false;
};

// In every band side = width * side, and mid stays: so does what a mono sum hears, and the place
// and level of what stands in the centre. Mono below: the side passes a high-pass of 24 dB an
// octave, 6 dB down at the frequency (the upper half of a split of crossover.h). Mid passes the
// same all-passes as side, so both stay in phase.
//
// Where every width is 1 that half is out, and so is the other at mono_below 0: the output is the
// input then, bit for bit. Linear: for parts of a mix another one that is set alike is run, and
// their outputs add up. No latency.
class StereoField {
public:
    explicit StereoField(Hertz rate);  // [control]

    // [audio, quantum boundary, before begin_quantum] Widths glide in 10 ms, frequencies in 0.2 s.
    void set(const StereoFieldSettings& settings, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;
    // [audio] Floats or doubles, in place; index 0 is the first frame of the quantum.
    template <typename Sample>
    void process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;
    std::size_t latency() const MIXRIG_REALTIME { return 0; }

private:
    static constexpr std::size_t kBands = StereoFieldSettings::kBands;

    // One half of the unit: the side of each band times a width that glides.
    struct Half {
        Half(Hertz rate, std::size_t bands);  // [control]
        void begin_quantum() MIXRIG_REALTIME;
        void process(PairBlock& x, Slice slice) MIXRIG_REALTIME;
        void reset() MIXRIG_REALTIME;

        std::size_t bands;
        Crossover crossover;
        GainGlides widths;
        OnOff on_off;
        bool wanted = false;
    };
    static void switch_half(Half& half, bool on, Change change) MIXRIG_REALTIME;

    Half mono_, width_;
};

}  // namespace mixrig::dsp
