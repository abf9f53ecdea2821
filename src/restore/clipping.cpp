// Clipping: the level, the runs at it, what was above.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/restore/clipping.h"

#include "src/restore/autoregression.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace mixrig::restore {
namespace {

constexpr std::size_t kClippingOrder = 40, kModels = 3, kTimesHeld = 4;
// Of what is longer, low and loud, the model remembers too little: there the curve stays.
constexpr std::size_t kLongest = 64;
constexpr double kClippingFrame = 0.085;  // seconds
constexpr double kQuiet = 1e-3;           // full scale is 1; what never gets above is not looked at
// A 16-bit step or two, or 0.002 dB.
constexpr double kTolerance = 4e-5, kRelativeTolerance = 2e-4;
// What is missing, over the tolerance; and over the level: more than 14 dB are not clipping, but
// how a square wave is made.
constexpr double kLeastMissing = 3.0, kMostMissing = 4.0;
constexpr std::size_t kLongEnough = 3, kConvincing = 5;

struct Run {
    std::size_t begin, end;
    double sign;
};

double at(std::span<const float> samples, std::size_t n, double sign) {
    return sign * static_cast<double>(samples[n]);
}

double tolerance(double level) {
    return std::max(kTolerance, kRelativeTolerance * level);
}

std::vector<Run> runs_at(std::span<const float> samples, double level, double sign) {
    std::vector<Run> out;
    const double least = level - tolerance(level);
    for (std::size_t n = 0; n < samples.size(); ++n) {
        if (at(samples, n, sign) < least) continue;
        if (!out.empty() && out.back().end == n)
            out.back().end = n + 1;
        else
            out.push_back({n, n + 1, sign});
    }
    return out;
}

// How much of a top this run lacks.
double missing(std::span<const float> samples, const Run& run) {
    if (run.begin == 0 || run.end == samples.size()) return 0.0;
    const auto x = [&](std::size_t n) { return at(samples, n, run.sign); };
    const double slopes = x(run.begin) - x(run.begin - 1) + x(run.end - 1) - x(run.end);
    return static_cast<double>(run.end - run.begin - 1) / 4.0 * slopes / 2.0;
}

// The runs of a side, if it is clipped; else none.
std::vector<Run> clipped_runs(std::span<const float> samples, double sign, double& level) {
    double highest = 0.0;
    for (std::size_t n = 0; n < samples.size(); ++n)
        highest = std::max(highest, at(samples, n, sign));
    if (highest < kQuiet) return {};
    std::vector<Run> runs = runs_at(samples, highest, sign);
    std::size_t good = 0, convincing = 0;
    for (const Run& run : runs) {
        const double lacks = missing(samples, run);
        if (run.end - run.begin < kLongEnough || lacks < kLeastMissing * tolerance(highest) ||
            lacks > kMostMissing * highest)
            continue;
        ++good;
        if (run.end - run.begin >= kConvincing) ++convincing;
    }
    if (good < 2 && convincing == 0) return {};
    level = highest;
    return runs;
}

class Clipping {
public:
    Clipping(std::span<float> samples, std::size_t frame) : samples_(samples), frame_(frame) {}

    ClippingFound run();

private:
    void mend(std::size_t first_run, std::size_t last_run);
    void draw(std::size_t begin, std::size_t count, std::span<const Run> runs);
    void solve(std::span<const std::size_t> unknown);
    void distrust(std::span<const std::size_t> unknown);
    double level(double sign) const { return sign > 0.0 ? found_.above : found_.below; }

