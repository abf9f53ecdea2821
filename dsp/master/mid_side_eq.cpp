// Equaliser of the master chain: eight bands, each on both sides, on mid or on side.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/mid_side_eq.h"

#include <algorithm>

namespace mixrig::dsp {
namespace {

// Coefficient k of mid and side at the quantum's start, or its step.
Pair pair_of(const std::array<LaneFloats, SvfState::kCoefficients>& of, std::size_t k)
    MIXRIG_REALTIME {
    return Pair{static_cast<double>(of[k][0]), static_cast<double>(of[k][1])};
}

}  // namespace

MidSideEqDesign design_mid_side_eq(const MidSideEqSettings& settings, Hertz rate) {
    MidSideEqDesign design;
    std::vector<EqBand> used[2];
    if (!settings.on) return design;
    for (std::size_t b = 0; b < MidSideEqSettings::kBands; ++b) {
        const MidSideBand& band = settings.band[b];
        if (!band.on) continue;
        const SvfLane section = design_eq_band(band.curve, rate);
        for (std::size_t lane = 0; lane < 2; ++lane) {
            if (band.place == (lane == 0 ? Place::side : Place::mid)) continue;
            design.section[b][lane] = section;
            used[lane].push_back(band.curve);
        }
    }
    for (std::size_t lane = 0; lane < 2; ++lane)
        design.section[MidSideEqSettings::kBands][lane] = design_touch_up(used[lane], rate);
    return design;
}

MidSideEq::MidSideEq(Hertz rate)
    : sections_(MidSideEqDesign::kSections, Section{.coefficients = SvfBank(rate)}) {}

// The touch-up takes as long as the bands that it makes up for.
void MidSideEq::set(const MidSideEqDesign& design, Change change) MIXRIG_REALTIME {
    for (std::size_t k = 0; k < sections_.size(); ++k)
        for (std::size_t lane = 0; lane < 2; ++lane)
            sections_[k].coefficients.set(lane, design.section[k][lane], change);
    for (const Section& band : sections_)
        for (std::size_t lane = 0; lane < 2; ++lane)
            sections_.back().coefficients.glide_with(lane, band.coefficients);
}

void MidSideEq::begin_quantum() MIXRIG_REALTIME {
    for (Section& section : sections_) {
        section.coefficients.begin_quantum();
        const LaneMask active = section.coefficients.active();
        // What has glided to the identity forgets what it heard.
        const Pair kept{active & kMid ? 1.0 : 0.0, active & kSide ? 1.0 : 0.0};
        if ((active & kMidAndSide) == kMidAndSide) continue;
        section.s1 *= kept;
        section.s2 *= kept;
    }
}

template <typename Sample>
void MidSideEq::process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME {
    const auto active = [](const Section& section) {
        return (section.coefficients.active() & kMidAndSide) != kNoLanes;
    };
    if (std::none_of(sections_.begin(), sections_.end(), active)) return;
    PairBlock x;
    load_mid_side(left, right, slice, x);
    for (Section& section : sections_)
        if (active(section)) filter(section, x, slice);
    store_mid_side(x, left, right, slice);
}

// The delta form of svf.h. A lane at the identity has no taps and leaves x as it is.
void MidSideEq::filter(Section& section, PairBlock& x, Slice slice) MIXRIG_REALTIME {
    const SvfState& state = section.coefficients.state();
    Pair at[SvfState::kCoefficients], step[SvfState::kCoefficients];
    for (std::size_t k = 0; k < SvfState::kCoefficients; ++k) {
        step[k] = pair_of(state.step, k);
        at[k] = pair_of(state.c, k);
    }
    Pair s1 = section.s1, s2 = section.s2;
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const auto frame = static_cast<double>(n);
        Pair c[SvfState::kCoefficients];
        for (std::size_t k = 0; k < SvfState::kCoefficients; ++k) c[k] = at[k] + frame * step[k];
        const Pair in = x.at[n], v = in - s2;
        const Pair change1 = c[0] * v - c[2] * s1, change2 = c[1] * v + c[0] * s1;
        x.at[n] = c[3] * in + c[4] * s1 + c[5] * v;
        s1 += change1;
        s2 += change2;
    }
    section.s1 = s1;
    section.s2 = s2;
}

void MidSideEq::reset() MIXRIG_REALTIME {
    for (Section& section : sections_) {
        section.coefficients.reset(kMidAndSide);
        section.s1 = section.s2 = Pair{};
    }
}

template void MidSideEq::process(float*, float*, Slice);
template void MidSideEq::process(double*, double*, Slice);

}  // namespace mixrig::dsp
