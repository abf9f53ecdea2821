// Saturation: three curves, oversampled and averaged between samples against aliasing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/oversample.h"
#include "dsp/fx/unit.h"
#include "dsp/glide.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::dsp {

// All curves have slope 1 at rest; x is the sample times the drive.
enum class SaturationCurve : std::uint8_t {
    // f(x) = x / sqrt(1 + x^2): odd, limits +-1. Tanh-like, and a little softer (0.71 where tanh
    // has 0.76); taken because its mean between two samples has a closed form free of cancellation.
    soft,
    // The same about a working point b = 0.3: (s(x + b) - s(b)) / s'(b), limits 0.81 and -1.46,
    // so even harmonics. Behind it a first-order high-pass at 5 Hz takes the DC away.
    tube,
    // Straight to 0.75, a parabola to 1.25, then +-1.
    hard,
};

// wet = low_pass(dc_free(f(drive * x))), out = (1 - mix) * x + mix * output * wet, x later by
// latency(). The low-pass is of first order, -3 dB at `tone`, and is out at 20000 Hz.
//
// Against aliasing the curve is computed at 16 times the rate, from 64 kHz on 8 times, and, as J.
// D. Parker, V. Zavalishin and E. Le Bivic have it ("Reducing the aliasing of nonlinear waveshaping
// using continuous-time convolution", DAFx-16), as its mean over the straight line between two
// samples: (F(x1) - F(x0)) / (x1 - x0) with F' = f. A mean of two neighbours behind it makes the
// delay whole.
//
// Before the last filter the shaped signal keeps within the limits above. Band-limited again it may
// pass them: a square wave by 1.3 times, no signal by more than 2.2 times (sum of the taps'
// absolute values); the DC removal can at most double that.
class Saturation final : public FxUnit {
public:
    struct Settings {
        Decibels drive{0.0};                            // 0: 0..36 dB
        SaturationCurve curve = SaturationCurve::soft;  // 1: 0, 1, 2
        Hertz tone{20000.0};                            // 2: 1000..20000 Hz
        Decibels output{0.0};                           // 3: -24..12 dB
        float mix = 1.0f;                               // 4: 0..1
    };
    static Settings settings(const FxSettings& values) MIXRIG_REALTIME;

    explicit Saturation(Hertz rate);  // [control]

    void set(const FxSettings& goal, Change change) MIXRIG_REALTIME override;
    void begin_quantum() MIXRIG_REALTIME override;
    void process(float* left, float* right, Slice slice) MIXRIG_REALTIME override;
    void tell() MIXRIG_REALTIME override { tells_ = true; }
    void follow(const FxUnit& leader) MIXRIG_REALTIME override {
        leader_ = static_cast<const Saturation*>(&leader);
    }
    void reset() MIXRIG_REALTIME override;
    std::size_t latency() const MIXRIG_REALTIME override { return oversampler_.latency(); }
    bool is_at_rest() const MIXRIG_REALTIME override;

private:
    static constexpr std::size_t kCurves = 3;
    // What glides; the first lanes are the weights of the curves.
    enum Lane : std::size_t { weights, drive = kCurves, wet, dry, open, tone, lanes };

    struct Channel {
        SampleLine dry;
        SampleLine high;  // samples of the high rate; a mean needs the two before
        double dc = 0.0;
        float tone = 0.0f;
    };

    // What a sample of the high rate was made of, once it was known how the curve bends there:
    //     y[k] = first[k] x[k] + middle[k] x[k + 1] + last[k] x[k + 2]
    struct Told {
        explicit Told(std::size_t count) : first(count), middle(count), last(count) {}
        std::vector<float> first, middle, last;
    };

    using Frames = std::array<float, kQuantum>;
    void gains(Lane lane, Slice slice, Frames& out) const MIXRIG_REALTIME;
    bool in_use(std::size_t curve) const MIXRIG_REALTIME;
    void saturate(std::size_t side, float* x, Slice slice, const Told* told) MIXRIG_REALTIME;
    void shape(Channel& channel, Slice slice) MIXRIG_REALTIME;
    void shape_alike(Channel& channel, const Told& told, Slice slice) MIXRIG_REALTIME;
    void keep(const Channel& channel, Told& told, Slice slice) MIXRIG_REALTIME;
    void after(Channel& channel, Frames& wet, Slice slice) MIXRIG_REALTIME;
    // Longer than all filters together.
    std::size_t long_silence() const MIXRIG_REALTIME { return 2 * latency() + 1; }
    float tone_weight(float octaves) const MIXRIG_REALTIME;

    double rate_;
    Oversampler oversampler_;
    GainGlides glides_;
    double dc_weight_;
    float tone_at_ = 0.0f, tone_step_ = 0.0f, tone_goal_ = 0.0f;
    std::array<Channel, 2> channels_;
    std::vector<float> means_, shaped_;
    std::array<Told, 2> told_;
    bool tells_ = false;
    const Saturation* leader_ = nullptr;
    std::size_t silent_;  // frames since the last sound
};

}  // namespace mixrig::dsp
