// Delays of whole frames, one a lane.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/delay.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace mixrig::dsp {
namespace {

std::uint32_t longest(Hertz rate) {
    return static_cast<std::uint32_t>(std::ceil(kLongestDelay.value * rate.value));
}

}  // namespace

DelayLane design_delay(Seconds delay, Hertz rate) {
    const double frames =
        std::round(std::clamp(delay.value, 0.0, kLongestDelay.value) * rate.value);
    return {.frames = std::min(static_cast<std::uint32_t>(frames), longest(rate))};
}

DelayBank::DelayBank(Hertz rate, LaneMask lanes)
    : mask_(std::bit_ceil(longest(rate) + 1u) - 1u),
      quanta_(static_cast<std::uint16_t>(glide_quanta(rate))) {
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        if (lanes & lane_bit(lane)) lanes_[lane].ring = std::make_unique<float[]>(mask_ + 1u);
}

void DelayBank::set(std::size_t lane, DelayLane goal, Change change) MIXRIG_REALTIME {
    Lane& l = lanes_[lane];
    if (!l.ring) return;
    l.goal = std::min(goal.frames, mask_);
    if (change == Change::jump) {
        rest(lane);
        return;
    }
    if (l.goal != l.now) active_ |= lane_bit(lane);
}

void DelayBank::begin_quantum() MIXRIG_REALTIME {
    for (unsigned bits = active_; bits != 0; bits &= bits - 1) {
        const auto lane = static_cast<std::size_t>(std::countr_zero(bits));
        Lane& l = lanes_[lane];
        if (l.crossing && l.index == quanta_) {
            l.now = l.next;
            l.crossing = false;
        }
        if (!l.crossing && l.goal != l.now) {
            if (l.now == 0) l.filled = 0;  // it starts from silence
            l.next = l.goal;
            l.index = 0;
            l.crossing = true;
        }
        if (l.crossing)
            l.weight = hermite_quantum({.goal = 1.0}, quanta_, l.index++);
        else if (l.now == 0)
            rest(lane);
    }
}

void DelayBank::process(float* x, Slice slice, LaneMask lanes) MIXRIG_REALTIME {
    for (unsigned bits = active_ & lanes; bits != 0; bits &= bits - 1) {
        const auto lane = static_cast<std::size_t>(std::countr_zero(bits));
        run(lanes_[lane], x + lane, slice);
    }
}

void DelayBank::reset(LaneMask lanes) MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (!(lanes & lane_bit(lane))) continue;
        rest(lane);
        lanes_[lane].filled = 0;
    }
}

void DelayBank::Lane::swap_with(Lane& other) MIXRIG_REALTIME {
    ring.swap(other.ring);
    std::swap(now, other.now);
    std::swap(next, other.next);
    std::swap(goal, other.goal);
    std::swap(filled, other.filled);
    std::swap(position, other.position);
    std::swap(index, other.index);
    std::swap(crossing, other.crossing);
    std::swap(weight, other.weight);
}

void DelayBank::take_lane(std::size_t to, DelayBank& other, std::size_t from) MIXRIG_REALTIME {
    if (&other == this && to == from) return;
    lanes_[to].swap_with(other.lanes_[from]);
    active_ &= static_cast<LaneMask>(~lane_bit(to));
    if (other.active_ & lane_bit(from)) active_ |= lane_bit(to);
    other.lanes_[from].goal = 0;
    other.rest(from);
}

std::size_t DelayBank::tail(std::size_t lane) const MIXRIG_REALTIME {
    const Lane& l = lanes_[lane];
    return std::max({l.now, l.next, l.goal});
}

// The lane stands at its goal; at 0 it forgets what it has heard and leaves active().
void DelayBank::rest(std::size_t lane) MIXRIG_REALTIME {
    Lane& l = lanes_[lane];
    l.now = l.next = l.goal;
    l.crossing = false;
    if (l.now == 0) {
        active_ &= static_cast<LaneMask>(~lane_bit(lane));
        l.filled = 0;
    } else {
        active_ |= lane_bit(lane);
    }
}

// Silence stands for what was never written, so that no ring has to be cleared on the audio thread.
float DelayBank::recall(const Lane& lane, std::uint32_t frames) const MIXRIG_REALTIME {
    return frames <= lane.filled ? lane.ring[(lane.position - frames) & mask_] : 0.0f;
}

void DelayBank::run(Lane& lane, float* x, Slice slice) MIXRIG_REALTIME {
    // What a lane remembers that is being turned on begins softly too: when the new tap reaches
    // that beginning, the crossing is long over.
    const bool begins = lane.crossing && lane.now == 0;
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        float& sample = x[n * kLanes];
        lane.ring[lane.position] = begins ? lane.weight.at(n) * sample : sample;
        const float now = lane.now == 0 ? sample : recall(lane, lane.now);
        sample = now;
        if (lane.crossing) {
            const float next = recall(lane, lane.next);
            sample = now + lane.weight.at(n) * (next - now);
        }
        lane.position = (lane.position + 1u) & mask_;
        lane.filled = std::min(lane.filled + 1u, mask_);
    }
}

}  // namespace mixrig::dsp