    std::span<float> samples_;
    std::size_t frame_;
    std::vector<Run> runs_;
    std::vector<double> x_, sign_, curve_;  // sign_: 0 where x_ is known
    std::vector<std::size_t> free_;
    Filler filler_;
    ClippingFound found_;
};

// Cubic curves that leave and come back with the slopes of the sound, as a beginning.
void Clipping::draw(std::size_t begin, std::size_t count, std::span<const Run> runs) {
    for (const Run& run : runs) {
        if (run.end <= begin || run.begin >= begin + count) continue;
        const std::size_t from = std::max(run.begin, begin), to = std::min(run.end, begin + count);
        for (std::size_t n = from; n < to; ++n) sign_[n - begin] = run.sign;
        if (run.begin < begin + 2 || run.end + 2 > begin + count) continue;
        const auto x = [&](std::size_t n) { return x_[n - begin]; };
        const double length = static_cast<double>(run.end - run.begin + 1);
        const double left = x(run.begin - 1), right = x(run.end);
        const double up = (left - x(run.begin - 2)) * length,
                     down = (x(run.end + 1) - right) * length;
        for (std::size_t n = from; n < to; ++n) {
            const double t = static_cast<double>(n - run.begin + 1) / length;
            const double s = 1.0 - t;
            const double curve = s * s * ((1.0 + 2.0 * t) * left + t * up) +
                                 t * t * ((1.0 + 2.0 * s) * right - s * down);
            x_[n - begin] = run.sign * std::clamp(run.sign * curve, level(run.sign),
                                                  kMostMissing * level(run.sign));
        }
    }
}

// A model that wants most of a run below the level knows nothing of it: the curve comes back.
void Clipping::distrust(std::span<const std::size_t> unknown) {
    for (std::size_t first = 0; first < unknown.size();) {
        std::size_t last = first, held = 0;
        for (; last < unknown.size() && unknown[last] - unknown[first] == last - first; ++last)
            if (std::fabs(x_[unknown[last]]) <= level(sign_[unknown[last]])) ++held;
        if (2 * held > last - first)
            for (std::size_t i = first; i < last; ++i) x_[unknown[i]] = curve_[unknown[i]];
        first = last;
    }
}

void Clipping::solve(std::span<const std::size_t> unknown) {
    curve_ = x_;
    for (std::size_t model = 0; model < kModels; ++model) {
        const std::vector<double> a = burg(x_, kClippingOrder);
        free_.assign(unknown.begin(), unknown.end());
        for (std::size_t held = 0; held < kTimesHeld && !free_.empty(); ++held) {
            filler_.fill(x_, free_, a);
            const std::size_t before = free_.size();
            std::erase_if(free_, [&](std::size_t n) {
                const double least = level(sign_[n]);
                if (sign_[n] * x_[n] >= least) return false;
                x_[n] = sign_[n] * least;
                return true;
            });
            if (free_.size() == before) break;
        }
        for (const std::size_t n : unknown) {
            const double least = level(sign_[n]);
            x_[n] = sign_[n] * std::clamp(sign_[n] * x_[n], least, kMostMissing * least);
        }
        distrust(unknown);
    }
}

// These runs lie side by side: the frame has them in its middle, as far as the sound goes, and
// knows of those around.
void Clipping::mend(std::size_t first_run, std::size_t last_run) {
    const std::size_t from = runs_[first_run].begin, to = runs_[last_run - 1].end;
    const std::size_t around = frame_ / 2;
    const std::size_t begin = from - std::min(from, around);
    const std::size_t count = std::min(samples_.size(), to + around) - begin;
    if (count <= 2 * kClippingOrder) return;
    x_.assign(samples_.begin() + static_cast<std::ptrdiff_t>(begin),
              samples_.begin() + static_cast<std::ptrdiff_t>(begin + count));
    sign_.assign(count, 0.0);
    // What lies before is mended already.
    draw(begin, count, std::span(runs_).subspan(first_run));
    std::vector<std::size_t> unknown;
    for (const Run& run : std::span(runs_).subspan(first_run)) {
        if (run.begin >= begin + count) break;
        if (run.end - run.begin > kLongest) continue;
        for (std::size_t n = run.begin; n < std::min(run.end, begin + count); ++n)
            unknown.push_back(n - begin);
    }
    solve(unknown);
    for (std::size_t r = first_run; r < last_run; ++r)
        for (std::size_t n = runs_[r].begin; n < runs_[r].end; ++n) {
            samples_[n] = static_cast<float>(x_[n - begin]);
            found_.peak = std::max(found_.peak, std::fabs(x_[n - begin]));
        }
}

ClippingFound Clipping::run() {
    runs_ = clipped_runs(samples_, 1.0, found_.above);
    const std::vector<Run> below = clipped_runs(samples_, -1.0, found_.below);
    runs_.insert(runs_.end(), below.begin(), below.end());
    std::sort(runs_.begin(), runs_.end(),
              [](const Run& a, const Run& b) { return a.begin < b.begin; });
    found_.runs = runs_.size();
    for (const Run& run : runs_) found_.samples += run.end - run.begin;
    for (std::size_t first = 0; first < runs_.size();) {
        std::size_t last = first + 1;
        while (last < runs_.size() && runs_[last].end - runs_[first].begin < frame_ / 2) ++last;
        mend(first, last);
        first = last;
    }
    return found_;
}

}  // namespace

ClippingFound mend_clipping(std::span<float> samples, dsp::Hertz rate) {
    return Clipping(samples, static_cast<std::size_t>(kClippingFrame * rate.value)).run();
}

}  // namespace mixrig::restore
