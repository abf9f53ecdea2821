// Equaliser of the master chain: eight bands, each on both sides, on mid or on side.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/design.h"
#include "dsp/lanes.h"
#include "dsp/master/pair.h"
#include "dsp/realtime.h"
#include "dsp/svf.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace mixrig::dsp {

enum class Place : std::uint8_t { stereo, mid, side };

struct MidSideBand {
    EqBand curve;  // design.h; q from 0.1 to 100
    Place place = Place::stereo;
    bool on = false;
};

struct MidSideEqSettings {
    static constexpr std::size_t kBands = 8;
    std::array<MidSideBand, kBands> band{};
    bool on = false;
};

// What the audio thread needs to know: sections for mid and for side.
struct MidSideEqDesign {
    static constexpr std::size_t kSections = MidSideEqSettings::kBands + 1;  // and the touch-up
    std::array<std::array<SvfLane, 2>, kSections> section{};
};
static_assert(std::is_trivially_copyable_v<MidSideEqDesign>);

// [control] Magnitudes follow the analogue prototypes, as design.h says. A band that is off is the
// identity, and so are all if the equaliser is off.
MidSideEqDesign design_mid_side_eq(const MidSideEqSettings& settings, Hertz rate);

// Second-order sections of svf.h on mid and side, with states in double precision: a band of high
// quality at a low frequency loses nothing, and parts of a mix, each through an equaliser of its
// own that is set alike, add up. Where all sections are the identity the output is the input, bit
// for bit. No latency.
class MidSideEq {
public:
    explicit MidSideEq(Hertz rate);  // [control]

    // [audio, quantum boundary, before begin_quantum] Glides as svf.h has them, 10 ms and longer.
    void set(const MidSideEqDesign& design, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;
    // [audio] Floats or doubles, in place; index 0 is the first frame of the quantum.
    template <typename Sample>
    void process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;
    std::size_t latency() const MIXRIG_REALTIME { return 0; }

private:
    static constexpr LaneMask kMidAndSide = 0b11;
    static constexpr LaneMask kMid = 0b01, kSide = 0b10;

    struct Section {
        SvfBank coefficients;  // its lanes 0 and 1; the bank's own states are not used
        Pair s1{}, s2{};
    };
    static void filter(Section& section, PairBlock& x, Slice slice) MIXRIG_REALTIME;

    std::vector<Section> sections_;
};

}  // namespace mixrig::dsp
