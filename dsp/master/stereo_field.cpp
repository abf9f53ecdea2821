// Stereo field of the master chain: width of three bands, and mono below a frequency.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/stereo_field.h"

#include "dsp/fx/lfo.h"

#include <algorithm>
#include <array>

namespace mixrig::dsp {
namespace {

constexpr Seconds kSettle{0.030};  // of the crossovers, before they are heard

}  // namespace

StereoField::Half::Half(Hertz rate, std::size_t band_count)
    : bands(band_count), crossover(rate), widths(glide_quanta(rate), 1.0f), on_off(rate, kSettle) {}

void StereoField::Half::begin_quantum() MIXRIG_REALTIME {
    crossover.begin_quantum();
    widths.begin_quantum();
    on_off.begin_quantum();
}

void StereoField::Half::process(PairBlock& x, Slice slice) MIXRIG_REALTIME {
    if (on_off.is_off()) return;
    const std::size_t end = slice.first + slice.count;
    PairBlock rest = x, low, sum;
    for (std::size_t k = 0; k < bands; ++k) {
        if (k + 1 < bands) crossover.split(k, rest, low, slice);
        if (k > 0) crossover.join(k, bands, sum, slice);
        const PairBlock& band = k + 1 < bands ? low : rest;
        const Cubic width = lane_curve(widths, k);
        for (std::size_t n = slice.first; n < end; ++n) {
            const Pair y = band.at[n] * Pair{1.0, static_cast<double>(width.at(n))};
            sum.at[n] = k == 0 ? y : sum.at[n] + y;
        }
    }
    for (std::size_t n = slice.first; n < end; ++n)
        x.at[n] = on_off.is_on() ? sum.at[n] : x.at[n] + on_off.weight(n) * (sum.at[n] - x.at[n]);
}

void StereoField::Half::reset() MIXRIG_REALTIME {
    crossover.reset();
    for (std::size_t k = 0; k < bands; ++k) widths.set(k, widths.goal(k), Change::jump);
    static_cast<void>(on_off.set(wanted, Change::jump));
}

StereoField::StereoField(Hertz rate) : mono_(rate, 2), width_(rate, kBands) {
    mono_.widths.set(0, 0.0f, Change::jump);
}

// The frequency of the first half is kept while it fades out.
void StereoField::set(const StereoFieldSettings& settings, Change change) MIXRIG_REALTIME {
    const bool mono = settings.mono_below.value > 0.0;
    if (mono)
        mono_.crossover.set(0, settings.mono_below, mono_.on_off.is_off() ? Change::jump : change);
    switch_half(mono_, settings.on && mono, change);
    double lowest = 0.0;
    bool neutral = true;
    for (std::size_t k = 0; k < kBands; ++k) {
        neutral = neutral && settings.width[k] == 1.0;
        width_.widths.set(k, static_cast<float>(settings.width[k]), change);
        if (k + 1 == kBands) continue;
        lowest = std::max(lowest, settings.splits[k].value);
        width_.crossover.set(k, {lowest}, change);
    }
    switch_half(width_, settings.on && !neutral, change);
}

void StereoField::switch_half(Half& half, bool on, Change change) MIXRIG_REALTIME {
    half.wanted = on;
    if (half.on_off.set(on, change)) half.crossover.clear();
}

void StereoField::begin_quantum() MIXRIG_REALTIME {
    mono_.begin_quantum();
    width_.begin_quantum();
}

template <typename Sample>
void StereoField::process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME {
    if (mono_.on_off.is_off() && width_.on_off.is_off()) return;
    PairBlock x;
    load_mid_side(left, right, slice, x);
    mono_.process(x, slice);
    width_.process(x, slice);
    store_mid_side(x, left, right, slice);
}

void StereoField::reset() MIXRIG_REALTIME {
    mono_.reset();
    width_.reset();
}

template void StereoField::process(float*, float*, Slice);
template void StereoField::process(double*, double*, Slice);

}  // namespace mixrig::dsp
