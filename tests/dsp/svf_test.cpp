// Second-order filters on a bank.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/svf.h"

#include "dsp/denormals.h"
#include "dsp/design.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::literals;

namespace svf_test {

SvfLane random_lane(Noise& noise) {
    const auto type = static_cast<FilterType>(noise.below(7));
    const double f = 20.0 * std::pow(1000.0, noise.between(0.0, 1.0));
    const double q = type == FilterType::low_shelf || type == FilterType::high_shelf
                         ? noise.between(0.3, 1.0)
                         : 0.1 * std::pow(200.0, noise.between(0.0, 1.0));
    return design_eq(type, {f}, q, {noise.between(-24.0, 24.0)}, 48_kHz);
}

// Some lanes jump, some glide, some are switched off, some stay.
void disturb(SvfBank& bank, Noise& noise) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const std::size_t what = noise.below(8);
        if (what == 0) bank.set(lane, random_lane(noise), Change::jump);
        if (what < 3) bank.set(lane, random_lane(noise), Change::glide);
        if (what == 3) bank.set(lane, kSvfIdentity, Change::glide);
    }
}

std::vector<SvfBank> random_sections(std::size_t count, Noise& noise) {
    std::vector<SvfBank> sections(count, SvfBank(48_kHz));
    for (SvfBank& section : sections) disturb(section, noise);
    return sections;
}

bool same_state(SvfBank& a, SvfBank& b) {
    return same_bits(a.state().s1.v, b.state().s1.v, sizeof(LaneFloats)) &&
           same_bits(a.state().s2.v, b.state().s2.v, sizeof(LaneFloats)) &&
           a.active() == b.active();
}

// Gain of a sine after the bank has settled.
Decibels gain_of_sine(const SvfBank& settled, double frequency, double rate) {
    SvfBank bank = settled;
    double in = 0.0, out = 0.0;
    const int quanta = static_cast<int>(rate / 32.0);
    for (int quantum = 0; quantum < quanta; ++quantum) {
        BankBlock block;
        for (std::size_t n = 0; n < kQuantum; ++n) {
            const double t = (quantum * 32.0 + static_cast<double>(n)) / rate;
            block.at(n)[3] = static_cast<float>(std::sin(2.0 * std::numbers::pi * frequency * t));
        }
        const BankBlock dry = block;
        bank.begin_quantum();
        bank.process(block.x, {0, kQuantum}, kAllLanes);
        if (quantum < quanta / 2) continue;
        for (std::size_t n = 0; n < kQuantum; ++n) {
            in += static_cast<double>(dry.at(n)[3]) * static_cast<double>(dry.at(n)[3]);
            out += static_cast<double>(block.at(n)[3]) * static_cast<double>(block.at(n)[3]);
        }
    }
    return {10.0 * std::log10(out / in)};
}

TEST_CASE("svf: a sine far below, at and far above the centre comes out as designed") {
    for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0}) {
        SvfBank bank({rate});
        bank.set(3, design_eq(FilterType::bell, 1_kHz, 2.0, 6_dB, {rate}), Change::jump);
        CHECK(gain_of_sine(bank, 20.0, rate).value == doctest::Approx(0.0).epsilon(0.01));
        CHECK(gain_of_sine(bank, 1000.0, rate).value == doctest::Approx(6.0).epsilon(0.01));
        CHECK(gain_of_sine(bank, 15000.0, rate).value == doctest::Approx(0.0).epsilon(0.05));

        bank.set(3, design_hpf(80_Hz, Slope::dB12, {rate})[0], Change::jump);
        CHECK(gain_of_sine(bank, 20.0, rate).value == doctest::Approx(-24.1).epsilon(0.01));
        CHECK(gain_of_sine(bank, 80.0, rate).value == doctest::Approx(-3.01).epsilon(0.02));
        CHECK(gain_of_sine(bank, 5000.0, rate).value == doctest::Approx(0.0).epsilon(0.05));
    }
}

TEST_CASE("svf: every instruction set and slicing gives the definition, bit for bit") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        Noise noise(71);
        const auto cuts = slicings();
        for (std::size_t round = 0; round < cuts.size() * 2; ++round) {
            std::vector<SvfBank> sections = random_sections(1 + round % 7, noise);
            std::vector<SvfBank> defined = sections;
            for (int quantum = 0; quantum < 20; ++quantum) {
                const LaneMask lanes = noise.below(3) == 0 ? noise.lanes() : kAllLanes;
                BankBlock block;
                noise.fill(block);
                BankBlock expected = block;
                for (SvfBank& section : sections) section.begin_quantum();
                for (const Slice slice : cuts[round % cuts.size()])
                    svf_process(sections, block.x, slice, lanes);
                for (SvfBank& section : defined) {
                    section.begin_quantum();
                    scalar::svf(rounding(target), section.state(), expected.x, {0, kQuantum},
                                lanes);
                }
                CHECK(same_bits(block, expected));
                for (std::size_t k = 0; k < sections.size(); ++k)
                    CHECK(same_state(sections[k], defined[k]));
            }
        }
    });
}

