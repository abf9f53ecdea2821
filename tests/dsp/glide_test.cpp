// Glides.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/glide.h"

#include "dsp/gain.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::literals;

namespace glide_test {

double gain_at(const GainCurve& curve, std::size_t lane, std::size_t n) {
    return scalar::gain_at(scalar::Rounding::once, curve, lane, n);
}

TEST_CASE("glide: takes 10 ms or the next whole quantum") {
    CHECK(glide_quanta(48_kHz) == 15);
    CHECK(glide_quanta(44.1_kHz) == 14);
    CHECK(glide_quanta(96_kHz) == 30);
    CHECK(glide_quanta(192_kHz) == 60);
}

TEST_CASE("glide: from rest it arrives exactly and never leaves the range between") {
    for (const auto& [from, to] :
         {std::pair{0.0f, 1.0f}, {1.0f, 0.0f}, {0.3f, 3.98f}, {2.0f, -2.0f}}) {
        GainGlides glides(15, from);
        glides.set(5, to, Change::glide);
        const double low = std::min(from, to) - 1e-6, high = std::max(from, to) + 1e-6;
        double before = from;
        for (int quantum = 0; quantum < 15; ++quantum) {
            glides.begin_quantum();
            for (std::size_t n = 0; n < kQuantum; ++n) {
                const double now = gain_at(glides.curve(), 5, n);
                CHECK(now >= low);
                CHECK(now <= high);
                // The steepest step of a smoothstep is 1.5 times that of a straight line.
                CHECK(std::fabs(now - before) < 1.6 * std::fabs(to - from) / 480.0 + 1e-6);
                before = now;
            }
            CHECK(!glides.idle());
        }
        CHECK(glides.value(5) == to);
        glides.begin_quantum();
        CHECK(glides.idle());
        CHECK(glides.curve().gliding == kNoLanes);
        for (std::size_t n = 0; n < kQuantum; ++n)
            CHECK(gain_at(glides.curve(), 5, n) == static_cast<double>(to));
        CHECK(glides.value(4) == from);
    }
}

TEST_CASE("glide: changes of mind make no step, in value or in slope") {
    GainGlides glides(15, 1.0f);
    Noise noise(21);
    double before = 1.0, slope_before = 0.0;
    for (int quantum = 0; quantum < 400; ++quantum) {
        if (noise.below(4) == 0) glides.set(0, noise.below(2) ? 1.0f : 0.0f, Change::glide);
        glides.begin_quantum();
        for (std::size_t n = 0; n < kQuantum; ++n) {
            const double now = gain_at(glides.curve(), 0, n);
            const double slope = now - before;
            CHECK(std::fabs(slope) < 3.0 * 1.5 / 480.0);
            // Second differences: 6 / frames^2 for a step of 1 from rest, a few times that with a
            // slope to undo.
            CHECK(std::fabs(slope - slope_before) < 4.0 * 6.0 / (480.0 * 480.0));
            before = now;
            slope_before = slope;
            CHECK(now > -0.5);
            CHECK(now < 1.5);
        }
    }
}

TEST_CASE("glide: a jump is there at once, a repeated goal changes nothing") {
    GainGlides glides(15, 1.0f);
    glides.set(2, 0.25f, Change::jump);
    CHECK(glides.idle());
    CHECK(glides.curve().c0[2] == 0.25f);
    glides.set(2, 0.25f, Change::glide);
    CHECK(glides.idle());
    glides.set(2, -0.0f, Change::jump);
    CHECK(!std::signbit(glides.curve().c0[2]));
}

TEST_CASE("glide: a lane that moves to another bank goes on where it was") {
    GainGlides here(15, 1.0f), there(15, 0.5f);
    here.set(3, 0.0f, Change::glide);
    for (int quantum = 0; quantum < 20; ++quantum) {
        here.begin_quantum();
        if (quantum == 4)
            there.take_lane(9, here, 3);
        else if (quantum > 4)
            there.begin_quantum();
        if (quantum < 4) continue;
        for (std::size_t n = 0; n < kQuantum; ++n)
            CHECK(gain_at(here.curve(), 3, n) == gain_at(there.curve(), 9, n));
        CHECK(there.value(9) == here.value(3));
    }
    CHECK(there.idle());
}

TEST_CASE("glide: muting a full-scale sine of 997 Hz leaves less than -95 dB above 4 kHz") {
    // A straight line of the same length leaves about -70 dB, a raised cosine -103 dB.
    GainGlides glides(glide_quanta(48_kHz), 1.0f);
    std::vector<float> out;
    for (int quantum = 0; quantum < 64; ++quantum) {
        if (quantum == 20) glides.set(0, 0.0f, Change::glide);
        glides.begin_quantum();
        BankBlock block;
        for (std::size_t n = 0; n < kQuantum; ++n) {
            const auto t = static_cast<double>(out.size() + n) / 48000.0;
            block.at(n)[0] = static_cast<float>(std::sin(2.0 * std::numbers::pi * 997.0 * t));
        }
        apply_gain(block.x, glides.curve(), {0, kQuantum}, kAllLanes);
        for (std::size_t n = 0; n < kQuantum; ++n) out.push_back(block.at(n)[0]);
    }
    const Decibels left = energy_above(out, 4_kHz, 48_kHz);
    MESSAGE("energy above 4 kHz: " << left.value << " dB");
    CHECK(left.value < -95.0);
}

}  // namespace glide_test
