// Clipper of the master chain: from hard to soft, under a ceiling.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/clipper.h"

#include <algorithm>
#include <cmath>

namespace mixrig::dsp {
namespace {

constexpr std::size_t kInner = 1;  // delay of the two means, in samples of the high rate
constexpr double kHardest = 1e-3;  // a knee of 0 would divide by it
constexpr double kNear = 1e-6;     // squares so near lose their difference to rounding

double amplitude(Decibels level) MIXRIG_REALTIME {
    return std::pow(10.0, level.value / 20.0);
}

// f and its integral at a magnitude.
struct Curve {
    double knee;
    double bent(double inside) const MIXRIG_REALTIME {
        return std::max(inside - (1.0 - knee), 0.0);
    }
    double value(double size) const MIXRIG_REALTIME {
        const double inside = std::min(size, 1.0 + knee), over = bent(inside);
        return inside - over * over / (4.0 * knee);
    }
    double integral(double size) const MIXRIG_REALTIME {
        const double inside = std::min(size, 1.0 + knee), over = bent(inside);
        return 0.5 * inside * inside - over * over * over / (12.0 * knee) + (size - inside);
    }
    // f(x) / x meant over x^2, between two magnitudes.
    double gain(double a, double b) const MIXRIG_REALTIME {
        if (std::max(a, b) <= 1.0 - knee) return 1.0;
        const double distance = b * b - a * a;
        if (std::fabs(distance) >= kNear) return 2.0 * (integral(b) - integral(a)) / distance;
        const double middle = std::sqrt(0.5 * (a * a + b * b));
        return value(middle) / middle;
    }
};

}  // namespace

Clipper::Clipper(Hertz rate) : shaper_(rate, kInner) {
    set({}, Change::jump);
}

void Clipper::set(const ClipperSettings& settings, Change change) MIXRIG_REALTIME {
    shaper_.glide(drive, amplitude(settings.drive), change);
    shaper_.glide(ceiling, amplitude(settings.ceiling), change);
    shaper_.glide(knee, settings.knee, change);
    if (shaper_.set(settings.on, change)) before_ = {};
}

void Clipper::find_gains(std::size_t side, const double* high, Slice slice) MIXRIG_REALTIME {
    const std::size_t factor = shaper_.factor();
    float* gains = gains_.side[side].data() + slice.first * factor;
    const Shaper::Frames knees = shaper_.values(knee, slice),
                         ceilings = shaper_.values(ceiling, slice);
    double last = std::fabs(before_[side].sample);
    for (std::size_t n = 0; n < slice.count; ++n) {
        const Curve curve{std::clamp(static_cast<double>(knees[n]), kHardest, 1.0)};
        const double scale = 1.0 / static_cast<double>(ceilings[n]);
        for (std::size_t k = n * factor; k < (n + 1) * factor; ++k) {
            const double size = std::fabs(high[k]);
            gains[k] = static_cast<float>(curve.gain(scale * last, scale * size));
            last = size;
        }
    }
}

// The mean of neighbours, the gain, and the mean of neighbours again.
void Clipper::apply(std::size_t side, double* high, const float* gains, std::size_t count)
    MIXRIG_REALTIME {
    Before before = before_[side];
    for (std::size_t k = 0; k < count; ++k) {
        const double sample = high[k];
        const double clipped = static_cast<double>(gains[k]) * (0.5 * (before.sample + sample));
        high[k] = 0.5 * (before.clipped + clipped);
        before = {.sample = sample, .clipped = clipped};
    }
    before_[side] = before;
}

template <typename Sample>
void Clipper::process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME {
    run(0, left, slice, nullptr);
    run(1, right, slice, nullptr);
}

template <typename Sample>
void Clipper::follow(Sample* left, Sample* right, Slice slice, const Gains& gains) MIXRIG_REALTIME {
    run(0, left, slice, &gains);
    run(1, right, slice, &gains);
}

// With gains that were told, or with its own.
template <typename Sample>
void Clipper::run(std::size_t side, Sample* x, Slice slice, const Gains* told) MIXRIG_REALTIME {
    if (shaper_.passes(side, x, slice)) return;
    double* high = shaper_.up(side, x, drive, slice);
    if (!told) find_gains(side, high, slice);
    const std::size_t factor = shaper_.factor();
    apply(side, high, (told ? *told : gains_).side[side].data() + slice.first * factor,
          slice.count * factor);
    std::array<double, kQuantum> y;
    shaper_.down(side, slice.count, y.data());
    shaper_.finish(y.data(), x, slice);
}

void Clipper::reset() MIXRIG_REALTIME {
    shaper_.reset();
    before_ = {};
}

template void Clipper::process(float*, float*, Slice);
template void Clipper::follow(float*, float*, Slice, const Gains&);
template void Clipper::process(double*, double*, Slice);
template void Clipper::follow(double*, double*, Slice, const Gains&);

}  // namespace mixrig::dsp
