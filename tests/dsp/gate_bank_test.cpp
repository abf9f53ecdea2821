// The gate as a bank: vectors against the definition, slicing, glides, reset, hostile input.
// definition.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/cpu.h"
#include "dsp/denormals.h"
#include "dsp/gate.h"
#include "tests/dsp/dynamics_support.h"
#include "tests/dsp/gate_support.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace mixrig::dsp;
using namespace mixrig::dsp::literals;
using namespace mixrig::dsp::test;

namespace gate_bank_test {

GateSettings random_settings(std::mt19937& random) {
    const auto between = [&](double low, double high) {
        return std::uniform_real_distribution<double>(low, high)(random);
    };
    return {.mode = random() % 2 ? GateMode::gate : GateMode::expander,
            .threshold = Decibels{between(-80.0, 0.0)},
            .ratio = between(1.0, 10.0),
            .range = Decibels{between(0.0, 90.0)},
            .attack = Seconds{between(0.0, 0.05)},
            .hold = Seconds{between(0.0, 0.05)},
            .release = Seconds{between(0.005, 1.0)},
            .on = random() % 4 != 0};
}

// Changes a few lanes at every 16th quantum, the same ones for the same seed.
struct RandomChanges {
    GateBank& bank;
    std::mt19937 random;
    void operator()(std::size_t quantum) {
        if (quantum % 16 != 0) return;
        for (int k = 0; k < 5; ++k) {
            const std::size_t lane = random() % kLanes;
            const GateLane goal = design_gate(random_settings(random), 48_kHz);
            bank.set(lane, goal, random() % 8 == 0 ? Change::jump : Change::glide);
        }
    }
};

struct Outcome {
    Bank x;
    LaneFloats reduction;
    LaneMask at_rest;
};

Outcome run_random(std::uint32_t seed, Run run) {
    const FlushSubnormals flush;
    GateBank bank(48_kHz);
    Bank x = wandering_noise(9600, seed);
    const Bank key = wandering_noise(9600, seed + 1);
    RandomChanges changes{bank, std::mt19937(seed)};
    run.key = &key;
    run.linked = 0x3c0f;
    run.begin = 32u * 54321u;
    run.before_quantum = [&](std::size_t q) { changes(q); };
    process(bank, x, run);
    return {x, bank.reduction_dB(), bank.at_rest()};
}

TEST_CASE("gate: every fused target gives the bits of the definition, glides and masks included") {
    for (const std::uint32_t seed : {1u, 2u, 3u}) {
        for (const LaneMask lanes :
             {kAllLanes, LaneMask{0x0ff3}, LaneMask{0xc000}, LaneMask{0x0003}}) {
            Run run;
            run.lanes = lanes;
            run.scalar = true;
            const Outcome expected = run_random(seed, run);
            run.scalar = false;
            for (const Target& target : targets()) {
                use_target(target);
                CAPTURE(target.name);
                CAPTURE(seed);
                const Outcome got = run_random(seed, run);
                if (target.fused)
                    CHECK(different_bits(expected.x, got.x) == 0);
                else  // rounding twice; no threshold of these runs is met within a rounding
                    CHECK(largest_difference(expected.x, got.x) < 1e-5);
                CHECK(expected.at_rest == got.at_rest);
                for (std::size_t lane = 0; lane < kLanes; ++lane)
                    CHECK(std::fabs(expected.reduction[lane] - got.reduction[lane]) <
                          (target.fused ? 1e-30f : 1e-3f));
            }
        }
    }
    init();
}

TEST_CASE("gate: output does not depend on how time is cut") {
    const Outcome whole = run_random(7, {.block = 32});
    for (const std::size_t block : {1u, 3u, 7u, 17u, 64u, 480u}) {
        CAPTURE(block);
        CHECK(different_bits(whole.x, run_random(7, {.block = block}).x) == 0);
    }
}

TEST_CASE("gate: off is the identity bit for bit, beside lanes that are on") {
    const Bank before = wandering_noise(9600, 11);
    Bank x = before;
    GateBank bank(48_kHz);
    for (const std::size_t lane : {0u, 3u, 9u})
        bank.set(lane, design_gate(plain_gate(), 48_kHz), Change::jump);
    process(bank, x, {});
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        std::size_t different = 0;
        for (std::size_t n = 0; n < 9600; ++n)
            different += sample(x, n, lane) != before[n / kQuantum].at(n % kQuantum)[lane];
        CHECK((different == 0) == !(bank.active() & lane_bit(lane)));
    }
}

