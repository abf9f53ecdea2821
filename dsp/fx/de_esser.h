// De-esser: takes the band of the sibilants down while it is loud.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/unit.h"
#include "dsp/glide.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <vector>

namespace mixrig::dsp {

// The crossover is of fourth order after S. Linkwitz and R. Riley (JAES 1976): both bands are in
// phase everywhere and 6 dB down at `frequency`, and add up to an all-pass of second order. So
// without sibilants the magnitude is flat in both modes, and there is no latency.
//     high(f) = w^4 / (1 + w^4),  low(f) = 1 / (1 + w^4)
//     w = tan(pi * f / rate) / tan(pi * frequency / rate)
//     split: low + g * high,  wide: g * (low + high)
// Level L: absolute, the peak in dB of the high band, of the louder side. It is the magnitude of
// the band and its quadrature (a pair of all-pass chains after R. A. Valenzuela and A. G.
// Constantinides, IEE Proc. 1983, turned by a quarter of the rate), so a steady sine reads its peak
// without ripple at any frequency above 2 kHz; below, up to 3 dB more.
// Reduction in dB, with o = L - threshold:
//     0 for o <= -3;  (o + 3)^2 / 16 up to o = 3;  3/4 * o above; never more than `range`
// that is 4:1 with a knee of 6 dB. It reaches 63 % of a step in 1 ms upwards, in `release`
// downwards.
// The output is at most 3.6 times the input's peak: the all-pass's taps, without signs, add up to
// that at 2 kHz, where it is most.
class DeEsser final : public FxUnit {
public:
    struct Settings {
        Hertz frequency{6000.0};    // 0: 2000..12000 Hz
        Decibels threshold{-30.0};  // 1: -60..0 dB
        Decibels range{12.0};       // 2: 0..24 dB
        bool wide = false;          // 3: 0 split, 1 wide
        Seconds release{0.060};     // 4: 10..500 ms
    };
    static Settings settings(const FxSettings& values) MIXRIG_REALTIME;

    explicit DeEsser(Hertz rate);  // [control]

    void set(const FxSettings& goal, Change change) MIXRIG_REALTIME override;
    void begin_quantum() MIXRIG_REALTIME override;
    void process(float* left, float* right, Slice slice) MIXRIG_REALTIME override;
    void follow(const FxUnit& leader) MIXRIG_REALTIME override {
        leader_ = static_cast<const DeEsser*>(&leader);
    }
    void reset() MIXRIG_REALTIME override;
    bool is_at_rest() const MIXRIG_REALTIME override;

    // What is taken away now.
    Decibels reduction() const MIXRIG_REALTIME { return {reduction_}; }

private:
    static constexpr std::size_t kSections = 3;  // all-passes in each chain

    // Of the state variable filter: a1 = 1 / (1 + g (g + k)), a2 = g a1, a3 = g a2, k = sqrt(2).
    struct Weights {
        float a1 = 0.0f, a2 = 0.0f, a3 = 0.0f;
    };
    struct Bands {
        float low, high;
    };
    using BandGains = std::array<Bands, kQuantum>;
    struct Section {
        float s1 = 0.0f, s2 = 0.0f;
        Bands split(float x, const Weights& at) MIXRIG_REALTIME;
    };
    // The inputs of the all-passes and the output, each as it was one and two frames ago.
    struct Chain {
        std::array<std::array<float, 2>, kSections + 1> past{};
        float process(float x, const std::array<float, kSections>& a) MIXRIG_REALTIME;
    };
    struct Side {
        Section first, low, high;
        Chain straight, turned;
        float before = 0.0f;  // the high band a frame ago
    };

    Weights weights(std::size_t frame) const MIXRIG_REALTIME;
    Weights weights_at(std::size_t frame) const MIXRIG_REALTIME;
    Bands gains_for(const Bands& left, const Bands& right, std::size_t frame) MIXRIG_REALTIME;
    Bands split(Side& side, float x, const Weights& at) const MIXRIG_REALTIME;
    float square(Side& side, float high) const MIXRIG_REALTIME;
    float target(float square, std::size_t frame) const MIXRIG_REALTIME;

    double rate_;
    GainGlides quick_, slow_;
    Weights from_, to_;  // at the quantum's ends
    std::array<float, kSections> straight_{}, turned_{};
    double attack_, release_ = 0.0;
    std::array<Side, 2> sides_;
    double reduction_ = 0.0;  // dB
    BandGains gains_{};       // at the frames of the quantum
    const DeEsser* leader_ = nullptr;
};

}  // namespace mixrig::dsp
