// Gains that move without a click: in a quantum each is a polynomial of the frame.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/glide.h"

#include <bit>
#include <cmath>

namespace mixrig::dsp {
namespace {

// a + t*(b + t*(c + t*d)) over the whole glide, t in frames from its start.
struct Polynomial {
    double a, b, c, d;
    double value(double t) const { return a + t * (b + t * (c + t * d)); }
    double slope(double t) const { return b + t * (2.0 * c + t * 3.0 * d); }
};

Polynomial polynomial(const Hermite& curve, std::size_t quanta) {
    const auto frames = static_cast<double>(quanta * kQuantum);
    const double step = curve.goal - curve.from;
    const double start = curve.slope * frames;
    return {.a = curve.from,
            .b = curve.slope,
            .c = (3.0 * step - 2.0 * start) / (frames * frames),
            .d = (start - 2.0 * step) / (frames * frames * frames)};
}

}  // namespace

std::size_t glide_quanta(Hertz rate) {
    const double quanta = kGlideTime.value * rate.value / static_cast<double>(kQuantum);
    return static_cast<std::size_t>(std::ceil(quanta - 1e-9));
}

GainCurve constant_curve(float value) {
    GainCurve curve;
    for (float& gain : curve.c0.v) gain = value;
    return curve;
}

Cubic hermite_quantum(const Hermite& curve, std::size_t quanta, std::size_t index) MIXRIG_REALTIME {
    const Polynomial p = polynomial(curve, quanta);
    const auto t = static_cast<double>(index * kQuantum);
    return {.c0 = static_cast<float>(p.value(t)),
            .c1 = static_cast<float>(p.slope(t)),
            .c2 = static_cast<float>(p.c + 3.0 * p.d * t),
            .c3 = static_cast<float>(p.d)};
}

double s_curve(std::size_t quanta, std::size_t index) MIXRIG_REALTIME {
    const double u = static_cast<double>(index) / static_cast<double>(quanta);
    return u * u * (3.0 - 2.0 * u);
}

GainGlides::GainGlides(std::size_t quanta, float initial)
    : curve_(constant_curve(initial)), quanta_(static_cast<std::uint16_t>(quanta)) {
    goal_.fill(initial);
    end_.fill(initial);
}

void GainGlides::set(std::size_t lane, float goal, Change change) MIXRIG_REALTIME {
    goal += 0.0f;  // a gain of -0 would lose its sign in a polynomial but not in a constant
    if (change == Change::jump) {
        goal_[lane] = end_[lane] = goal;
        end_slope_[lane] = 0.0f;
        moving_ &= static_cast<LaneMask>(~lane_bit(lane));
        write(lane, {.c0 = goal});
        return;
    }
    if (goal == goal_[lane]) return;
    from_[lane] = end_[lane];
    slope_[lane] = end_slope_[lane];
    goal_[lane] = goal;
    index_[lane] = 0;
    moving_ |= lane_bit(lane);
}

void GainGlides::begin_quantum() MIXRIG_REALTIME {
    for (unsigned rest = moving_; rest != 0; rest &= rest - 1) {
        const auto lane = static_cast<std::size_t>(std::countr_zero(rest));
        if (index_[lane] == quanta_) {
            moving_ &= static_cast<LaneMask>(~lane_bit(lane));
            write(lane, {.c0 = goal_[lane]});
            continue;
        }
        const Hermite curve{.from = from_[lane], .slope = slope_[lane], .goal = goal_[lane]};
        write(lane, hermite_quantum(curve, quanta_, index_[lane]));
        curve_.gliding |= lane_bit(lane);
        ++index_[lane];
        const bool arrives = index_[lane] == quanta_;
        const Polynomial p = polynomial(curve, quanta_);
        const auto end = static_cast<double>(index_[lane] * kQuantum);
        end_[lane] = arrives ? goal_[lane] : static_cast<float>(p.value(end));
        end_slope_[lane] = arrives ? 0.0f : static_cast<float>(p.slope(end));
    }
}

void GainGlides::take_lane(std::size_t to, const GainGlides& other, std::size_t from)
    MIXRIG_REALTIME {
    const GainCurve& curve = other.curve_;
    write(to, {curve.c0[from], curve.c1[from], curve.c2[from], curve.c3[from]});
    if (curve.gliding & lane_bit(from)) curve_.gliding |= lane_bit(to);
    moving_ &= static_cast<LaneMask>(~lane_bit(to));
    if (other.moving_ & lane_bit(from)) moving_ |= lane_bit(to);
    index_[to] = other.index_[from];
    from_[to] = other.from_[from];
    slope_[to] = other.slope_[from];
    goal_[to] = other.goal_[from];
    end_[to] = other.end_[from];
    end_slope_[to] = other.end_slope_[from];
}

void GainGlides::write(std::size_t lane, const Cubic& cubic) MIXRIG_REALTIME {
    curve_.c0[lane] = cubic.c0;
    curve_.c1[lane] = cubic.c1;
    curve_.c2[lane] = cubic.c2;
    curve_.c3[lane] = cubic.c3;
    curve_.gliding &= static_cast<LaneMask>(~lane_bit(lane));
}

}  // namespace mixrig::dsp
