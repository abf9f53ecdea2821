// Levels of 31 bands of a third of an octave, 20 Hz to 20 kHz.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"
#include "src/monitor/averaging.h"

#include <array>
#include <cstddef>

namespace mixrig::monitor {

inline constexpr std::size_t kThirdOctaves = 31;

// [monitor] Band filters of sixth order, Butterworth (three state-variable sections each, by the
// bilinear transform with both edges prewarped); centres and edges by IEC 61260-1:2014, base ten:
// f = 1000 Hz * 10^(n/10), edges a factor of 10^(1/20) away. A filter bank and not an FFT, because
// a band at 20 Hz is 4.6 Hz wide and its level must follow in the same time as that of any other.
// A sine reads its RMS (full scale: -3.01 dBFS); noise reads 0.2 dB more than an ideal band would,
// in every band alike. Of two sides the mean power is taken. An edge that lies beyond the half
// sample rate is drawn below it.
class ThirdOctaves {
public:
    explicit ThirdOctaves(dsp::Hertz rate);

    static dsp::Hertz centre(std::size_t band);
    void use(Averaging averaging);
    // Precondition: finite samples. Levels move once a call.
    void add(const float* left, const float* right, std::size_t frames);
    std::array<float, kThirdOctaves> levels_dBFS() const;
    void reset();

private:
    static constexpr std::size_t kLanes = 32;  // one more than bands, for whole vectors
    static constexpr std::size_t kSections = 3;
    using Lanes = std::array<float, kLanes>;
    struct Section {
        Lanes a1{}, a2{}, a3{}, gain{};  // of its band-pass output
    };
    struct State {
        Lanes s1{}, s2{};
    };
    using Side = std::array<State, kSections>;

    void design(std::size_t band);
    void run(const float* in, Side& side, std::size_t frames, Lanes& energy) const;

    dsp::Hertz rate_;
    std::array<Section, kSections> sections_{};
    std::array<Side, 2> sides_{};
    std::array<MeanPower, kThirdOctaves> means_{};
    Averaging averaging_ = Averaging::fast;
};

}  // namespace mixrig::monitor
