// A spectrum for the eye: 256 points from 20 Hz to 20 kHz, evenly spaced by octaves.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/fft/fft.h"
#include "src/monitor/averaging.h"

#include <array>
#include <cstddef>
#include <vector>

namespace mixrig::monitor {

inline constexpr std::size_t kSpectrumPoints = 256;

// [monitor] Hann window of 8192 frames at 44.1 and 48 kHz, twice and four times as many at twice
// and four times the rate, every quarter of it. A point shows the strongest of the frequencies that
// are nearest to it, each as the power of three neighbouring bins over the window's noise
// bandwidth of 1.5 bins: so a sine reads its RMS within 0.1 dB wherever it stands between bins
// (full scale: -3.01 dBFS). Of two sides the mean power is taken.
class Spectrum {
public:
    explicit Spectrum(dsp::Hertz rate);

    static dsp::Hertz frequency(std::size_t point);
    void use(Averaging averaging);
    // Precondition: finite samples.
    void add(const float* left, const float* right, std::size_t frames);
    std::array<float, kSpectrumPoints> levels_dBFS() const;
    void reset();

private:
    struct Range {
        std::size_t first = 0, last = 0;  // bins
    };
    void transform();

    dsp::Hertz rate_;
    fft::PowerFft fft_;
    std::size_t hop_;
    std::vector<float> window_;  // its gain for a sine of amplitude 1 makes the power 1/2
    std::array<std::vector<float>, 2> heard_;
    std::vector<float> power_;  // mean of both sides
    std::size_t at_ = 0;        // where the oldest frame stands
    std::size_t waiting_ = 0;   // frames since the last transform
    std::array<Range, kSpectrumPoints> ranges_{};
    std::array<MeanPower, kSpectrumPoints> means_{};
    Averaging averaging_ = Averaging::fast;
};

}  // namespace mixrig::monitor
