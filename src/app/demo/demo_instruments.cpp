// The instruments that join the demo band for a whole song: skins, shakers, plucked strings.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/demo/demo_instruments.h"

#include "src/app/demo/demo_sources.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace mixrig::app {

using namespace demo;

namespace {

// A plucked string: a burst of noise goes round in a line as long as its period and loses its
// heights at each turn (K. Karplus and A. Strong, "Digital synthesis of plucked-string and drum
// timbres", 1983); an all-pass brings the part of a frame that is missing (D. Jaffe and J. Smith,
// the same issue of the Computer Music Journal).
class String {
public:
    String(double frequency, double brightness, std::uint32_t seed, double rate) {
        const double period = rate / frequency - 0.5;  // the mean of two samples is half a one late
        const double whole = std::max(2.0, std::floor(period - 0.2));
        const double rest = period - whole;
        tune_ = (1.0 - rest) / (1.0 + rest);
        keep_ = std::exp2(-10.0 / (frequency * kRing));  // -60 dB in that many seconds
        line_.resize(static_cast<std::size_t>(whole));
        pluck(brightness, seed);
    }
    double next() {
        const double out = line_[at_];
        const double mean = keep_ * 0.5 * (out + before_);
        before_ = out;
        const double late = tune_ * (mean - late_) + mean_;
        mean_ = mean;
        line_[at_] = late_ = late;
        at_ = at_ + 1 < line_.size() ? at_ + 1 : 0;
        return out;
    }

private:
    // Softer fingers make duller noise; a pluck at a fifth of the string leaves out each fifth
    // partial.
    void pluck(double brightness, std::uint32_t seed) {
        Noise noise(seed);
        double dull = 0.0;
        for (double& x : line_) x = dull += brightness * (noise.next() - dull);
        const std::vector<double> plain = line_;
        const std::size_t place = plain.size() / 5;
        for (std::size_t i = 0; i < plain.size(); ++i)
            line_[i] -= 0.9 * plain[(i + plain.size() - place) % plain.size()];
    }

    static constexpr double kRing = 4.0;  // seconds

    std::vector<double> line_;
    std::size_t at_ = 0;
    double tune_ = 0.0, keep_ = 1.0, before_ = 0.0, mean_ = 0.0, late_ = 0.0;
};

}  // namespace

void play_tom(Tape& tape, const Note& note) {
    const double f = hertz(note.key);
    Noise noise(note.seed);
    double phase = 0.0;
    record(tape, note, 0.9, [&](double t) {
        phase += f * (1.0 + 0.5 * std::exp(-t / 0.04)) / tape.rate;
        const double skin = std::sin(kTwoPi * phase) + 0.3 * std::sin(kTwoPi * 1.59 * phase);
        const double stick = noise.next() * std::exp(-t / 0.006);
        return (skin * std::exp(-t / 0.18) + 0.2 * stick) * swell(t, 0.6, 0.001, 0.3);
    });
}

void play_shaker(Tape& tape, const Note& note) {
    Noise noise(note.seed);
    HighPass first(4500.0, tape.rate), second(4500.0, tape.rate);
    Resonator pod;
    pod.tune(8500.0, 6000.0, tape.rate);
    record(tape, note, 0.12, [&](double t) {
        return pod.next(second.next(first.next(noise.next()))) * swell(t, 0.02, 0.025, 0.05);
    });
}

void play_tambourine(Tape& tape, const Note& note) {
    constexpr std::array<double, 4> kJingles = {5213.0, 6871.0, 8039.0, 9677.0};
    Noise noise(note.seed);
    HighPass bright(6000.0, tape.rate);
    record(tape, note, 0.5, [&](double t) {
        double jingles = 0.0;
        for (const double f : kJingles) jingles += std::sin(kTwoPi * f * t);
        // They strike the frame a second time.
        const double strokes = std::exp(-t / 0.05) + (t > 0.035 ? 0.6 : 0.0) * std::exp(-t / 0.09);
        return (0.12 * jingles + 0.7 * bright.next(noise.next())) * strokes *
               swell(t, 0.3, 0.001, 0.2);
    });
}

void play_guitar(Tape& tape, const Note& note) {
    String string(hertz(note.key), 0.12 + 0.38 * note.velocity, note.seed, tape.rate);
    // The box: its air and its top, over what comes straight from the strings.
    Resonator air, top;
    air.tune(115.0, 40.0, tape.rate);
    top.tune(230.0, 60.0, tape.rate);
    HighPass bridge(90.0, tape.rate);
    record(tape, note, note.length + 0.12, [&](double t) {
        const double x = string.next();
        return (bridge.next(x) + 0.02 * air.next(x) + 0.04 * top.next(x)) *
               swell(t, note.length, 0.0007, 0.11);
    });
}

void play_arpeggio(Tape& tape, const Note& note) {
    const double f = hertz(note.key);
    Saw one(0.0), two(0.37);
    Resonator filter;
    std::size_t i = 0;
    record(tape, note, note.length + 0.25, [&](double t) {
        if (i++ % 16 == 0) {
            const double corner = f + (600.0 + 3200.0 * note.velocity) * std::exp(-t / 0.07);
            filter.tune(corner, 0.35 * corner, tape.rate);
        }
        // Two saws against each other are a pulse.
        const double pulse = one.next(f, tape.rate) - two.next(1.002 * f, tape.rate);
        return filter.next(pulse) * std::exp(-t / 0.22) * swell(t, note.length, 0.002, 0.2);
    });
}

void play_sweep(Tape& tape, const Note& note) {
    Noise noise(note.seed);
    Resonator first, second;
    HighPass low(300.0, tape.rate);
    std::size_t i = 0;
    record(tape, note, note.length + 0.05, [&](double t) {
        const double share = std::min(1.0, t / note.length);
        if (i++ % 32 == 0) {
            const double f = 400.0 * std::exp2(4.0 * share);
            first.tune(f, 0.3 * f, tape.rate);
            second.tune(1.4 * f, 0.4 * f, tape.rate);
        }
        return low.next(second.next(first.next(noise.next()))) * share * share *
               swell(t, note.length, 0.01, 0.04);
    });
}

void play_impact(Tape& tape, const Note& note) {
    Noise noise(note.seed);
    Resonator room;
    room.tune(500.0, 700.0, tape.rate);
    double phase = 0.0;
    record(tape, note, 2.2, [&](double t) {
        phase += (38.0 + 45.0 * std::exp(-t / 0.08)) / tape.rate;
        return (0.8 * std::sin(kTwoPi * phase) * std::exp(-t / 0.5) +
                0.5 * room.next(noise.next()) * std::exp(-t / 0.6)) *
               swell(t, 1.4, 0.003, 0.8);
    });
}

void hiss(Tape& tape, const Note& note) {
    Noise noise(note.seed);
    HighPass first(5200.0, tape.rate), second(5200.0, tape.rate);
    Resonator teeth;
    teeth.tune(7400.0, 2400.0, tape.rate);
    record(tape, note, note.length + 0.03, [&](double t) {
        return teeth.next(second.next(first.next(noise.next()))) *
               swell(t, note.length, 0.03, 0.03);
    });
}

}  // namespace mixrig::app
