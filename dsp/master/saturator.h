// Saturator of the master chain: three smooth curves at a high rate.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/master/shaper.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace mixrig::dsp {

// x is the sample times the drive; all have slope 1 at rest.
enum class SaturatorCurve : std::uint8_t {
    soft,  // x / (1 + x^2)^(1/2): odd harmonics, early
    tube,  // the same about a working point b = 0.2, (s(x + b) - s(b)) / s'(b): even ones as well;
           // behind it a first-order high-pass at 5 Hz takes the DC away
    firm,  // x / (1 + x^4)^(1/4): odd, straight for longer
};

struct SaturatorSettings {
    Decibels drive{0.0};  // 0..24 dB
    SaturatorCurve curve = SaturatorCurve::soft;
    float mix = 1.0f;      // 0..1
    Decibels output{0.0};  // -24..12 dB, of the saturated part
    bool on = false;
};

// out = (1 - mix) x + mix * output * high_pass(g(h) h), x later by latency(); h is the sample times
// the drive at 16 times the rate (from 64 kHz on 8 times), g(h) = f(h) / h, which is 1 at 0 for
// every curve. The curves are analytic, so harmonics fall exponentially and little folds: at full
// drive, for a sine of 5 kHz at -6 dB, tests/dsp/master/saturator_test.cpp says how little.
//
// A stem follows the mix: another Saturator that is set alike at the same boundaries runs follow()
// with the gains g of the mix. Followers of parts that add up to the mix add up to its output.
class Saturator {
public:
    using Gains = ShaperGains;

    explicit Saturator(Hertz rate);  // [control]

    // [audio, quantum boundary, before begin_quantum] All glide in 10 ms.
    void set(const SaturatorSettings& settings, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME { shaper_.begin_quantum(); }

    // [audio] Floats or doubles, in place; index 0 is the first frame of the quantum. Off, the
    // output is the input, latency() later, bit for bit.
    template <typename Sample>
    void process(Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME;
    const Gains& gains() const MIXRIG_REALTIME { return gains_; }  // of the last process()
    template <typename Sample>
    void follow(Sample* left, Sample* right, Slice slice, const Gains& gains) MIXRIG_REALTIME;

    void reset() MIXRIG_REALTIME;
    std::size_t latency() const MIXRIG_REALTIME { return shaper_.latency(); }

private:
    static constexpr std::size_t kCurves = 3;
    // What glides; the first lanes are the weights of the curves.
    enum Lane : std::size_t { weights, drive = kCurves, wet, dry };

    void find_gains(std::size_t side, const double* high, Slice slice) MIXRIG_REALTIME;
    template <typename Sample>
    void run(std::size_t side, Sample* x, Slice slice, const Gains* told) MIXRIG_REALTIME;
    void without_dc(std::size_t side, Slice slice, double* y) MIXRIG_REALTIME;

    Shaper shaper_;
    double dc_weight_;
    std::array<double, 2> dc_{};
    Gains gains_;
};

}  // namespace mixrig::dsp