TEST_CASE("svf: lanes that are off or left out keep every bit, NaN included") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        SvfBank bank(48_kHz);
        for (std::size_t lane = 0; lane < kLanes; lane += 2)
            bank.set(lane, design_eq(FilterType::bell, 1_kHz, 1.0, 6_dB, 48_kHz), Change::jump);
        CHECK(bank.active() == 0x5555);
        BankBlock block;
        Noise noise(72);
        noise.fill(block);
        block.at(4)[1] = std::numeric_limits<float>::quiet_NaN();
        block.at(5)[3] = -0.0f;
        block.at(6)[5] = 1e-41f;
        block.at(7)[4] = std::numeric_limits<float>::infinity();
        const BankBlock before = block;
        bank.begin_quantum();
        bank.process(block.x, {0, kQuantum}, static_cast<LaneMask>(~lane_bit(4)));
        for (std::size_t n = 0; n < kQuantum; ++n)
            for (const std::size_t lane : {1u, 3u, 4u, 5u, 7u, 9u, 11u, 13u, 15u})
                CHECK(same_bits(block.at(n) + lane, before.at(n) + lane, sizeof(float)));
        for (std::size_t lane = 1; lane < kLanes; lane += 2) CHECK(bank.state().s1[lane] == 0.0f);
        CHECK(bank.state().s1[4] == 0.0f);
        CHECK(bank.state().s1[2] != 0.0f);
    });
}

TEST_CASE("svf: switching off ends in the identity, switching on begins from it") {
    SvfBank bank(48_kHz);
    Noise noise(73);
    BankBlock block;
    const auto run = [&](std::size_t quanta) {
        for (std::size_t i = 0; i < quanta; ++i) {
            noise.fill(block);
            bank.begin_quantum();
            bank.process(block.x, {0, kQuantum}, kAllLanes);
        }
    };
    CHECK(bank.active() == kNoLanes);
    bank.set(2, design_eq(FilterType::notch, 1_kHz, 1.0, 0_dB, 48_kHz), Change::glide);
    CHECK(bank.active() == lane_bit(2));
    CHECK(!bank.settled(2));
    run(16);
    CHECK(bank.settled(2));
    CHECK(bank.active() == lane_bit(2));
    CHECK((bank.quiet(1e-3f) & lane_bit(2)) == 0);
    bank.set(2, kSvfIdentity, Change::glide);
    bank.set(2, kSvfIdentity, Change::glide);  // asked twice: the glide does not start again
    run(15);
    CHECK(bank.active() == lane_bit(2));
    run(1);
    CHECK(bank.active() == kNoLanes);
    CHECK(bank.quiet(1e-9f) == kAllLanes);
}

TEST_CASE("svf: a glide set with that of another section arrives with it, and no other does") {
    // From a narrow band low down to a resonance high up takes four times as long as other glides.
    const SvfLane low = design_eq(FilterType::hpf, 20_Hz, 12.0, 0_dB, 48_kHz);
    const EqBand high{FilterType::hpf, 18_kHz, 12.0, 0_dB};
    const SvfLane touch_up = design_touch_up({&high, 1}, 48_kHz);
    SvfBank band(48_kHz), with(48_kHz), without(48_kHz);
    const auto quanta = [](SvfBank& bank) {
        int count = 0;
        for (; !bank.settled(5); ++count) bank.begin_quantum();
        return count;
    };
    band.set(5, low, Change::jump);
    band.set(5, design_eq_band(high, 48_kHz), Change::glide);
    for (SvfBank* bank : {&with, &without}) bank->set(5, touch_up, Change::glide);
    with.glide_with(5, band);
    // A glide that has begun is left alone.
    without.begin_quantum();
    without.glide_with(5, band);
    const int usual = 1 + quanta(without), longer = quanta(band);
    CHECK(longer > 3 * usual);
    CHECK(quanta(with) == longer);
    with.set(5, touch_up, Change::jump);
    with.glide_with(5, band);
    CHECK(with.settled(5));
}

TEST_CASE("svf: switching a bell, a shelf and a high-pass under a sine makes no click") {
    const std::vector<SvfLane> lanes = {
        design_eq(FilterType::bell, 997_Hz, 0.5, {-24.0}, 48_kHz),
        design_eq(FilterType::low_shelf, 2_kHz, 0.7, {-24.0}, 48_kHz),
        design_hpf(2_kHz, Slope::dB24, 48_kHz)[0],
    };
    for (const SvfLane& lane : lanes)
        for (const bool on : {true, false}) {
            SvfBank bank(48_kHz);
            bank.set(0, on ? kSvfIdentity : lane, Change::jump);
            std::vector<float> out;
            for (int quantum = 0; quantum < 96; ++quantum) {
                BankBlock block;
                for (std::size_t n = 0; n < kQuantum; ++n) {
                    const double t = (quantum * 32.0 + static_cast<double>(n)) / 48000.0;
                    block.at(n)[0] =
                        static_cast<float>(std::sin(2.0 * std::numbers::pi * 997.0 * t));
                }
                if (quantum == 50) bank.set(0, on ? lane : kSvfIdentity, Change::glide);
                bank.begin_quantum();
                bank.process(block.x, {0, kQuantum}, kAllLanes);
                // The first 32 quanta let a filter that starts with the sine settle.
                if (quantum >= 32)
                    for (std::size_t n = 0; n < kQuantum; ++n) out.push_back(block.at(n)[0]);
            }
            const Decibels left = energy_above(out, 4_kHz, 48_kHz);
            MESSAGE("energy above 4 kHz: " << left.value << " dB");
            CHECK(left.value < -80.0);
        }
}

