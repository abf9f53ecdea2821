// Crossovers of fourth order whose bands add up to an all-pass.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/crossover.h"

#include "dsp/fx/lfo.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace mixrig::dsp {
namespace {

constexpr double kDamping = std::numbers::sqrt2;  // Butterworth's
constexpr double kHighest = 0.45;                 // of the rate
constexpr double kUsual = 1000.0;

}  // namespace

Crossover::Crossover(Hertz rate)
    : rate_(rate.value), octaves_(sweep_quanta(rate), static_cast<float>(std::log2(kUsual))) {
    for (std::size_t k = 0; k < kMostSplits; ++k) set(k, {kUsual}, Change::jump);
}

void Crossover::set(std::size_t split, Hertz frequency, Change change) MIXRIG_REALTIME {
    const double within = std::clamp(frequency.value, 10.0, kHighest * rate_);
    octaves_.set(split, static_cast<float>(std::log2(within)), change);
    if (change == Change::jump) splits_[split].from = splits_[split].to = weights(split);
}

Crossover::Weights Crossover::weights(std::size_t split) const MIXRIG_REALTIME {
    const double g = std::tan(std::numbers::pi * frequency(split).value / rate_);
    const double a1 = 1.0 / (1.0 + g * (g + kDamping));
    return {.a1 = a1, .a2 = g * a1, .a3 = g * g * a1};
}

Hertz Crossover::frequency(std::size_t split) const MIXRIG_REALTIME {
    const double octaves = static_cast<double>(octaves_.value(split));
    return {std::min(std::exp2(octaves), kHighest * rate_)};
}

void Crossover::begin_quantum() MIXRIG_REALTIME {
    const LaneMask moving = octaves_.moving();
    if (moving == kNoLanes) return;
    octaves_.begin_quantum();
    for (std::size_t k = 0; k < kMostSplits; ++k) {
        if (!(moving & lane_bit(k))) continue;
        splits_[k].from = splits_[k].to;
        splits_[k].to = weights(k);
    }
}

namespace {

// The weights over a quantum, linear between its ends.
template <typename Weights>
struct Line {
    Weights start, step;
    Weights at(std::size_t frame) const MIXRIG_REALTIME {
        const auto n = static_cast<double>(frame);
        return {.a1 = start.a1 + n * step.a1,
                .a2 = start.a2 + n * step.a2,
                .a3 = start.a3 + n * step.a3};
    }
};

template <typename Weights>
Line<Weights> line(const Weights& from, const Weights& to) MIXRIG_REALTIME {
    constexpr double kShare = 1.0 / static_cast<double>(kQuantum);
    return {.start = from,
            .step = {.a1 = kShare * (to.a1 - from.a1),
                     .a2 = kShare * (to.a2 - from.a2),
                     .a3 = kShare * (to.a3 - from.a3)}};
}

struct Taps {
    Pair band, low;
};

template <typename Weights>
Taps filter(Pair x, const Weights& w, Pair& s1, Pair& s2) MIXRIG_REALTIME {
    const Pair v3 = x - s2;
    const Pair v1 = w.a1 * s1 + w.a2 * v3;
    const Pair v2 = s2 + w.a2 * s1 + w.a3 * v3;
    s1 = 2.0 * v1 - s1;
    s2 = 2.0 * v2 - s2;
    return {.band = v1, .low = v2};
}

}  // namespace

void Crossover::split(std::size_t k, PairBlock& x, PairBlock& low, Slice slice) MIXRIG_REALTIME {
    Split& split = splits_[k];
    const auto weights_at = line(split.from, split.to);
    Section first = split.first, second = split.second;
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const Weights w = weights_at.at(n);
        const Taps once = filter(x.at[n], w, first.s1, first.s2);
        const Taps twice = filter(once.low, w, second.s1, second.s2);
        low.at[n] = twice.low;
        x.at[n] = (x.at[n] - 2.0 * kDamping * once.band) - twice.low;
    }
    split.first = first;
    split.second = second;
}

void Crossover::join(std::size_t k, std::size_t bands, PairBlock& x, Slice slice) MIXRIG_REALTIME {
    if (k + 1 >= bands) return;
    Split& split = splits_[k];
    const auto weights_at = line(split.from, split.to);
    Section section = split.all_pass;
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const Taps taps = filter(x.at[n], weights_at.at(n), section.s1, section.s2);
        x.at[n] -= 2.0 * kDamping * taps.band;
    }
    split.all_pass = section;
}

void Crossover::clear() MIXRIG_REALTIME {
    for (Split& split : splits_) split.first = split.second = split.all_pass = {};
}

void Crossover::reset() MIXRIG_REALTIME {
    clear();
    for (std::size_t k = 0; k < kMostSplits; ++k) {
        octaves_.set(k, octaves_.goal(k), Change::jump);
        splits_[k].from = splits_[k].to = weights(k);
    }
}

}  // namespace mixrig::dsp
