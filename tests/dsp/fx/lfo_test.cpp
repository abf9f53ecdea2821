// The oscillator and the line of swept effects.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/fx/lfo.h"

#include "dsp/fx/delay_line.h"
#include "tests/dsp/fx/sweep_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::test::sweep;
using namespace mixrig::dsp::literals;

TEST_CASE("lfo: the phase is exact after ten hours") {
    // 0.3 Hz at 48 kHz is a step of 1/5000 cycle a quantum, which no binary number holds.
    Lfo lfo(48_kHz);
    constexpr std::uint64_t kQuanta = 10ull * 3600 * 1500;
    for (std::uint64_t quantum = 0; quantum <= kQuanta + 1234; ++quantum)
        lfo.begin_quantum(0.3, 0.3);
    // Whole cycles after the hours, then 1234/5000 of one. 2^-52 of a step, 5.4e7 times, is 2e-12.
    CHECK(off(lfo.at(0), 1234.0 / 5000.0) < 1e-11);
}

TEST_CASE("lfo: phases of neighbouring quanta meet, while the rate moves too") {
    Lfo lfo(48_kHz);
    Noise random(20);
    double end = 0.0, rate = 5.0;
    for (int quantum = 0; quantum < 2000; ++quantum) {
        const double next = random.between(0.0, 20.0);
        lfo.begin_quantum(rate, next);
        const double gap = lfo.at(0) - end;
        CHECK(std::abs(gap - std::round(gap)) < 1e-12);
        end = lfo.at(kQuantum);
        rate = next;
    }
}

TEST_CASE("lfo: the wave forms are what they say") {
    for (int k = 0; k <= 4000; ++k) {
        const double phase = k / 4000.0;
        const double exact = std::cos(2.0 * std::numbers::pi * phase);
        // Taylor's first omitted term at the end of the range is 5.7e-8.
        REQUIRE(std::abs(cosine(phase) - exact) < 6e-8);
        REQUIRE(std::abs(cosine(phase + 7.0) - exact) < 6e-8);
        REQUIRE(std::abs(cosine(phase - 0.99) - std::cos(2.0 * std::numbers::pi * (phase - 0.99))) <
                6e-8);
    }
    CHECK(triangle(0.0) == 1.0);
    CHECK(triangle(0.5) == -1.0);
    CHECK(triangle(0.25) == 0.0);
}

TEST_CASE("lfo: a quantum's cosine is the cosine, while its rate and its turn move too") {
    Lfo lfo(44.1_kHz);
    Noise random(22);
    double rate = 10.0;
    for (int quantum = 0; quantum < 500; ++quantum) {
        // A glide of 14 quanta from end to end moves it by 1 Hz a quantum at most.
        const double next = std::clamp(rate + random.between(-1.0, 1.0), 0.0, 10.0);
        lfo.begin_quantum(rate, next);
        rate = next;
        // As fast as a voice's place in the cycle moves: 3/4 in 0.2 s, one and a half times that.
        const Cubic turn{0.3f, 1.3e-4f, -1e-7f, 0.0f};
        const QuantumCosine wave = quantum_cosine(lfo, turn, 0.5);
        for (std::size_t n = 0; n <= kQuantum; ++n) {
            const double cycles = lfo.at(n) + 0.5 * double{turn.at(n)};
            // Taylor 6e-8, Hermite 2e-8 for 0.06 radians a quantum and 1.6e-7 for a rate that moves
            // that fast, the turn in float 1e-7: together below 4e-7.
            REQUIRE(std::abs(wave.at(static_cast<double>(n)) -
                             std::cos(2.0 * std::numbers::pi * cycles)) < 4e-7);
        }
    }
}

TEST_CASE("delay line: whole delays give the sample, those between the cubic through four") {
    DelayLine line(1000);
    const Samples x = noise(5000, 1.0f, 21);
    for (const float sample : x) line.write(sample);
    for (const std::size_t d : {1u, 2u, 77u, 1000u}) CHECK(line.read(d) == x[5000 - d]);
    for (const std::size_t d : {2u, 77u, 1000u})
        CHECK(line.read_between(static_cast<double>(d)) == x[5000 - d]);

    // Any cubic is given back exactly, but for the rounding of its samples.
    DelayLine smooth(64);
    const auto cubic = [](double t) { return 0.3 + t * (0.2 - t * (0.03 + 0.002 * t)); };
    for (int n = -40; n < 0; ++n) smooth.write(static_cast<float>(cubic(0.1 * n)));
    for (const double d : {2.0, 2.25, 3.5, 10.9})
        CHECK(std::abs(smooth.read_between(d) - cubic(-0.1 * d)) < 1e-6);
}

TEST_CASE("delay line: between frames it amplifies no frequency") {
    for (const double between : {0.1, 0.25, 0.5, 0.9})
        for (double frequency = 100.0; frequency < 24000.0; frequency += 700.0) {
            DelayLine line(16);
            Samples out;
            for (const float sample : sine({frequency}, 4096, 48_kHz)) {
                line.write(sample);
                out.push_back(line.read_between(5.0 + between));
            }
            // Rounding of samples, and what the window lets leak of the negative frequency.
            CHECK(amplitude(out, 64, 4096, {frequency}, 48_kHz) < 1.0 + 2e-4);
        }
}

TEST_CASE("delay line: halfway between frames it loses what the header says") {
    for (const auto& [frequency, loss] : {std::pair{10_kHz, 0.53}, std::pair{15_kHz, 2.52}}) {
        DelayLine line(16);
        Samples out;
        for (const float sample : sine(frequency, 4096, 48_kHz)) {
            line.write(sample);
            out.push_back(line.read_between(5.5));
        }
        const double level = 20.0 * std::log10(amplitude(out, 64, 4096, frequency, 48_kHz));
        CHECK(std::abs(level + loss) < 0.01);
    }
}

TEST_CASE("delay line: what was not written and what is below -200 dB is silence") {
    DelayLine line(100);
    CHECK(line.is_silent(100));
    line.write(1.0f);
    CHECK(line.read(2) == 0.0f);
    CHECK(!line.is_silent(1));
    for (int n = 0; n < 50; ++n) line.write(0.9e-10f);
    CHECK(line.read(1) == 0.0f);
    CHECK(line.is_silent(50));
    CHECK(!line.is_silent(51));
    line.forget();
    CHECK(line.is_silent(100));
    CHECK(line.read(51) == 0.0f);
}
