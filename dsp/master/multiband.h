// Multiband compressor of the master chain: three to five bands, each a compressor.
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
#include <cstdint>
#include <vector>

namespace mixrig::dsp {

// What a band listens to and turns down: both sides by the louder one, or mid or side alone.
enum class BandMode : std::uint8_t { stereo, mid, side };

struct MultibandBand {
    Decibels threshold{0.0};       // -60..0 dB, of the band
    double ratio = 1.0;            // 1..100; 100 and above is infinite
    Decibels knee{6.0};            // width, half of it on either side of the threshold; 0..24 dB
    Seconds attack{0.010};         // to 63 % of a step of reduction in dB; 0.1 ms..0.5 s
    Seconds release{0.100};        // likewise; 5 ms..5 s
    Decibels makeup{0.0};          // -24..24 dB, of what the mode turns down
    Decibels max_reduction{60.0};  // 0..60 dB
    BandMode mode = BandMode::stereo;
    bool muted = false;
    bool soloed = false;  // if any band is, only those are heard
};

struct MultibandSettings {
    static constexpr std::size_t kMostBands = Crossover::kMostSplits + 1;
    std::size_t bands = 4;                                                             // 3..5
    std::array<Hertz, kMostBands - 1> splits{{{120.0}, {600.0}, {3000.0}, {8000.0}}};  // ascending
    std::array<MultibandBand, kMostBands> band{};
    bool on = false;
};

// y = sum over bands of gain * band, crossovers as crossover.h has them: without reduction the sum
// is an all-pass.
//
// Level L of a band in dB: its largest magnitude over the last one to two half periods of the
// band's lower edge (20 Hz for the lowest), so a steady sine of the band reads its peak without
// ripple. Reduction in dB, with o = L - threshold, s = 1 - 1 / ratio, k = knee:
//     0 for o <= -k/2;  s (o + k/2)^2 / (2k) up to o = k/2;  s * o above; at most max_reduction
// It is smoothed in dB by attack and release, anew every fourth frame; the gain moves linearly
// between. No look-ahead, no latency.
//
// A stem follows the mix: another Multiband that is set alike at the same boundaries runs
// follow() with the gains of the mix. Followers of parts that add up to the mix add up to its
// output.
class Multiband {
public:
    static constexpr std::size_t kMostBands = MultibandSettings::kMostBands;

    // What was done to each band at each frame of the quantum: left = direct * left + cross *
    // right, and the other way round.
    struct Gains {
        struct Band {
            std::array<double, kQuantum> direct{}, cross{};
        };
        std::array<Band, kMostBands> band;
    };

    explicit Multiband(Hertz rate);  // [control]

    // [audio, quantum boundary, before begin_quantum] All glide in 10 ms, splits in 0.2 s; attack
    // and release count at once. A change of the number of bands fades through the input.
    void set(const MultibandSettings& settings, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    // [audio] Floats or doubles, in place; index 0 is the first frame of the quantum. Off, the
    // output is the input.
    template <typename Sample>
    void process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME;
    const Gains& gains() const MIXRIG_REALTIME { return gains_; }  // of the last process()
    template <typename Sample>
    void follow(Sample* left, Sample* right, Slice slice, const Gains& gains) MIXRIG_REALTIME;

    void reset() MIXRIG_REALTIME;
    std::size_t latency() const MIXRIG_REALTIME { return 0; }

    // The largest reduction of a band since clear_meters(), as positive dB, without makeup.
    Decibels reduction(std::size_t band) const MIXRIG_REALTIME { return {bands_[band].deepest}; }
    void clear_meters() MIXRIG_REALTIME;

private:
    enum Lane : std::size_t { threshold, slope, knee, most, makeup, mid, side, heard };

    struct Band {
        GainGlides glides;
        double attack = 1.0, release = 1.0;  // shares of the way in a tick
        BandMode mode = BandMode::stereo;
        double peak = 0.0, last_peak = 0.0;  // of the running half period and the one before
        std::size_t left_in_chunk = 0;
        double reduction = 0.0, deepest = 0.0;  // dB
        double gain = 1.0, step = 0.0;          // at the last frame of the tick; a frame
    };

    void set_band(std::size_t k, const MultibandSettings& settings, Change change) MIXRIG_REALTIME;
    void clear() MIXRIG_REALTIME;
    template <typename Sample>
    void split(const Sample* left, const Sample* right, Slice slice) MIXRIG_REALTIME;
    template <typename Sample>
    void join(Sample* left, Sample* right, Slice slice, const Gains& gains) MIXRIG_REALTIME;
    void measure(std::size_t k, Slice slice) MIXRIG_REALTIME;
    void tick(Band& band, std::size_t frame) MIXRIG_REALTIME;
    void tell(std::size_t k, Slice slice) MIXRIG_REALTIME;
    std::size_t chunk(std::size_t k) const MIXRIG_REALTIME;

    double rate_;
    Crossover crossover_;
    OnOff on_off_;
    std::size_t count_ = 4, wanted_count_ = 4;
    bool wanted_on_ = false;
    std::vector<Band> bands_;
    std::array<PairBlock, kMostBands> split_{};
    Gains gains_;
};

}  // namespace mixrig::dsp
