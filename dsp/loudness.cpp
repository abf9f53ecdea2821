// K-weighted sums of squares.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/loudness.h"

#include "dsp/design.h"

#include <cmath>
#include <cstring>

namespace mixrig::dsp {

std::array<SvfLane, 2> design_k_weighting(Hertz rate) {
    constexpr Decibels kShelf{3.999843853973347};
    const double root = std::pow(10.0, kShelf.value / 80.0);  // sqrt(A), A = 10^(dB / 40)
    return {design_eq(FilterType::high_shelf, {1681.974450955533 / root}, 0.7071752369554196,
                      kShelf, rate),
            design_eq(FilterType::hpf, {38.13547087602444}, 0.5003270373238773, {0.0}, rate)};
}

LoudnessBank::LoudnessBank(Hertz rate)
    : weighting_{SvfBank(rate), SvfBank(rate)}, design_(design_k_weighting(rate)) {}

void LoudnessBank::set(std::size_t lane, bool on) MIXRIG_REALTIME {
    if (on == ((active_ & lane_bit(lane)) != 0)) return;
    active_ = static_cast<LaneMask>(active_ ^ lane_bit(lane));
    for (std::size_t i = 0; i < weighting_.size(); ++i)
        weighting_[i].set(lane, on ? design_[i] : kSvfIdentity, Change::jump);
}

void LoudnessBank::listen(const float* x, BankBlock& scratch, Slice slice, LaneMask lanes)
    MIXRIG_REALTIME {
    const auto run = static_cast<LaneMask>(lanes & active_);
    if (run == kNoLanes) return;
    std::memcpy(scratch.at(slice.first), x + slice.first * kLanes,
                slice.count * kLanes * sizeof(float));
    svf_process(weighting_, scratch.x, slice, run);
    LoudnessSums now;
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const float* frame = scratch.at(n);
        for (std::size_t lane = 0; lane < kLanes; ++lane) {
            now.square[lane] += frame[lane] * frame[lane];
            now.cross[lane] += frame[lane] * frame[lane ^ 1u];
        }
    }
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (!(run & lane_bit(lane))) continue;
        sums_.square[lane] += now.square[lane];
        sums_.cross[lane] += now.cross[lane];
    }
}

void LoudnessBank::reset(LaneMask lanes) MIXRIG_REALTIME {
    for (SvfBank& section : weighting_) section.reset(lanes);
}

}  // namespace mixrig::dsp
