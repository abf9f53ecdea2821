// Second-order filters on a bank: settings and glides; the arithmetic is in svf_kernel.cpp.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/svf.h"

#include "dsp/glide.h"

#include <bit>
#include <cmath>

namespace mixrig::dsp {
namespace {

constexpr float kMuchDamping = 4.0f;  // times what it was
constexpr unsigned kLongGlide = 4;    // times the usual one

using Coefficients = std::array<float, SvfState::kCoefficients>;

Coefficients coefficients(const SvfLane& lane) {
    return {lane.a2, lane.a3, lane.c1, lane.d0, lane.d1, lane.d2};
}

SvfLane mix(const SvfLane& from, const SvfLane& to, double weight) {
    const auto between = [weight](float a, float b) {
        return static_cast<float>(a + weight * (static_cast<double>(b) - a));
    };
    return {between(from.a2, to.a2), between(from.a3, to.a3), between(from.c1, to.c1),
            between(from.d0, to.d0), between(from.d1, to.d1), between(from.d2, to.d2)};
}

// -0 + n*0 is +0: without negative zeros a coefficient at rest is the same number in both kernels.
SvfLane without_negative_zeros(const SvfLane& c) {
    return {c.a2 + 0.0f, c.a3 + 0.0f, c.c1 + 0.0f, c.d0 + 0.0f, c.d1 + 0.0f, c.d2 + 0.0f};
}

void clear(LaneMask& mask, std::size_t lane) {
    mask &= static_cast<LaneMask>(~lane_bit(lane));
}

void copy_bit(LaneMask& mask, std::size_t to, LaneMask other, std::size_t from) {
    clear(mask, to);
    if (other & lane_bit(from)) mask |= lane_bit(to);
}

}  // namespace

SvfBank::SvfBank(Hertz rate) : quanta_(static_cast<std::uint16_t>(glide_quanta(rate))) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) rest(lane);
}

void SvfBank::set(std::size_t lane, const SvfLane& goal, Change change) MIXRIG_REALTIME {
    const SvfLane wanted = without_negative_zeros(goal);
    if (change == Change::jump) {
        goal_[lane] = wanted;
        rest(lane);
        return;
    }
    if (wanted == ((leaving_ & lane_bit(lane)) ? kSvfIdentity : goal_[lane])) return;
    if (!(state_.active & lane_bit(lane))) {
        // Poles are in place at once, the state is 0 and the output still the input: only weights
        // glide.
        from_[lane] = {.a2 = wanted.a2, .a3 = wanted.a3, .c1 = wanted.c1};
        state_.active |= lane_bit(lane);
    } else if (moving_ & lane_bit(lane)) {
        from_[lane] = at_boundary(lane, index_[lane]);
    } else {
        from_[lane] = goal_[lane];
    }
    clear(leaving_, lane);
    goal_[lane] = wanted;
    if (wanted == kSvfIdentity) {
        goal_[lane] = {.a2 = from_[lane].a2, .a3 = from_[lane].a3, .c1 = from_[lane].c1};
        leaving_ |= lane_bit(lane);
    }
    start_glide(lane);
}

void SvfBank::glide_with(std::size_t lane, const SvfBank& other) MIXRIG_REALTIME {
    if (!(moving_ & other.moving_ & lane_bit(lane))) return;
    if (index_[lane] != 0 || other.index_[lane] != 0) return;
    if (other.length_[lane] <= length_[lane]) return;
    length_[lane] = other.length_[lane];
    growth_[lane] = other.growth_[lane];
}

void SvfBank::begin_quantum() MIXRIG_REALTIME {
    for (unsigned bits = moving_; bits != 0; bits &= bits - 1) {
        const auto lane = static_cast<std::size_t>(std::countr_zero(bits));
        if (index_[lane] == length_[lane]) {
            rest(lane);
            continue;
        }
        write(lane, at_boundary(lane, index_[lane]), at_boundary(lane, index_[lane] + 1u));
        state_.gliding |= lane_bit(lane);
        ++index_[lane];
    }
}

