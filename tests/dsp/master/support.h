// What the tests of the master chain share: its blocks as one kind, stems, and how they are run.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/units.h"
#include "tests/dsp/fx/sweep_support.h"

#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace mixrig::dsp::test::master {

using sweep::coherent;
using sweep::Samples;
using sweep::scaled;
using sweep::Slices;
using sweep::Stereo;

inline const std::vector<Hertz> kRates = {{44100.0}, {48000.0}, {96000.0}, {192000.0}};

// A block of the chain. Settings are numbered: the first two by name, the others are drawn at
// random, by their number. Any of them plus kSwitchedOff is the same, but off.
inline constexpr std::size_t kOff = 0, kDriven = 1, kDrawn = 2, kSwitchedOff = 1000000;

class Block {
public:
    Block() = default;
    virtual ~Block() = default;
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;

    virtual void set(std::size_t setting, Change change) = 0;
    virtual void begin_quantum() = 0;
    virtual void process(float* left, float* right, Slice slice) = 0;
    virtual void process(double* left, double* right, Slice slice) = 0;
    // With the gains of the leader's last process(), of the same slice.
    virtual void follow(float* left, float* right, Slice slice, const Block& leader) = 0;
    virtual void follow(double* left, double* right, Slice slice, const Block& leader) = 0;
    virtual void reset() = 0;
    virtual std::size_t latency() const = 0;
};

struct Kind {
    std::string name;
    std::function<std::unique_ptr<Block>(Hertz)> make;
    bool linear = false;
};
const std::vector<Kind>& kinds();

inline double gain_of(double dB) {
    return std::pow(10.0, dB / 20.0);
}
inline double in_dB(double gain) {
    return 20.0 * std::log10(gain + 1e-30);
}

// Whole quanta of x through it, in place.
template <typename Unit>
void run(Unit& unit, Stereo& x, const Slices& slices) {
    for (std::size_t at = 0; at + kQuantum <= x.left.size(); at += kQuantum) {
        unit.begin_quantum();
        for (const Slice slice : slices)
            unit.process(x.left.data() + at, x.right.data() + at, slice);
    }
}
template <typename Unit>
Stereo through(Unit& unit, Stereo x) {
    run(unit, x, sweep::kWhole);
    return x;
}

inline Stereo both(const Samples& x) {
    return {x, x};
}

// The gain in dB at frequencies, of each side against a pulse of 0.1 on the left, found from the
// answer of a linear unit to that pulse (times `right` on the right), over within half a second.
struct SideGains {
    std::vector<double> left, right;
};
SideGains gains_dB(const Stereo& answer, const std::vector<Hertz>& frequencies, Hertz rate);
template <typename Unit>
SideGains gains_dB(Unit& unit, const std::vector<Hertz>& frequencies, double right, Hertz rate) {
    const auto frames = static_cast<std::size_t>(0.5 * rate.value) / kQuantum * kQuantum;
    const Samples pulse = scaled(sweep::impulse(frames), 0.1);
    return gains_dB(through(unit, {pulse, scaled(pulse, right)}), frequencies, rate);
}
// Evenly in pitch.
std::vector<Hertz> pitches(Hertz low, Hertz high, std::size_t count);

// Eight stems, panned, of tones, hits and noise, which add up to a loud mix.
std::vector<Stereo> stems(std::size_t frames, Hertz rate, double level);
Stereo sum(const std::vector<Stereo>& parts);

}  // namespace mixrig::dsp::test::master
