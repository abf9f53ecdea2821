// The oscillator of the desk: sine, pink and white noise, sweep.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace mixrig::dsp {

enum class OscillatorType : std::uint8_t { sine, pink, white, sweep };
inline constexpr std::size_t kOscillatorTypes = 4;

struct OscillatorGoal {
    OscillatorType type = OscillatorType::sine;
    float frequency = 1000.0f;  // Hz, of the sine; kept below 0.45 of the rate
};

// White noise of RMS 1, evenly spread. The same numbers on every machine.
class WhiteNoise {
public:
    float next() MIXRIG_REALTIME {
        // Knuth's MMIX generator; its upper bits are good.
        state_ = state_ * 6364136223846793005u + 1442695040888963407u;
        constexpr float kStep = 1.7320508f * 0x1p-31f;
        return kStep * static_cast<float>(static_cast<std::int32_t>(state_ >> 32));
    }

private:
    std::uint64_t state_ = 1;
};

// What makes white noise pink: poles and zeros of first order in turn, by a factor of sqrt(3) apart
// from 4 Hz up, fall by 3 dB an octave on the average; a zero on the other side makes up for the
// bend towards half the rate. Within 0.11 dB of a straight line from 20 Hz to 20 kHz, or 0.45 of
// the rate, at every rate from 8 to 192 kHz; RMS 1 stays RMS 1.
class PinkFilter {
public:
    explicit PinkFilter(Hertz rate);  // [control]
    float process(float x) MIXRIG_REALTIME;
    double gain_at(Hertz frequency, Hertz rate) const;  // for tests
    void reset() MIXRIG_REALTIME;

private:
    static constexpr std::size_t kMost = 12;  // enough for 384 kHz
    struct Section {
        double pole = 0.0, zero = 0.0, state = 0.0;
    };
    double energy() const;

    std::array<Section, kMost> sections_{};
    std::size_t count_ = 0;
    double gain_ = 1.0, before_ = 0.0;
};

// From 20 Hz to 20 kHz (or 0.45 of the rate), each octave in the same time; then from 20 Hz again,
// without a break in the phase.
class Sweep {
public:
    static constexpr Seconds kLength{5.0};

    explicit Sweep(Hertz rate);  // [control]
    float next() MIXRIG_REALTIME;
    void reset() MIXRIG_REALTIME;

private:
    double start_, ratio_;  // cycles a frame; growth a frame
    std::uint64_t frames_, frame_ = 0;
    double step_, phase_ = 0.0;
};

// One signal: of sine and sweep the peak is 1, of noise the RMS. A new type crosses over within the
// glide time, a sweep from its start; a new frequency goes on from the phase that the sine has.
class Oscillator {
public:
    explicit Oscillator(Hertz rate);  // [control]

    // [quantum boundary]
    void set(const OscillatorGoal& goal, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;
    // As new, but for what was set.
    void reset() MIXRIG_REALTIME;

    // Overwrites out[0 .. slice.count).
    void process(float* out, Slice slice) MIXRIG_REALTIME;

private:
    bool sounds(std::size_t type) const MIXRIG_REALTIME;
    float next(OscillatorType type) MIXRIG_REALTIME;

    double rate_;
    GainGlides weights_;               // lane: type
    double step_ = 0.0, phase_ = 0.0;  // of the sine, in cycles
    WhiteNoise white_, pink_source_;
    PinkFilter pink_;
    Sweep sweep_;
};

}  // namespace mixrig::dsp
