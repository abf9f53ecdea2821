// Gain sharing against what it promises: together the gain of one, at every moment.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/automix.h"

#include "dsp/gain.h"
#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

using namespace mixrig::dsp;
using mixrig::dsp::test::Noise;

namespace automix_test {

constexpr Hertz kRate{48000.0};
constexpr AutomixLane kInA{.weight = 1.0f, .member = {1.0f, 0.0f}};

// Banks that share, and what they heard last.
struct Desk {
    explicit Desk(std::size_t banks, LaneMask linked = kNoLanes, Hertz rate = kRate)
        : blocks(banks), groups{AutomixGroup(rate), AutomixGroup(rate)} {
        for (std::size_t b = 0; b < banks; ++b) all.emplace_back(rate, linked);
    }
    void set(std::size_t member, const AutomixLane& lane, Change change = Change::jump) {
        all[member / kLanes].set(member % kLanes, lane, change);
    }
    void quantum() {
        std::array<AutomixSum, kAutomixes> sums{};
        for (std::size_t b = 0; b < all.size(); ++b) {
            all[b].begin_quantum();
            all[b].listen(blocks[b].x, sums);
        }
        std::array<float, kAutomixes> totals{};
        for (std::size_t g = 0; g < totals.size(); ++g) totals[g] = groups[g].total(sums[g]);
        for (AutomixBank& bank : all) bank.share(totals);
    }
    double gain(std::size_t member, std::size_t frame) const {
        const GainCurve& curve = all[member / kLanes].curve();
        const std::size_t lane = member % kLanes;
        return static_cast<double>(
            Cubic{curve.c0[lane], curve.c1[lane], curve.c2[lane], curve.c3[lane]}.at(frame));
    }

