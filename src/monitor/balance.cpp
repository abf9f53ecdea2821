// Third octaves of whole files, added up.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/balance.h"

#include "src/monitor/levels.h"
#include "src/monitor/third_octaves.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace mixrig::monitor {
namespace {

constexpr double kFloor = -120.0;
constexpr std::size_t kLowest90 = 6;  // the third octave of 80 Hz
// The meters' mean forgets in 125 ms: after a stretch of 4 s it is that stretch's mean power, and
// nothing of the one before is left (e^-32).
constexpr double kStretch = 4.0;

using Powers = std::array<double, kThirdOctaves>;

Powers third_octave_powers(std::span<const float> left, std::span<const float> right,
                           dsp::Hertz rate) {
    ThirdOctaves bands(rate);
    bands.use(Averaging::fast);
    Powers sums{};
    const std::size_t frames = left.size();
    const auto stretch = static_cast<std::size_t>(kStretch * rate.value);
    const std::size_t parts = std::max<std::size_t>(1, frames / std::max<std::size_t>(1, stretch));
    for (std::size_t part = 0; part < parts; ++part) {
        const std::size_t begin = frames * part / parts, end = frames * (part + 1) / parts;
        bands.add(left.data() + begin, right.data() + begin, end - begin);
        const auto levels = bands.levels_dBFS();
        for (std::size_t band = 0; band < kThirdOctaves; ++band)
            if (levels[band] > kFloor_dB)
                sums[band] += std::pow(10.0, static_cast<double>(levels[band]) / 10.0) *
                              static_cast<double>(end - begin);
    }
    return sums;
}

double ratio_dB(double power, double of) {
    return power > 0.0 && of > 0.0 ? std::max(kFloor, 10.0 * std::log10(power / of)) : kFloor;
}

}  // namespace

Balance tonal_balance(std::span<const float> left, std::span<const float> right, dsp::Hertz rate) {
    const Powers powers = third_octave_powers(left, right, rate);
    Balance out{};
    double all = 0.0;
    for (const double power : powers) all += power;
    for (std::size_t i = 0; i < out.size(); ++i) {
        double sum = 0.0;
        for (std::size_t band = kBalanceBands[i].first; band <= kBalanceBands[i].last; ++band)
            sum += powers[band];
        out[i] = ratio_dB(sum, all);
    }
    return out;
}

double low_side_dB(std::span<const float> left, std::span<const float> right, dsp::Hertz rate) {
    std::vector<float> middle(left.size()), side(left.size());
    for (std::size_t n = 0; n < left.size(); ++n) {
        middle[n] = 0.5f * (left[n] + right[n]);
        side[n] = 0.5f * (left[n] - right[n]);
    }
    const Powers of_middle = third_octave_powers(middle, middle, rate);
    const Powers of_side = third_octave_powers(side, side, rate);
    double low_middle = 0.0, low_side = 0.0;
    for (std::size_t band = 0; band <= kLowest90; ++band) {
        low_middle += of_middle[band];
        low_side += of_side[band];
    }
    return ratio_dB(low_side, low_middle);
}

}  // namespace mixrig::monitor
