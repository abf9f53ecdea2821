// Multiband compressor of the master chain: three to five bands, each a compressor.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/multiband.h"

#include "dsp/detector.h"
#include "dsp/fx/lfo.h"

#include <algorithm>
#include <cmath>

namespace mixrig::dsp {
namespace {

constexpr Seconds kSettle{0.030};  // of the crossovers, before they are heard
constexpr Hertz kLowest{20.0};
constexpr Seconds kShortestChunk{0.0005};  // half a period of 1 kHz, as detector.h has it
constexpr double kInfiniteRatio = 100.0;
constexpr double kNarrowestKnee = 1e-3;
constexpr double kSilence = 1e-10;  // -200 dB
constexpr std::size_t kFewestBands = 3;

double amplitude(Decibels level) MIXRIG_REALTIME {
    return std::pow(10.0, level.value / 20.0);
}

double share_of_tick(Seconds time, double rate) MIXRIG_REALTIME {
    const double frames = time.value * rate;
    return frames > 0.0 ? -std::expm1(-static_cast<double>(kTick) / frames) : 1.0;
}

double magnitude(Pair x, BandMode mode) MIXRIG_REALTIME {
    switch (mode) {
        case BandMode::mid:
            return 0.5 * std::fabs(x[0] + x[1]);
        case BandMode::side:
            return 0.5 * std::fabs(x[0] - x[1]);
        case BandMode::stereo:
            break;
    }
    return std::max(std::fabs(x[0]), std::fabs(x[1]));
}

}  // namespace

Multiband::Multiband(Hertz rate)
    : rate_(rate.value),
      crossover_(rate),
      on_off_(rate, kSettle),
      bands_(kMostBands, Band{.glides = {glide_quanta(rate), 0.0f}}) {
    set({}, Change::jump);
    reset();
}

void Multiband::set(const MultibandSettings& settings, Change change) MIXRIG_REALTIME {
    double lowest = 0.0;
    for (std::size_t k = 0; k + 1 < kMostBands; ++k) {
        lowest = std::max(lowest, settings.splits[k].value);
        crossover_.set(k, {lowest}, change);
    }
    for (std::size_t k = 0; k < kMostBands; ++k) set_band(k, settings, change);
    wanted_on_ = settings.on;
    wanted_count_ = std::clamp(settings.bands, kFewestBands, kMostBands);
    if (change == Change::jump || on_off_.is_off()) count_ = wanted_count_;
    if (on_off_.set(wanted_on_ && count_ == wanted_count_, change)) clear();
}

void Multiband::set_band(std::size_t k, const MultibandSettings& settings, Change change)
    MIXRIG_REALTIME {
    const std::size_t bands = std::clamp(settings.bands, kFewestBands, kMostBands);
    const auto end = settings.band.begin() + static_cast<std::ptrdiff_t>(bands);
    const bool solo =
        std::any_of(settings.band.begin(), end, [](const MultibandBand& b) { return b.soloed; });
    const MultibandBand& goal = settings.band[k];
    Band& band = bands_[k];
    const auto glide = [&](Lane lane, double value) {
        band.glides.set(lane, static_cast<float>(value), change);
    };
    const double ratio = std::max(1.0, goal.ratio);
    glide(threshold, goal.threshold.value);
    glide(slope, ratio >= kInfiniteRatio ? 1.0 : 1.0 - 1.0 / ratio);
    glide(knee, goal.knee.value);
    glide(most, goal.max_reduction.value);
    glide(makeup, amplitude(goal.makeup));
    glide(mid, goal.mode == BandMode::side ? 0.0 : 1.0);
    glide(side, goal.mode == BandMode::mid ? 0.0 : 1.0);
    glide(heard, goal.muted || (solo && !goal.soloed) ? 0.0 : 1.0);
    band.mode = goal.mode;
    band.attack = share_of_tick(goal.attack, rate_);
    band.release = share_of_tick(goal.release, rate_);
}

void Multiband::begin_quantum() MIXRIG_REALTIME {
    if (count_ != wanted_count_ && on_off_.is_off()) {
        count_ = wanted_count_;
        if (on_off_.set(wanted_on_, Change::glide)) clear();
    }
    on_off_.begin_quantum();
    crossover_.begin_quantum();
    for (Band& band : bands_)
        if (!band.glides.idle()) band.glides.begin_quantum();
}

template <typename Sample>
void Multiband::process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME {
    if (on_off_.is_off()) return;
    split(left, right, slice);
    for (std::size_t k = 0; k < count_; ++k) {
        measure(k, slice);
        tell(k, slice);
    }
    join(left, right, slice, gains_);
}

template <typename Sample>
void Multiband::follow(Sample* left, Sample* right, Slice slice, const Gains& gains)
    MIXRIG_REALTIME {
    if (on_off_.is_off()) return;
    split(left, right, slice);
    join(left, right, slice, gains);
}

template <typename Sample>
void Multiband::split(const Sample* left, const Sample* right, Slice slice) MIXRIG_REALTIME {
    PairBlock& rest = split_[count_ - 1];
    load(left, right, slice, rest);
    for (std::size_t k = 0; k + 1 < count_; ++k) crossover_.split(k, rest, split_[k], slice);
}

template <typename Sample>
void Multiband::join(Sample* left, Sample* right, Slice slice, const Gains& gains) MIXRIG_REALTIME {
    PairBlock sum;
    for (std::size_t k = 0; k < count_; ++k) {
        if (k > 0) crossover_.join(k, count_, sum, slice);
        const Gains::Band& gain = gains.band[k];
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
            const Pair x = split_[k].at[n];
            const Pair y = gain.direct[n] * x + gain.cross[n] * swapped(x);
            sum.at[n] = k == 0 ? y : sum.at[n] + y;
        }
    }
    if (!on_off_.is_on())
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
            const Pair dry{static_cast<double>(left[n]), static_cast<double>(right[n])};
            sum.at[n] = dry + on_off_.weight(n) * (sum.at[n] - dry);
        }
    store(sum, left, right, slice);
}

