// Convolution with an impulse response: a unit of the effect rack.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/fx/unit.h"
#include "dsp/glide.h"
#include "dsp/units.h"
#include "src/base/result.h"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace mixrig::convolution {

// One response for both sides, one for each side, or four: left to left, left to right, right to
// left, right to right.
using Response = std::vector<std::vector<float>>;

inline constexpr dsp::Seconds kLongest{20.0};

//     out_r = level * sum over sides l of h_lr * in_l(t - predelay)
// in uniform partitions of kBlock frames, by which the output is late; that is part of the
// pre-delay on a bus and aligned in an insert. Everything is computed by the thread that calls.
// Responses are scaled so that noise comes back as loud as it went in: the sum of h squared, of the
// louder output, is 1.
class Convolution : public dsp::FxUnit {
public:
    static constexpr std::size_t kBlock = dsp::kConvolutionBlock;

    struct Settings {
        dsp::Seconds predelay{0.0};  // 0: 0..250 ms
        dsp::Decibels level{0.0};    // 1: -24..24 dB
    };

    // [not audio] Allocates and plans, which takes milliseconds. Refuses a response that is empty,
    // silent, longer than kLongest, or of three or more than four channels.
    static base::Result<std::unique_ptr<Convolution>> make(Response response, dsp::Hertz rate);
    ~Convolution() override;

    void set(const dsp::FxSettings& goal, dsp::Change change) MIXRIG_REALTIME override;
    void begin_quantum() MIXRIG_REALTIME override;
    void process(float* left, float* right, dsp::Slice slice) MIXRIG_REALTIME override;
    void reset() MIXRIG_REALTIME override;
    std::size_t latency() const MIXRIG_REALTIME override { return kBlock; }
    bool is_at_rest() const MIXRIG_REALTIME override;

private:
    class Engine;  // zita-convolver's
    Convolution(std::unique_ptr<Engine> engine, std::size_t frames, dsp::Hertz rate);
    float delayed(std::size_t side, std::size_t frame) const MIXRIG_REALTIME;

    std::unique_ptr<Engine> engine_;
    std::size_t frames_;  // of the response
    double rate_;
    std::array<std::vector<float>, 2> line_;     // of the pre-delay
    std::size_t written_ = 0;                    // in line_
    std::size_t now_ = 0, next_ = 0, goal_ = 0;  // pre-delays, crossing over
    dsp::GainGlides glides_;                     // level, weight of next_
    std::size_t position_ = 0;                   // in the block
    std::size_t silent_ = 0;                     // frames since something came in
};

}  // namespace mixrig::convolution