    std::vector<AutomixBank> all;
    std::vector<BankBlock> blocks;
    std::array<AutomixGroup, kAutomixes> groups;
};

double dB(double ratio) {
    return 20.0 * std::log10(ratio);
}

TEST_CASE("automix: the squares of the gains of independent talkers add up to one, always") {
    for (const std::size_t count : {2u, 4u, 16u, 40u}) {
        CAPTURE(count);
        Desk desk((count + kLanes - 1) / kLanes);
        for (std::size_t m = 0; m < count; ++m) desk.set(m, kInA);
        Noise noise(5);
        std::vector<float> level(count, 1e-4f);
        double least = 10.0, most = 0.0;
        for (std::size_t q = 0; q < 4500; ++q) {
            // Anybody begins or stops at any time.
            if (noise.below(40) == 0) level[noise.below(count)] = noise.below(2) ? 0.3f : 1e-4f;
            for (std::size_t m = 0; m < count; ++m)
                for (std::size_t n = 0; n < kQuantum; ++n)
                    desk.blocks[m / kLanes].at(n)[m % kLanes] = level[m] * noise.sample();
            desk.quantum();
            if (q < 200) continue;
            double sum = 0.0;
            for (std::size_t m = 0; m < count; ++m)
                sum += std::pow(desk.gain(m, q % kQuantum), 2.0);
            least = std::min(least, sum);
            most = std::max(most, sum);
        }
        // Bounds of a run with fixed seed; what the promise leaves is 0.5 dB.
        CHECK(0.5 * dB(least) > -0.5);
        CHECK(0.5 * dB(most) < 0.01);
        MESSAGE(count << " talkers: total open gain " << 0.5 * dB(least) << " to " << 0.5 * dB(most)
                      << " dB");
    }
}

TEST_CASE("automix: one voice in all microphones, at any levels, has gains that add up to one") {
    constexpr std::size_t kCount = 8;
    Desk desk(1);
    Noise noise(6);
    std::array<float, kCount> level{};
    for (std::size_t m = 0; m < kCount; ++m) {
        desk.set(m, kInA);
        level[m] = static_cast<float>(noise.between(0.05, 0.5));
    }
    for (std::size_t q = 0; q < 750; ++q) {
        for (std::size_t n = 0; n < kQuantum; ++n) {
            const float x = noise.sample();
            for (std::size_t m = 0; m < kCount; ++m) desk.blocks[0].at(n)[m] = level[m] * x;
        }
        desk.quantum();
    }
    double sum = 0.0;
    for (std::size_t m = 0; m < kCount; ++m) sum += desk.gain(m, 31);
    CHECK(std::fabs(dB(sum)) < 0.2);
    // And they are as the levels are.
    CHECK(desk.gain(1, 31) / desk.gain(0, 31) ==
          doctest::Approx(static_cast<double>(level[1] / level[0])).epsilon(0.01));
}

TEST_CASE("automix: microphones that cancel are not turned up") {
    Desk desk(1);
    Noise noise(7);
    desk.set(0, kInA);
    desk.set(1, kInA);
    for (std::size_t q = 0; q < 750; ++q) {
        for (std::size_t n = 0; n < kQuantum; ++n) {
            desk.blocks[0].at(n)[0] = noise.sample();
            desk.blocks[0].at(n)[1] = -desk.blocks[0].at(n)[0];
        }
        desk.quantum();
    }
    CHECK(dB(desk.gain(0, 31)) == doctest::Approx(-3.01).epsilon(0.01));
}

TEST_CASE("automix: a pair counts as one microphone and moves as one") {
    Desk desk(1, 0x3);
    Noise noise(8);
    for (std::size_t m = 0; m < 3; ++m) desk.set(m, kInA);
    for (std::size_t q = 0; q < 750; ++q) {
        for (std::size_t n = 0; n < kQuantum; ++n)
            for (std::size_t m = 0; m < 3; ++m) desk.blocks[0].at(n)[m] = noise.sample();
        desk.quantum();
        CHECK(desk.gain(0, 31) == desk.gain(1, 31));
    }
    CHECK(dB(desk.gain(2, 31)) == doctest::Approx(-3.01).epsilon(0.1));
    CHECK(dB(desk.gain(0, 31)) == doctest::Approx(-3.01).epsilon(0.1));
}

TEST_CASE("automix: gains are smooth whatever is switched and whoever begins") {
    // A steady tone in one microphone while another voice comes and goes, weights and membership
    // jump: what comes above 4 kHz is measured against the tone.
    struct Case {
        const char* what;
        AutomixLane then;
        bool voice;
        double most_dB;
    };
    // Switches as those of the desk, -90 dB; weights as levels, -80 dB; a voice out of silence,
    // with the rise that it has, -70 dB.
    const std::array cases = {
        Case{"leaves", {.weight = 1.0f, .member = {0.0f, 0.0f}}, false, -90.0},
        Case{"changes groups", {.weight = 1.0f, .member = {0.0f, 1.0f}}, false, -90.0},
        Case{"lighter", {.weight = 0.1778f, .member = {1.0f, 0.0f}}, false, -80.0},
        Case{"heavier", {.weight = 5.623f, .member = {1.0f, 0.0f}}, false, -80.0},
        Case{"another voice", kInA, true, -70.0},
    };
    for (const Case& one : cases) {
        CAPTURE(std::string(one.what));
        Desk desk(1);
        desk.set(0, kInA);
        desk.set(1, kInA);
        std::vector<float> out;
        for (std::size_t q = 0; q < 600; ++q) {
            BankBlock block;
            for (std::size_t n = 0; n < kQuantum; ++n) {
                const double t = static_cast<double>(q * kQuantum + n) / kRate.value;
                block.at(n)[0] = static_cast<float>(std::sin(2.0 * std::numbers::pi * 997.0 * t));
                const bool speaks = one.voice && q >= 300;
                block.at(n)[1] = (one.voice && !speaks ? 1e-4f : 1.0f) *
                                 static_cast<float>(std::sin(2.0 * std::numbers::pi * 613.0 * t));
            }
            if (q == 300) desk.set(0, one.then, Change::glide);
            desk.quantum();
            desk.blocks[0] = block;  // heard at the end of this quantum
            apply_gain(block.x, desk.all[0].curve(), {0, kQuantum}, kAllLanes);
            for (std::size_t n = 0; n < kQuantum; ++n) out.push_back(block.at(n)[0]);
        }
        const std::vector<float> about(out.begin() + 200 * 32, out.begin() + 420 * 32);
        const double above = test::energy_above(about, {4000.0}, kRate).value;
        MESSAGE(std::string(one.what) << ": above 4 kHz " << above << " dB");
        CHECK(above < one.most_dB);
    }
}

TEST_CASE("automix: a lane that is no member keeps its bits, and one that leaves gets them back") {
    Desk desk(1);
    Noise noise(9);
    desk.set(0, kInA);
    desk.set(1, kInA);
    desk.quantum();
    CHECK(desk.all[0].active() == 0x3);
    CHECK(desk.gain(5, 7) == 1.0);
    desk.set(0, {}, Change::glide);
    for (std::size_t q = 0; q < 150; ++q) {
        noise.fill(desk.blocks[0]);
        desk.quantum();
    }
    CHECK(desk.all[0].active() == 0x2);
    CHECK(desk.gain(0, 7) == 1.0);
}

TEST_CASE("automix: reset equals new") {
    Desk a(1), b(1);
    Noise noise(10);
    for (std::size_t m = 0; m < 4; ++m) {
        a.set(m, kInA);
        b.set(m, kInA);
    }
    for (std::size_t q = 0; q < 50; ++q) {
        noise.fill(a.blocks[0]);
        a.quantum();
    }
    a.all[0].reset(kAllLanes);
    for (AutomixGroup& group : a.groups) group.reset();
    for (std::size_t q = 0; q < 50; ++q) {
        noise.fill(a.blocks[0]);
        b.blocks[0] = a.blocks[0];
        a.quantum();
        b.quantum();
        CHECK(test::same_bits(&a.all[0].curve(), &b.all[0].curve(), sizeof(GainCurve)));
    }
}

TEST_CASE("automix: absurd levels and silence leave gains between 0 and 1") {
    Desk desk(1);
    Noise noise(11);
    for (std::size_t m = 0; m < kLanes; ++m) desk.set(m, kInA);
    for (std::size_t q = 0; q < 3000; ++q) {
        for (std::size_t n = 0; n < kQuantum; ++n)
            for (std::size_t m = 0; m < kLanes; ++m)
                desk.blocks[0].at(n)[m] =
                    q % 300 < 100 ? 0.0f : static_cast<float>(noise.between(-1e5, 1e5));
        if (noise.below(10) == 0)
            desk.set(
                noise.below(kLanes),
                {.weight = noise.below(3) ? static_cast<float>(noise.between(0.17, 5.6)) : 0.0f,
                 .member = {noise.below(2) ? 1.0f : 0.0f, noise.below(3) ? 0.0f : 1.0f}},
                Change::glide);
        desk.quantum();
        for (std::size_t m = 0; m < kLanes; ++m) {
            const double gain = desk.gain(m, q % kQuantum);
            if (!(gain >= -1e-6 && gain <= 1.001)) FAIL(m << " has the gain " << gain);
        }
    }
}

TEST_CASE("automix: nothing is allocated while it works") {
    Desk desk(3);
    for (std::size_t m = 0; m < 48; ++m) desk.set(m, kInA);
    const std::size_t before = test::allocations();
    for (std::size_t q = 0; q < 10; ++q) desk.quantum();
    CHECK(test::allocations() == before);
}

}  // namespace automix_test