// Frames in half a period of the band's lower edge.
std::size_t Multiband::chunk(std::size_t k) const MIXRIG_REALTIME {
    const double edge = k == 0 ? kLowest.value : crossover_.frequency(k - 1).value;
    return static_cast<std::size_t>(rate_ * std::max(0.5 / edge, kShortestChunk.value)) + 1;
}

// From the band to the gain at every frame, which stands in direct[] until tell() takes it.
void Multiband::measure(std::size_t k, Slice slice) MIXRIG_REALTIME {
    Band& band = bands_[k];
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        if (band.left_in_chunk == 0) {
            band.left_in_chunk = chunk(k);
            band.last_peak = band.peak;
            band.peak = 0.0;
        }
        --band.left_in_chunk;
        band.peak = std::max(band.peak, magnitude(split_[k].at[n], band.mode));
        if (n % kTick == 0) tick(band, n);
        const auto before_goal = static_cast<double>(kTick - 1 - n % kTick);
        gains_.band[k].direct[n] = band.gain - before_goal * band.step;
    }
}

void Multiband::tick(Band& band, std::size_t frame) MIXRIG_REALTIME {
    constexpr double kOctavesPerDecibel = 0.16609640474436813;
    const auto at = [&](Lane lane) {
        return static_cast<double>(lane_curve(band.glides, lane).at(frame));
    };
    const double level = 20.0 * std::log10(std::max({band.peak, band.last_peak, kSilence}));
    const double over = level - at(threshold), width = std::max(at(knee), 0.0);
    const double bent = std::clamp(over + 0.5 * width, 0.0, width);
    const double curved = bent * bent / (2.0 * std::max(width, kNarrowestKnee));
    const double wanted = at(slope) * (curved + std::max(over - 0.5 * width, 0.0));
    const double target = std::clamp(wanted, 0.0, std::max(at(most), 0.0));
    const double share = target > band.reduction ? band.attack : band.release;
    band.reduction += share * (target - band.reduction);
    band.deepest = std::max(band.deepest, band.reduction);
    const double goal = std::exp2(-kOctavesPerDecibel * band.reduction);
    band.step = (goal - band.gain) / static_cast<double>(kTick);
    band.gain = goal;
}

void Multiband::tell(std::size_t k, Slice slice) MIXRIG_REALTIME {
    const GainGlides& glides = bands_[k].glides;
    const Cubic makeups = lane_curve(glides, makeup), mids = lane_curve(glides, mid),
                sides = lane_curve(glides, side), audible = lane_curve(glides, heard);
    Gains::Band& told = gains_.band[k];
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const double change = told.direct[n] * static_cast<double>(makeups.at(n)) - 1.0;
        const double level = 0.5 * static_cast<double>(audible.at(n));
        const double in_mid = 1.0 + static_cast<double>(mids.at(n)) * change;
        const double in_side = 1.0 + static_cast<double>(sides.at(n)) * change;
        told.direct[n] = level * (in_mid + in_side);
        told.cross[n] = level * (in_mid - in_side);
    }
}

void Multiband::clear() MIXRIG_REALTIME {
    crossover_.clear();
    for (Band& band : bands_) {
        band.peak = band.last_peak = band.reduction = band.deepest = band.step = 0.0;
        band.left_in_chunk = 0;
        band.gain = 1.0;
    }
}

void Multiband::reset() MIXRIG_REALTIME {
    clear();
    crossover_.reset();
    count_ = wanted_count_;
    static_cast<void>(on_off_.set(wanted_on_, Change::jump));
    for (Band& band : bands_)
        for (std::size_t lane = threshold; lane <= heard; ++lane)
            band.glides.set(lane, band.glides.goal(lane), Change::jump);
}

void Multiband::clear_meters() MIXRIG_REALTIME {
    for (Band& band : bands_) band.deepest = band.reduction;
}

template void Multiband::process(float*, float*, Slice);
template void Multiband::follow(float*, float*, Slice, const Gains&);
template void Multiband::process(double*, double*, Slice);
template void Multiband::follow(double*, double*, Slice, const Gains&);

}  // namespace mixrig::dsp
