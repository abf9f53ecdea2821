// Figures of levels that come in pieces.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

namespace mixrig::app::check {

// Integrated loudness of ITU-R BS.1770-4 from K-weighted sums of squares: blocks of 0.4 s every
// 0.1 s, gated at -70 LUFS and then 10 LU below what is left. Pieces of a tenth are as long as the
// meter frames make them, so it is within some hundredths of a LU of the standard's.
class GatedLoudness {
public:
    explicit GatedLoudness(dsp::Hertz rate) : tenth_(rate.value / 10.0) {}

    void add(double squares, double frames) {
        squares_ += squares;
        frames_ += frames;
        if (frames_ + 0.5 < tenth_) return;
        powers_.push_back(static_cast<float>(squares_ / frames_));
        squares_ = frames_ = 0.0;
    }
    // Empty if nothing was loud enough.
    std::optional<double> integrated() const {
        const auto absolute = mean_above(std::pow(10.0, (-70.0 + kOffset) / 10.0));
        if (!absolute) return std::nullopt;
        const auto gated = mean_above(*absolute / 10.0);
        return gated ? std::optional(10.0 * std::log10(*gated) - kOffset) : std::nullopt;
    }

private:
    static constexpr double kOffset = 0.691;

    std::optional<double> mean_above(double gate) const {
        double sum = 0.0;
        std::size_t count = 0;
        for (std::size_t i = 3; i < powers_.size(); ++i) {
            double block = 0.0;
            for (std::size_t k = 0; k < 4; ++k) block += static_cast<double>(powers_[i - k]) / 4.0;
            if (block <= gate) continue;
            sum += block;
            ++count;
        }
        return count > 0 ? std::optional(sum / static_cast<double>(count)) : std::nullopt;
    }

    double tenth_;
    double squares_ = 0.0, frames_ = 0.0;
    std::vector<float> powers_;  // of tenths of a second
};

// How far peaks stand above the RMS of their second, on the mean over the seconds that sound.
class MeanCrest {
public:
    explicit MeanCrest(dsp::Hertz rate) : second_(rate.value) {}

    // Both sides together: the higher peak, the mean of the squares.
    void add(double peak, double squares, double frames) {
        peak_ = std::max(peak_, peak);
        squares_ += squares;
        frames_ += frames;
        if (frames_ < second_) return;
        const double mean = squares_ / frames_;
        if (mean > kQuiet) {
            sum_ += 20.0 * std::log10(peak_) - 10.0 * std::log10(mean);
            ++seconds_;
        }
        peak_ = squares_ = frames_ = 0.0;
    }
    std::optional<double> dB() const {
        if (seconds_ == 0) return std::nullopt;
        return sum_ / static_cast<double>(seconds_);
    }

private:
    static constexpr double kQuiet = 1e-6;  // -60 dBFS

    double second_;
    double peak_ = 0.0, squares_ = 0.0, frames_ = 0.0, sum_ = 0.0;
    std::size_t seconds_ = 0;
};

}  // namespace mixrig::app::check