TEST_CASE("gate: switched on under a loud tone it makes no hole, switched off no step") {
    GateBank bank(48_kHz);
    Bank x = silence(14400);
    fill(x, 2, [](std::size_t n) { return 0.5 * sine(n, 60_Hz, 48_kHz); });
    fill(x, 3, [](std::size_t) { return 0.001; });  // below the threshold: is turned down
    const Bank before = x;
    GateSettings settings = plain_gate();
    settings.hold = 0_ms;
    const auto turn = [&](std::size_t q) {
        for (const std::size_t lane : {2u, 3u}) {
            if (q == 30) bank.set(lane, design_gate(settings, 48_kHz), Change::glide);
            if (q == 300) bank.set(lane, design_gate({}, 48_kHz), Change::glide);
        }
    };
    process(bank, x, {.before_quantum = turn});
    double lost = 0.0, step = 0.0;
    for (std::size_t n = 1; n < 14400; ++n) {
        const double dry = static_cast<double>(before[n / kQuantum].at(n % kQuantum)[2]);
        if (n < 1440) lost = std::max(lost, std::fabs(dry - static_cast<double>(sample(x, n, 2))));
        step = std::max(step, std::fabs(static_cast<double>(sample(x, n, 3)) -
                                        static_cast<double>(sample(x, n - 1, 3))));
    }
    CHECK(lost < 1e-7);          // dry and wet gain add up to 1 within a rounding
    CHECK(step < 0.001 * 0.01);  // release 20 ms over 40 dB begins with 0.5 % a frame
    CHECK(sample(x, 9500, 3) < 0.0000101f);
    CHECK(sample(x, 14399, 3) == 0.001f);
    CHECK(bank.active() == kNoLanes);
}

TEST_CASE("gate: reset is the state that endless silence leads to, and that of a new gate") {
    const FlushSubnormals flush;
    for (const GateMode mode : {GateMode::gate, GateMode::expander}) {
        GateSettings settings = plain_gate();
        settings.mode = mode;
        settings.ratio = 1.2;  // of the expander; its reduction in silence is not its range
        settings.range = Decibels{90.0};
        GateBank waited = with(settings, 48_kHz), reset = with(settings, 48_kHz);
        Bank noise = wandering_noise(9600, 3), same = noise;
        process(waited, noise, {});
        process(reset, same, {});
        CHECK(waited.at_rest() == kNoLanes);
        Bank quiet = silence(48000 * 5);
        process(waited, quiet, {.begin = 9600});
        CHECK(waited.at_rest() == kAllLanes);
        reset.reset(kAllLanes);
        CHECK(reset.at_rest() == kAllLanes);
        GateBank fresh = with(settings, 48_kHz);
        Bank a = wandering_noise(9600, 4), b = a, c = a;
        process(waited, a, {.begin = 48000});
        process(reset, b, {.begin = 48000});
        process(fresh, c, {.begin = 48000});
        CHECK(different_bits(a, b) == 0);
        CHECK(different_bits(b, c) == 0);
    }
}

TEST_CASE("gate: a lane moves to another bank with its state") {
    GateBank from = with(plain_gate(), 48_kHz), to(48_kHz);
    Bank noise = wandering_noise(9600, 3);
    process(from, noise, {});
    to.take_lane(9, from, 2);
    CHECK(to.active() == lane_bit(9));
    Bank a = wandering_noise(4800, 8), b = a;
    for (std::size_t n = 0; n < 4800; ++n) sample(b, n, 9) = sample(a, n, 2);
    process(from, a, {.begin = 9600});
    process(to, b, {.begin = 9600});
    std::size_t different = 0;
    for (std::size_t n = 0; n < 4800; ++n) different += sample(a, n, 2) != sample(b, n, 9);
    CHECK(different == 0);
}

TEST_CASE("gate: random settings and levels stay finite and never amplify") {
    std::mt19937 random(99);
    for (int round = 0; round < 20; ++round) {
        GateBank bank(48_kHz);
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            bank.set(lane, design_gate(random_settings(random), 48_kHz), Change::jump);
        Bank x = wandering_noise(3200, static_cast<std::uint32_t>(round));
        for (BankBlock& block : x)
            for (float& y : block.x) y *= round % 2 ? 1e15f : 1.0f;
        const Bank before = x;
        process(bank, x, {});
        REQUIRE(all_finite(x));
        for (std::size_t q = 0; q < x.size(); ++q)
            for (std::size_t i = 0; i < kQuantum * kLanes; ++i)
                REQUIRE(std::fabs(x[q].x[i]) <= 1.0001f * std::fabs(before[q].x[i]));
    }
}

TEST_CASE("gate: silence stays silence") {
    const FlushSubnormals flush;
    GateBank bank = with(plain_gate(), 48_kHz);
    Bank x = wandering_noise(4800, 1);
    process(bank, x, {});
    Bank tail = silence(9600);
    process(bank, tail, {.begin = 4800});
    for (const BankBlock& block : tail)
        for (const float y : block.x) REQUIRE(y == 0.0f);
}

TEST_CASE("gate: works without allocation") {
    GateBank bank = with(plain_gate(), 48_kHz);
    Bank x = wandering_noise(9600, 1);
    const std::size_t before = allocations();
    process(bank, x, {});
    bank.set(0, design_gate({}, 48_kHz), Change::glide);
    bank.reset(kAllLanes);
    CHECK(allocations() == before);
}

}  // namespace gate_bank_test
