// Third octaves of whole files, added up.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/balance.h"

#include "src/monitor/levels.h"

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
    WholeOctaves octaves(rate);
    const std::size_t frames = left.size(), parts = WholeOctaves::parts(frames, rate);
    for (std::size_t part = 0; part < parts; ++part) {
        const std::size_t begin = frames * part / parts, end = frames * (part + 1) / parts;
        octaves.add(left.subspan(begin, end - begin), right.subspan(begin, end - begin));
    }
    return octaves.means();
}

double ratio_dB(double power, double of) {
    return power > 0.0 && of > 0.0 ? std::max(kFloor, 10.0 * std::log10(power / of)) : kFloor;
}

}  // namespace

std::size_t WholeOctaves::parts(std::uint64_t frames, dsp::Hertz rate) {
    const double stretches = static_cast<double>(frames) / (kStretch * rate.value);
    return std::max<std::size_t>(1, static_cast<std::size_t>(stretches));
}

void WholeOctaves::add(std::span<const float> left, std::span<const float> right) {
    bands_.add(left.data(), right.data(), left.size());
    const auto levels = bands_.levels_dBFS();
    for (std::size_t band = 0; band < kThirdOctaves; ++band)
        if (levels[band] > kFloor_dB)
            sums_[band] += std::pow(10.0, static_cast<double>(levels[band]) / 10.0) *
                           static_cast<double>(left.size());
    frames_ += left.size();
}

Powers WholeOctaves::means() const {
    Powers means = sums_;
    for (double& mean : means) mean /= static_cast<double>(std::max<std::uint64_t>(1, frames_));
    return means;
}

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
