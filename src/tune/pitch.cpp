// YIN: the lag at which a sound differs least from itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/tune/pitch.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mixrig::tune {
namespace {

constexpr double kLowest = 65.0, kHighest = 1000.0;  // Hz
constexpr double kWindow = 0.02;                     // seconds: a period of the lowest, and more
constexpr float kFirstDip = 0.12f;                   // YIN's threshold: the first dip below it
constexpr float kVoiced = 0.25f;                     // the deepest dip of what still is a voice
constexpr double kQuiet = 1e-6;                      // mean square: -60 dBFS
constexpr std::size_t kShortest = 8;                 // readings: 40 ms are a note

class Yin {
public:
    explicit Yin(dsp::Hertz rate)
        : rate_(rate.value),
          window_(static_cast<std::size_t>(kWindow * rate.value)),
          least_(static_cast<std::size_t>(rate.value / kHighest)),
          most_(static_cast<std::size_t>(rate.value / kLowest)),
          difference_(most_ + 2) {}

    std::size_t span() const { return window_ + most_ + 2; }

    // `x` has span() samples.
    float key(const float* x) {
        double power = 0.0;
        for (std::size_t i = 0; i < window_; ++i)
            power += static_cast<double>(x[i]) * static_cast<double>(x[i]);
        if (power < kQuiet * static_cast<double>(window_)) return kUnvoiced;
        differ(x);
        const std::size_t lag = dip();
        if (lag == 0) return kUnvoiced;
        const double frequency = rate_ / (static_cast<double>(lag) + between(lag));
        return static_cast<float>(69.0 + 12.0 * std::log2(frequency / 440.0));
    }

private:
    // Mean-normalised, so that lag 0 is no dip.
    void differ(const float* x) {
        std::fill(difference_.begin(), difference_.end(), 0.0f);
        const std::size_t lags = difference_.size();
        for (std::size_t i = 0; i < window_; ++i) {
            const float now = x[i];
            const float* later = x + i;
            for (std::size_t lag = 0; lag < lags; ++lag) {
                const float d = now - later[lag];
                difference_[lag] += d * d;
            }
        }
        double sum = 0.0;
        difference_[0] = 1.0f;
        for (std::size_t lag = 1; lag < lags; ++lag) {
            sum += static_cast<double>(difference_[lag]);
            difference_[lag] = sum > 0.0
                                   ? static_cast<float>(static_cast<double>(difference_[lag]) *
                                                        static_cast<double>(lag) / sum)
                                   : 1.0f;
        }
    }
    std::size_t dip() const {
        std::size_t best = least_;
        for (std::size_t lag = least_; lag <= most_; ++lag) {
            if (difference_[lag] < difference_[best]) best = lag;
            if (difference_[lag] >= kFirstDip) continue;
            while (lag < most_ && difference_[lag + 1] < difference_[lag]) ++lag;
            return lag;
        }
        return difference_[best] < kVoiced ? best : 0;
    }
    // Where the parabola through three lags is lowest.
    double between(std::size_t lag) const {
        const auto d = [&](std::size_t at) { return static_cast<double>(difference_[at]); };
        const double curve = d(lag - 1) - 2.0 * d(lag) + d(lag + 1);
        return curve <= 0.0 ? 0.0 : std::clamp(0.5 * (d(lag - 1) - d(lag + 1)) / curve, -1.0, 1.0);
    }

    double rate_;
    std::size_t window_, least_, most_;
    std::vector<float> difference_;
};

// A reading that is an octave off stands alone.
void drop_outliers(PitchCurve& curve) {
    const PitchCurve raw = curve;
    for (std::size_t i = 2; i + 2 < raw.size(); ++i) {
        std::array<float, 5> near{};
        std::copy_n(raw.begin() + static_cast<std::ptrdiff_t>(i) - 2, 5, near.begin());
        std::sort(near.begin(), near.end());
        if (raw[i] != kUnvoiced && near[2] != kUnvoiced && std::fabs(raw[i] - near[2]) > 1.5f)
            curve[i] = near[2];
    }
}

void drop_short_runs(PitchCurve& curve) {
    for (std::size_t i = 0; i < curve.size();) {
        std::size_t end = i;
        while (end < curve.size() && curve[end] != kUnvoiced) ++end;
        if (end - i < kShortest)
            std::fill(curve.begin() + static_cast<std::ptrdiff_t>(i),
                      curve.begin() + static_cast<std::ptrdiff_t>(end), kUnvoiced);
        i = end + 1;
    }
}

}  // namespace

PitchCurve find_pitch(std::span<const float> voice, dsp::Hertz rate) {
    Yin yin(rate);
    const double hop = kHop * rate.value;
    PitchCurve curve(static_cast<std::size_t>(static_cast<double>(voice.size()) / hop) + 1,
                     kUnvoiced);
    // Silence around it, so that the first and the last reading have something to compare.
    const std::size_t half = yin.span() / 2;
    std::vector<float> padded(voice.size() + 2 * yin.span(), 0.0f);
    std::copy(voice.begin(), voice.end(), padded.begin() + static_cast<std::ptrdiff_t>(half));
    for (std::size_t i = 0; i < curve.size(); ++i)
        curve[i] = yin.key(padded.data() + static_cast<std::size_t>(static_cast<double>(i) * hop));
    drop_outliers(curve);
    drop_short_runs(curve);
    return curve;
}

}  // namespace mixrig::tune
