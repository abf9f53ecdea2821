// Checks cross over; filters are sections of the usual kind.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/monitor_check.h"

#include "dsp/design.h"
#include "dsp/fx/lfo.h"

#include <span>

namespace mixrig::dsp {
namespace {

constexpr LaneMask kSmallLanes = 0x3, kBandLanes = 0xc;

}  // namespace

MonitorCheck::MonitorCheck(Hertz rate)
    : weights_(glide_quanta(rate), 0.0f),
      filters_{SvfBank(rate), SvfBank(rate), SvfBank(rate), SvfBank(rate)} {
    weights_.set(0, 1.0f, Change::jump);
    const std::array small = {design_hpf({150.0}, Slope::dB12, rate)[0],
                              design_lpf({8000.0}, Slope::dB12, rate)[0],
                              design_eq(FilterType::bell, {1500.0}, 0.7, {4.0}, rate)};
    const auto low = design_hpf({300.0}, Slope::dB24, rate);
    const auto high = design_lpf({3400.0}, Slope::dB24, rate);
    const std::array band = {low[0], low[1], high[0], high[1]};
    for (std::size_t side = 0; side < 2; ++side) {
        for (std::size_t s = 0; s < small.size(); ++s)
            filters_[s].set(side, small[s], Change::jump);
        for (std::size_t s = 0; s < band.size(); ++s)
            filters_[s].set(2 + side, band[s], Change::jump);
    }
    for (SvfBank& section : filters_) section.begin_quantum();
}

void MonitorCheck::set(Check check, bool mono, Change change) MIXRIG_REALTIME {
    for (std::size_t c = 0; c < kChecks; ++c) {
        const float weight = static_cast<std::size_t>(check) == c ? 1.0f : 0.0f;
        if (change == Change::jump || weights_.goal(c) != weight) weights_.set(c, weight, change);
    }
    const float share = mono ? 1.0f : 0.0f;
    if (change == Change::jump || weights_.goal(kMono) != share) weights_.set(kMono, share, change);
}

bool MonitorCheck::sounds(Check check) const MIXRIG_REALTIME {
    const auto lane = static_cast<std::size_t>(check);
    return (weights_.moving() & lane_bit(lane)) != 0 || weights_.goal(lane) != 0.0f;
}

bool MonitorCheck::active() const MIXRIG_REALTIME {
    return !weights_.idle() || weights_.goal(0) != 1.0f || weights_.goal(kMono) != 0.0f;
}

void MonitorCheck::begin_quantum() MIXRIG_REALTIME {
    if (!weights_.idle()) weights_.begin_quantum();
    const auto lanes =
        static_cast<LaneMask>((sounds(Check::small_speaker) ? kSmallLanes : kNoLanes) |
                              (sounds(Check::band_limited) ? kBandLanes : kNoLanes));
    // What a filter that was not used remembers is of long ago.
    const auto fresh = static_cast<LaneMask>(lanes & ~filtering_);
    if (fresh != kNoLanes)
        for (SvfBank& section : filters_) section.reset(fresh);
    filtering_ = lanes;
}

void MonitorCheck::reset() MIXRIG_REALTIME {
    for (SvfBank& section : filters_) section.reset(kAllLanes);
}

void MonitorCheck::filter(const float* left, const float* right, Slice slice) MIXRIG_REALTIME {
    for (std::size_t i = 0; i < slice.count; ++i) {
        float* lanes = block_.at(slice.first + i);
        lanes[0] = lanes[2] = left[i];
        lanes[1] = lanes[3] = right[i];
    }
    svf_process(std::span(filters_), block_.x, slice, filtering_);
}

void MonitorCheck::process(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    if (!active()) return;
    if (filtering_ != kNoLanes) filter(left, right, slice);
    std::array<Cubic, kChecks + 1> w;
    for (std::size_t c = 0; c < w.size(); ++c) w[c] = lane_curve(weights_, c);
    for (std::size_t i = 0; i < slice.count; ++i) {
        const std::size_t n = slice.first + i;
        const float* lanes = block_.at(n);
        const float middle = 0.5f * (left[i] + right[i]), side = 0.5f * (left[i] - right[i]);
        const float plain = w[0].at(n);
        const float both = w[1].at(n) * middle + w[2].at(n) * side;
        float l = plain * left[i] + both, r = plain * right[i] + both;
        if (filtering_ & kSmallLanes) {
            l += w[3].at(n) * lanes[0];
            r += w[3].at(n) * lanes[1];
        }
        if (filtering_ & kBandLanes) {
            l += w[4].at(n) * lanes[2];
            r += w[4].at(n) * lanes[3];
        }
        const float fold = w[kMono].at(n) * 0.5f * (r - l);
        left[i] = l + fold;
        right[i] = r - fold;
    }
}

}  // namespace mixrig::dsp
