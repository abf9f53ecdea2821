// The instruments of the demo band: decaying sines, noise, saws and formants.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/demo/demo_voices.h"

#include "src/app/demo/demo_sources.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mixrig::app {

using namespace demo;

void play_kick(Tape& tape, const Note& note) {
    Noise noise(note.seed);
    double phase = 0.0;
    record(tape, note, 0.7, [&](double t) {
        phase += (47.0 + 160.0 * std::exp(-t / 0.018)) / tape.rate;
        const double body = std::sin(kTwoPi * phase) * std::exp(-t / 0.14);
        const double beater = noise.next() * std::exp(-t / 0.004);
        return (body + 0.25 * beater) * swell(t, 0.5, 0.001, 0.2);
    });
}

void play_snare(Tape& tape, const Note& note) {
    Noise noise(note.seed);
    HighPass wires(1200.0, tape.rate);
    record(tape, note, 0.5, [&](double t) {
        const double skin = std::sin(kTwoPi * 188.0 * t) + 0.6 * std::sin(kTwoPi * 331.0 * t);
        const double rattle = wires.next(noise.next()) * std::exp(-t / 0.09);
        return (0.5 * skin * std::exp(-t / 0.05) + 0.7 * rattle) * swell(t, 0.3, 0.0005, 0.2);
    });
}

void play_hat(Tape& tape, const Note& note) {
    Noise noise(note.seed);
    HighPass first(7000.0, tape.rate), second(7000.0, tape.rate);
    record(tape, note, note.length * 5.0, [&](double t) {
        return second.next(first.next(noise.next())) * std::exp(-t / note.length) *
               swell(t, note.length * 4.0, 0.0005, note.length);
    });
}

void play_cymbal(Tape& tape, const Note& note) {
    // Six squares that share no multiple: the old trick of drum machines for metal.
    constexpr std::array<double, 6> kMetal = {845.1, 1198.4, 1480.6, 1751.3, 2122.9, 2733.7};
    Noise noise(note.seed);
    HighPass bright(4500.0, tape.rate);
    record(tape, note, note.length * 4.0, [&](double t) {
        double metal = 0.0;
        for (const double f : kMetal) metal += std::sin(kTwoPi * f * t) > 0.0 ? 0.1 : -0.1;
        return bright.next(metal + 0.8 * noise.next()) * std::exp(-t / note.length) *
               swell(t, note.length * 3.0, 0.002, note.length);
    });
}

void play_bass(Tape& tape, const Note& note) {
    const double f = hertz(note.key);
    Saw string(0.0);
    Resonator amplifier;
    std::size_t i = 0;
    record(tape, note, note.length + 0.08, [&](double t) {
        if (i++ % 32 == 0)
            amplifier.tune(250.0 + 1100.0 * note.velocity * std::exp(-t / 0.15), 500.0, tape.rate);
        const double tone = amplifier.next(string.next(f, tape.rate));
        const double deep = std::sin(kTwoPi * f * t);
        return (0.5 * tone + 0.6 * deep) * std::exp(-t / 1.2) * swell(t, note.length, 0.004, 0.06);
    });
}

void play_keys(Tape& tape, const Note& note) {
    // An electric piano: a sine that another sine bends less and less, and a tine far above.
    const double f = hertz(note.key);
    record(tape, note, note.length + 0.5, [&](double t) {
        const double bend = 1.6 * note.velocity * std::exp(-t / 0.35);
        const double tone = std::sin(kTwoPi * f * t + bend * std::sin(kTwoPi * f * t));
        const double tine = 0.15 * std::sin(kTwoPi * 7.0 * f * t) * std::exp(-t / 0.06);
        return (tone * std::exp(-t / 1.1) + tine) * swell(t, note.length, 0.003, 0.4);
    });
}

void play_pad(Tape& tape, const Note& note) {
    const double f = hertz(note.key);
    Noise noise(note.seed);
    Saw one(noise.next() * 0.5 + 0.5), two(noise.next() * 0.5 + 0.5);
    Resonator soft;
    std::size_t i = 0;
    record(tape, note, note.length + 1.2, [&](double t) {
        if (i++ % 32 == 0) soft.tune(900.0 + 500.0 * std::sin(kTwoPi * 0.33 * t), 900.0, tape.rate);
        const double x = one.next(f * 1.003, tape.rate) + two.next(f * 0.997, tape.rate);
        return soft.next(x) * swell(t, note.length, 0.7, 1.2);
    });
}

void sing(Tape& tape, const Note& note, double from_key, const Vowel& from, const Vowel& to) {
    constexpr std::array<double, 4> kBandwidth = {70.0, 90.0, 140.0, 220.0};
    Noise noise(note.seed);
    Saw glottis(0.0);
    Resonator cords;
    cords.tune(0.0, 2500.0, tape.rate);  // a voice is darker than a saw
    std::array<Resonator, 4> tract;
    HighPass lips(2500.0, tape.rate), teeth(5000.0, tape.rate);
    std::size_t i = 0;
    double f = hertz(from_key);
    record(tape, note, note.length + 0.15, [&](double t) {
        if (i++ % 32 == 0) {
            const double vibrato =
                0.25 * std::clamp((t - 0.25) / 0.4, 0.0, 1.0) * std::sin(kTwoPi * 5.3 * t);
            const double slide = (from_key - note.key) * std::exp(-t / 0.045);
            f = hertz(note.key + slide + vibrato);
            const double vowel = std::clamp(t / note.length, 0.0, 1.0);
            for (std::size_t k = 0; k < tract.size(); ++k)
                tract[k].tune(std::lerp(from.formant[k], to.formant[k], vowel), kBandwidth[k],
                              tape.rate);
        }
        const double breath = noise.next() * (0.01 + 0.12 * std::exp(-t / 0.03));
        double x = cords.next(glottis.next(f, tape.rate)) + breath;
        for (Resonator& formant : tract) x = formant.next(x);
        // No formant is above the fourth: what is there is air, most of it where a word begins.
        const double air = teeth.next(noise.next()) * (0.015 + 0.25 * std::exp(-t / 0.035));
        return (lips.next(x) + air) * swell(t, note.length, 0.03, 0.12);
    });
}

}  // namespace mixrig::app
