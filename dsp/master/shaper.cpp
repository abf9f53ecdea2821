// What saturator and clipper share: up to a high rate, a gain for each sample, and down again.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/shaper.h"

#include "dsp/fx/lfo.h"

#include <algorithm>

namespace mixrig::dsp {
namespace {

constexpr Seconds kSettle{0.003};  // longer than the filters

std::size_t factor_for(Hertz rate) {
    return rate.value < 64e3 ? kMostOversampling : kMostOversampling / 2;
}

}  // namespace

Shaper::Shaper(Hertz rate, std::size_t inner)
    : oversampler_(factor_for(rate), 2, inner),
      on_off_(rate, kSettle),
      glides_(glide_quanta(rate), 0.0f),
      past_{BasicSampleLine<double>(latency(), kQuantum),
            BasicSampleLine<double>(latency(), kQuantum)},
      high_(factor() * kQuantum) {}

bool Shaper::set(bool on, Change change) MIXRIG_REALTIME {
    wanted_ = on;
    const bool begins = on_off_.set(on, change);
    if (begins) oversampler_.reset();
    return begins;
}

void Shaper::glide(std::size_t lane, double goal, Change change) MIXRIG_REALTIME {
    glides_.set(lane, static_cast<float>(goal), change);
}

void Shaper::begin_quantum() MIXRIG_REALTIME {
    on_off_.begin_quantum();
    if (!glides_.idle()) glides_.begin_quantum();
}

Shaper::Frames Shaper::values(std::size_t lane, Slice slice) const MIXRIG_REALTIME {
    const Cubic curve = lane_curve(glides_, lane);
    Frames out;
    for (std::size_t n = 0; n < slice.count; ++n) out[n] = curve.at(slice.first + n);
    return out;
}

bool Shaper::is_zero(std::size_t lane) const MIXRIG_REALTIME {
    return !(glides_.moving() & lane_bit(lane)) && glides_.value(lane) == 0.0f;
}

template <typename Sample>
bool Shaper::passes(std::size_t side, Sample* x, Slice slice) MIXRIG_REALTIME {
    if (!on_off_.is_off()) return false;
    x += slice.first;
    delay(side, x, slice.count);
    for (std::size_t n = 0; n < slice.count; ++n) x[n] = static_cast<Sample>(dry_[n]);
    return true;
}

template <typename Sample>
double* Shaper::up(std::size_t side, const Sample* x, std::size_t drive, Slice slice)
    MIXRIG_REALTIME {
    const Frames gains = values(drive, slice);
    x += slice.first;
    for (std::size_t n = 0; n < slice.count; ++n)
        driven_[n] = static_cast<double>(gains[n]) * static_cast<double>(x[n]);
    delay(side, x, slice.count);
    oversampler_.up(side, driven_.data(), slice.count, high_.data());
    return high_.data();
}

void Shaper::down(std::size_t side, std::size_t count, double* y) MIXRIG_REALTIME {
    oversampler_.down(side, high_.data(), count, y);
}

template <typename Sample>
void Shaper::finish(const double* y, Sample* x, Slice slice) const MIXRIG_REALTIME {
    x += slice.first;
    for (std::size_t n = 0; n < slice.count; ++n) {
        const double share = on_off_.is_on() ? 1.0 : on_off_.weight(slice.first + n);
        x[n] = static_cast<Sample>(share == 1.0 ? y[n] : dry_[n] + share * (y[n] - dry_[n]));
    }
}

template <typename Sample>
void Shaper::delay(std::size_t side, const Sample* x, std::size_t count) MIXRIG_REALTIME {
    auto& past = past_[side];
    std::copy_n(x, count, past.newest());
    std::copy_n(past.newest() - latency(), count, dry_.begin());
    past.advance(count);
}

void Shaper::reset() MIXRIG_REALTIME {
    oversampler_.reset();
    for (auto& past : past_) past.clear();
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        glides_.set(lane, glides_.goal(lane), Change::jump);
    static_cast<void>(on_off_.set(wanted_, Change::jump));
}

template bool Shaper::passes(std::size_t, float*, Slice);
template double* Shaper::up(std::size_t, const float*, std::size_t, Slice);
template void Shaper::finish(const double*, float*, Slice) const;
template bool Shaper::passes(std::size_t, double*, Slice);
template double* Shaper::up(std::size_t, const double*, std::size_t, Slice);
template void Shaper::finish(const double*, double*, Slice) const;

}  // namespace mixrig::dsp
