// Bypass of a block, or of a whole chain, that is as loud as what it bypasses.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/matched_bypass.h"

#include "dsp/fx/lfo.h"

#include <algorithm>
#include <cmath>

namespace mixrig::dsp {
namespace {

constexpr Seconds kAverage{3.0};
constexpr double kMost = 15.848931924611133;  // 24 dB
// Sums of mean squares: 0 LUFS is 10^0.0691.
constexpr double kZeroLufs = 1.1724653045822963;
constexpr double kGate = 1e-7 * kZeroLufs;
constexpr double kBeginning = 1e-6 * kZeroLufs;
constexpr std::size_t kLanesUsed = 4;
constexpr LaneMask kHeard = 0b1111;

}  // namespace

MatchedBypass::MatchedBypass(Hertz rate, std::size_t latency)
    : latency_(latency),
      past_{BasicSampleLine<double>(latency, kQuantum), BasicSampleLine<double>(latency, kQuantum)},
      loudness_(rate),
      glides_(glide_quanta(rate), 0.0f),
      share_(-std::expm1(-static_cast<double>(kQuantum) / (kAverage.value * rate.value))),
      before_(kBeginning),
      after_(kBeginning) {
    for (std::size_t lane = 0; lane < kLanesUsed; ++lane) loudness_.set(lane, true);
    glides_.set(match, 1.0f, Change::jump);
}

void MatchedBypass::set(const MatchedBypassSettings& settings, Change change) MIXRIG_REALTIME {
    matched_ = settings.matched;
    glides_.set(dry, settings.bypassed ? 1.0f : 0.0f, change);
    glides_.set(match, matched_ ? static_cast<float>(ratio()) : 1.0f, change);
}

void MatchedBypass::begin_quantum() MIXRIG_REALTIME {
    if (frames_ > 0) learn();
    if (matched_) glides_.set(match, static_cast<float>(ratio()), Change::glide);
    glides_.begin_quantum();
}

// The quantum as a whole, so that it does not show in the sums how it was cut.
void MatchedBypass::learn() MIXRIG_REALTIME {
    loudness_.clear();
    loudness_.listen(heard_.x, scratch_, {0, frames_}, kHeard);
    const LaneFloats& square = loudness_.sums().square;
    const double frames = static_cast<double>(frames_);
    const double before = static_cast<double>(square[0] + square[1]) / frames;
    const double after = static_cast<double>(square[2] + square[3]) / frames;
    frames_ = 0;
    if (!(std::max(before, after) > kGate)) return;
    before_ += share_ * (before - before_);
    after_ += share_ * (after - after_);
}

double MatchedBypass::ratio() const MIXRIG_REALTIME {
    return std::clamp(std::sqrt(after_ / before_), 1.0 / kMost, kMost);
}

Decibels MatchedBypass::difference() const MIXRIG_REALTIME {
    return {20.0 * std::log10(ratio())};
}

template <typename Sample>
void MatchedBypass::remember(const Sample* left, const Sample* right, Slice slice) MIXRIG_REALTIME {
    const Sample* const sides[] = {left, right};
    for (std::size_t s = 0; s < 2; ++s) {
        const Sample* x = sides[s] + slice.first;
        std::copy_n(x, slice.count, past_[s].newest());
        std::copy_n(past_[s].newest() - latency_, slice.count,
                    delayed_[s].begin() + static_cast<std::ptrdiff_t>(slice.first));
        past_[s].advance(slice.count);
        for (std::size_t n = 0; n < slice.count; ++n)
            heard_.at(slice.first + n)[s] = static_cast<float>(x[n]);
    }
}

template <typename Sample>
void MatchedBypass::process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME {
    Sample* const sides[] = {left, right};
    frames_ = slice.first + slice.count;
    const bool passes = glides_.value(dry) == 0.0f && !(glides_.moving() & lane_bit(dry));
    const Cubic weight = lane_curve(glides_, dry), gain = lane_curve(glides_, match);
    for (std::size_t s = 0; s < 2; ++s)
        for (std::size_t n = slice.first; n < frames_; ++n) {
            heard_.at(n)[2 + s] = static_cast<float>(sides[s][n]);
            if (passes) continue;
            const double bypassed = static_cast<double>(gain.at(n)) * delayed_[s][n];
            const double block = static_cast<double>(sides[s][n]);
            const auto share = static_cast<double>(weight.at(n));
            sides[s][n] = static_cast<Sample>((1.0 - share) * block + share * bypassed);
        }
}

template <typename Sample>
void MatchedBypass::follow(Sample* left, Sample* right, Slice slice, const MatchedBypass& leader)
    MIXRIG_REALTIME {
    Sample* const sides[] = {left, right};
    const Cubic weight = lane_curve(leader.glides_, dry), gain = lane_curve(leader.glides_, match);
    for (std::size_t s = 0; s < 2; ++s)
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
            const double bypassed = static_cast<double>(gain.at(n)) * delayed_[s][n];
            const auto share = static_cast<double>(weight.at(n));
            sides[s][n] = static_cast<Sample>((1.0 - share) * static_cast<double>(sides[s][n]) +
                                              share * bypassed);
        }
}

void MatchedBypass::reset() MIXRIG_REALTIME {
    for (auto& past : past_) past.clear();
    loudness_.reset(kAllLanes);
    frames_ = 0;
    before_ = after_ = kBeginning;
    glides_.set(dry, glides_.goal(dry), Change::jump);
    glides_.set(match, 1.0f, Change::jump);
}

template void MatchedBypass::remember(const float*, const float*, Slice);
template void MatchedBypass::remember(const double*, const double*, Slice);
template void MatchedBypass::process(float*, float*, Slice);
template void MatchedBypass::process(double*, double*, Slice);
template void MatchedBypass::follow(float*, float*, Slice, const MatchedBypass&);
template void MatchedBypass::follow(double*, double*, Slice, const MatchedBypass&);

}  // namespace mixrig::dsp