TEST_CASE("svf: reset makes it equal to a new one") {
    Noise noise(74);
    SvfBank used(48_kHz), fresh(48_kHz);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
        const SvfLane c = random_lane(noise);
        used.set(lane, c, Change::glide);
        fresh.set(lane, c, Change::jump);
    }
    BankBlock block;
    for (int quantum = 0; quantum < 5; ++quantum) {
        noise.fill(block);
        used.begin_quantum();
        used.process(block.x, {0, kQuantum}, kAllLanes);
    }
    used.reset(kAllLanes);
    noise.fill(block);
    BankBlock expected = block;
    for (SvfBank* bank : {&used, &fresh}) bank->begin_quantum();
    used.process(block.x, {0, kQuantum}, kAllLanes);
    fresh.process(expected.x, {0, kQuantum}, kAllLanes);
    CHECK(same_bits(block, expected));
}

TEST_CASE("svf: a lane that moves to another bank goes on where it was") {
    Noise noise(75);
    SvfBank here(48_kHz), there(48_kHz);
    disturb(there, noise);
    here.set(3, random_lane(noise), Change::jump);
    here.set(3, random_lane(noise), Change::glide);
    for (int quantum = 0; quantum < 30; ++quantum) {
        BankBlock a, b;
        noise.fill(a);
        noise.fill(b);
        here.begin_quantum();
        there.begin_quantum();
        if (quantum == 6) there.take_lane(9, here, 3);
        for (std::size_t n = 0; n < kQuantum; ++n) b.at(n)[9] = a.at(n)[3];
        here.process(a.x, {0, kQuantum}, kAllLanes);
        there.process(b.x, {0, kQuantum}, kAllLanes);
        if (quantum < 6) continue;
        for (std::size_t n = 0; n < kQuantum; ++n)
            CHECK(same_bits(a.at(n) + 3, b.at(n) + 9, sizeof(float)));
    }
}

TEST_CASE("svf: silence in, silence out, and no subnormals after the tail") {
    const FlushSubnormals flush;
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        Noise noise(76);
        std::vector<SvfBank> sections = random_sections(3, noise);
        BankBlock block;
        int subnormal = 0;
        for (int quantum = 0; quantum < 12000; ++quantum) {
            for (SvfBank& section : sections) section.begin_quantum();
            if (quantum < 2)
                noise.fill(block);
            else
                block = {};
            svf_process(sections, block.x, {0, kQuantum}, kAllLanes);
            for (const float x : block.x) subnormal += std::fpclassify(x) == FP_SUBNORMAL ? 1 : 0;
        }
        CHECK(subnormal == 0);
        for (SvfBank& section : sections) CHECK(section.quiet(1e-9f) == kAllLanes);
        // A new bank that hears nothing says nothing.
        std::vector<SvfBank> fresh = random_sections(3, noise);
        block = {};
        for (int quantum = 0; quantum < 20; ++quantum) {
            for (SvfBank& section : fresh) section.begin_quantum();
            svf_process(fresh, block.x, {0, kQuantum}, kAllLanes);
        }
        for (const float x : block.x) CHECK(x == 0.0f);
    });
}

TEST_CASE("svf: random settings every quantum stay finite and bounded") {
    on_every_target([](const Target& target) {
        CAPTURE(std::string(target.name));
        Noise noise(77);
        SvfBank bank(48_kHz);
        float peak = 0.0f;
        for (int quantum = 0; quantum < 3000; ++quantum) {
            disturb(bank, noise);
            BankBlock block;
            noise.fill(block);
            bank.begin_quantum();
            bank.process(block.x, {0, kQuantum}, kAllLanes);
            for (const float x : block.x)
                peak = std::isfinite(x) ? std::max(peak, std::fabs(x)) : 1e9f;
        }
        MESSAGE("peak: " << peak);
        // +24 dB is a factor 16 for a sine; jumps between settings add what is stored.
        CHECK(peak < 200.0f);
    });
}

TEST_CASE("svf: nothing allocates after construction") {
    Noise noise(78);
    std::vector<SvfBank> sections = random_sections(4, noise);
    const SvfLane lane = random_lane(noise);
    BankBlock block;
    const std::size_t before = allocations();
    for (SvfBank& section : sections) {
        section.set(5, lane, Change::glide);
        section.begin_quantum();
        section.take_lane(1, sections[0], 5);
        section.reset(0x00f0);
    }
    svf_process(sections, block.x, {0, kQuantum}, kAllLanes);
    CHECK(allocations() == before);
}

}  // namespace svf_test
