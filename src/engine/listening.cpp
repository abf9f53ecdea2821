// Sources cross over, a check, loudspeakers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/listening.h"

#include "dsp/fx/lfo.h"

#include <algorithm>
#include <array>

namespace mixrig::engine {

using dsp::Slice;

namespace {

std::size_t source_count(const Geometry& geometry) {
    std::size_t count = 1;
    for (const StripPlace& place : geometry.strips)
        count += std::count(param::kListenKinds.begin(), param::kListenKinds.end(), place.kind) > 0;
    return count;
}

}  // namespace

Listening::Listening(const Geometry& geometry, dsp::Hertz rate)
    : sources_(source_count(geometry) / dsp::kLanes + 1,
               dsp::GainGlides(dsp::glide_quanta(rate), 0.0f)),
      heard_(source_count(geometry), 0),
      pairs_(dsp::glide_quanta(rate), 0.0f),
      check_(rate) {}

void Listening::set_source(std::size_t source, float gain, dsp::Change change) MIXRIG_REALTIME {
    gains_of(source).set(source % dsp::kLanes, gain, change);
    const auto end = heard_.begin() + static_cast<std::ptrdiff_t>(heard_count_);
    if (std::find(heard_.begin(), end, source) == end)
        heard_[heard_count_++] = static_cast<std::uint16_t>(source);
    moving_ = true;
}

void Listening::set(const link::MonitorGoal& goal, dsp::Change change) MIXRIG_REALTIME {
    check_.set(static_cast<dsp::Check>(goal.check), goal.mono != 0.0f, change);
    for (std::size_t p = 0; p < goal.pair.size(); ++p)
        if (change == dsp::Change::jump || pairs_.goal(p) != goal.pair[p])
            pairs_.set(p, goal.pair[p], change);
}

void Listening::begin_quantum() MIXRIG_REALTIME {
    if (!pairs_.idle()) pairs_.begin_quantum();
    check_.begin_quantum();
    if (!moving_) return;
    moving_ = false;
    for (dsp::GainGlides& gains : sources_) {
        if (!gains.idle()) gains.begin_quantum();
        moving_ = moving_ || !gains.idle();
    }
    for (std::size_t h = 0; h < heard_count_;) {
        const std::size_t source = heard_[h], lane = source % dsp::kLanes;
        const dsp::GainGlides& gains = gains_of(source);
        if (gains.goal(lane) != 0.0f || (gains.moving() & dsp::lane_bit(lane)) != 0)
            ++h;
        else
            heard_[h] = heard_[--heard_count_];
    }
    // Sums do not depend on who came first.
    std::sort(heard_.begin(), heard_.begin() + static_cast<std::ptrdiff_t>(heard_count_));
}

void Listening::clear(Slice slice) MIXRIG_REALTIME {
    std::fill_n(left_.data() + slice.first, slice.count, 0.0f);
    std::fill_n(right_.data() + slice.first, slice.count, 0.0f);
}

void Listening::add(std::size_t source, const float* left, const float* right, Slice slice)
    MIXRIG_REALTIME {
    const dsp::Cubic gain = dsp::lane_curve(gains_of(source), source % dsp::kLanes);
    for (std::size_t i = 0; i < slice.count; ++i) {
        const std::size_t n = slice.first + i;
        left_[n] += gain.at(n) * left[i];
        right_[n] += gain.at(n) * right[i];
    }
}

void Listening::add_soloed(const float* left, const float* right, Slice slice) MIXRIG_REALTIME {
    for (std::size_t i = 0; left != nullptr && i < slice.count; ++i)
        left_[slice.first + i] += left[i];
    for (std::size_t i = 0; right != nullptr && i < slice.count; ++i)
        right_[slice.first + i] += right[i];
}

void Listening::check(Slice slice) MIXRIG_REALTIME {
    check_.process(left_.data() + slice.first, right_.data() + slice.first, slice);
}

void Listening::leave(std::size_t pair, float* left, float* right, Slice slice) const
    MIXRIG_REALTIME {
    const dsp::Cubic gain = dsp::lane_curve(pairs_, pair);
    for (std::size_t i = 0; i < slice.count; ++i) {
        const std::size_t n = slice.first + i;
        left[i] = gain.at(n) * left_[n];
        right[i] = gain.at(n) * right_[n];
    }
}

}  // namespace mixrig::engine