void SvfBank::process(float* x, Slice slice, LaneMask lanes) MIXRIG_REALTIME {
    svf_process({this, 1}, x, slice, lanes);
}

void SvfBank::reset(LaneMask lanes) MIXRIG_REALTIME {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        if (!(lanes & lane_bit(lane))) continue;
        rest(lane);
        state_.s1[lane] = state_.s2[lane] = 0.0f;
    }
}

void SvfBank::take_lane(std::size_t to, const SvfBank& other, std::size_t from) MIXRIG_REALTIME {
    for (std::size_t k = 0; k < SvfState::kCoefficients; ++k) {
        state_.c[k][to] = other.state_.c[k][from];
        state_.step[k][to] = other.state_.step[k][from];
    }
    state_.s1[to] = other.state_.s1[from];
    state_.s2[to] = other.state_.s2[from];
    copy_bit(state_.active, to, other.state_.active, from);
    copy_bit(state_.gliding, to, other.state_.gliding, from);
    copy_bit(moving_, to, other.moving_, from);
    copy_bit(leaving_, to, other.leaving_, from);
    length_[to] = other.length_[from];
    growth_[to] = other.growth_[from];
    index_[to] = other.index_[from];
    from_[to] = other.from_[from];
    goal_[to] = other.goal_[from];
}

LaneMask SvfBank::quiet(float below) const MIXRIG_REALTIME {
    LaneMask lanes = kNoLanes;
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        if (std::fabs(state_.s1[lane]) < below && std::fabs(state_.s2[lane]) < below)
            lanes |= lane_bit(lane);
    return lanes;
}

// The lane stands at its goal; at the identity it forgets its state and leaves active().
void SvfBank::rest(std::size_t lane) MIXRIG_REALTIME {
    if (leaving_ & lane_bit(lane)) goal_[lane] = kSvfIdentity;
    clear(moving_, lane);
    clear(leaving_, lane);
    clear(state_.gliding, lane);
    write(lane, goal_[lane], goal_[lane]);
    if (goal_[lane] == kSvfIdentity) {
        clear(state_.active, lane);
        state_.s1[lane] = state_.s2[lane] = 0.0f;
    } else {
        state_.active |= lane_bit(lane);
    }
}

void SvfBank::write(std::size_t lane, const SvfLane& at, const SvfLane& next) MIXRIG_REALTIME {
    const Coefficients now = coefficients(at), then = coefficients(next);
    for (std::size_t k = 0; k < SvfState::kCoefficients; ++k) {
        const double change = static_cast<double>(then[k]) - now[k];
        state_.c[k][lane] = now[k];
        state_.step[k][lane] = static_cast<float>(change / static_cast<double>(kQuantum));
    }
}

// A glide takes the bank's time, unless the damping (c1/a2 = g + 1/Q) grows a lot: then the state
// still rings as the narrow filter left it, Q times the input, while the weights of the wide one
// take it up. The glide is longer then, and it is Q that moves along the curve.
void SvfBank::start_glide(std::size_t lane) MIXRIG_REALTIME {
    const SvfLane &from = from_[lane], &to = goal_[lane];
    const float before = from.c1 * to.a2, after = to.c1 * from.a2;  // on one denominator
    const bool grows = before > 0.0f && after > kMuchDamping * before;
    growth_[lane] = grows ? after / before : 1.0f;
    length_[lane] = static_cast<std::uint16_t>(grows ? kLongGlide * quanta_ : quanta_);
    index_[lane] = 0;
    moving_ |= lane_bit(lane);
}

// The coefficients at the boundary before quantum `index` of the glide. Linear inside a quantum,
// along a smoothstep from quantum to quantum: the corners of a straight line over the whole glide
// would be audible.
SvfLane SvfBank::at_boundary(std::size_t lane, std::size_t index) const MIXRIG_REALTIME {
    if (index == length_[lane]) return goal_[lane];
    // Where nothing grows this is the curve itself.
    const double share = s_curve(length_[lane], index), growth = growth_[lane];
    return mix(from_[lane], goal_[lane], share / (growth - share * (growth - 1.0)));
}

}  // namespace mixrig::dsp
