// Delays of whole frames.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/delay.h"

#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::literals;

namespace delay_test {

// Runs one lane over a signal, whole quanta.
std::vector<float> run(DelayBank& bank, std::size_t lane, const std::vector<float>& in) {
    std::vector<float> out;
    for (std::size_t start = 0; start + kQuantum <= in.size(); start += kQuantum) {
        BankBlock block;
        for (std::size_t n = 0; n < kQuantum; ++n) block.at(n)[lane] = in[start + n];
        bank.begin_quantum();
        bank.process(block.x, {0, kQuantum}, kAllLanes);
        for (std::size_t n = 0; n < kQuantum; ++n) out.push_back(block.at(n)[lane]);
    }
    return out;
}

std::vector<float> random_signal(std::size_t frames, std::uint32_t seed) {
    Noise noise(seed);
    std::vector<float> x(frames);
    for (float& sample : x) sample = noise.sample();
    return x;
}

TEST_CASE("delay: times become the nearest frame, within 0 and 500 ms") {
    CHECK(design_delay(1_ms, 48_kHz).frames == 48);
    CHECK(design_delay(1_ms, 44.1_kHz).frames == 44);
    CHECK(design_delay(500_ms, 192_kHz).frames == 96000);
    CHECK(design_delay(2_s, 44.1_kHz).frames == 22050);
    CHECK(design_delay({-1.0}, 48_kHz).frames == 0);
}

TEST_CASE("delay: a short, a middling and the longest delay are exact to the frame") {
    for (const Hertz rate : {44.1_kHz, 48_kHz, 192_kHz})
        for (const std::uint32_t frames :
             {1u, 31u, 32u, 1000u, design_delay(500_ms, rate).frames}) {
            DelayBank bank(rate, kAllLanes);
            bank.set(6, {frames}, Change::jump);
            const std::vector<float> in = random_signal(200000, 81);
            const std::vector<float> out = run(bank, 6, in);
            bool exact = true;
            for (std::size_t n = 0; n < out.size(); ++n)
                exact = exact && out[n] == (n < frames ? 0.0f : in[n - frames]);
            CHECK(exact);
            CHECK(bank.tail(6) == frames);
        }
}

TEST_CASE("delay: nothing is the identity and costs nothing, NaN included") {
    DelayBank bank(48_kHz, kAllLanes);
    bank.set(1, {100}, Change::jump);
    CHECK(bank.active() == lane_bit(1));
    BankBlock block;
    Noise noise(82);
    noise.fill(block);
    block.at(3)[0] = std::numeric_limits<float>::quiet_NaN();
    const BankBlock before = block;
    bank.begin_quantum();
    bank.process(block.x, {0, kQuantum}, kAllLanes);
    for (std::size_t n = 0; n < kQuantum; ++n)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            if (lane != 1) CHECK(same_bits(block.at(n) + lane, before.at(n) + lane, sizeof(float)));
}

TEST_CASE("delay: any slicing gives the same bits, while taps cross over too") {
    for (const auto& slices : slicings()) {
        DelayBank whole(48_kHz, kAllLanes), cut(48_kHz, kAllLanes);
        Noise noise(83);
        for (int quantum = 0; quantum < 120; ++quantum) {
            if (quantum % 7 == 0) {
                const std::size_t lane = noise.below(kLanes);
                const DelayLane goal{static_cast<std::uint32_t>(noise.below(3) * noise.below(900))};
                whole.set(lane, goal, Change::glide);
                cut.set(lane, goal, Change::glide);
            }
            BankBlock a;
            noise.fill(a);
            BankBlock b = a;
            whole.begin_quantum();
            cut.begin_quantum();
            whole.process(a.x, {0, kQuantum}, kAllLanes);
            for (const Slice slice : slices) cut.process(b.x, slice, kAllLanes);
            REQUIRE(same_bits(a, b));
        }
    }
}

TEST_CASE("delay: a change crosses over without a click and ends exactly at the new tap") {
    DelayBank bank(48_kHz, kAllLanes);
    bank.set(0, {480}, Change::jump);
    std::vector<float> sine(12000);
    for (std::size_t n = 0; n < sine.size(); ++n)
        sine[n] = static_cast<float>(
            std::sin(2.0 * std::numbers::pi * 997.0 * static_cast<double>(n) / 48000.0));
    const std::vector<float> start(sine.begin(), sine.begin() + 6400);
    std::vector<float> out = run(bank, 0, start);
    bank.set(0, {504}, Change::glide);  // half a period: the worst case
    bank.set(0, {100}, Change::glide);
    bank.set(0, {504}, Change::glide);  // before the boundary only the last one counts
    const std::vector<float> after = run(bank, 0, {sine.begin() + 6400, sine.end()});
    out.insert(out.end(), after.begin(), after.end());
    for (std::size_t n = 6400 + 480; n < out.size(); ++n) REQUIRE(out[n] == sine[n - 504]);
    const std::vector<float> middle(out.begin() + 5600, out.begin() + 7648);
    const Decibels left = energy_above(middle, 4_kHz, 48_kHz);
    MESSAGE("energy above 4 kHz: " << left.value << " dB");
    CHECK(left.value < -90.0);
}

TEST_CASE("delay: changes that arrive while taps cross over wait, and the last one wins") {
    DelayBank bank(48_kHz, kAllLanes);
    bank.set(0, {10}, Change::jump);
    const std::vector<float> in = random_signal(kQuantum * 100, 84);
    std::vector<float> out;
    for (std::size_t quantum = 0; quantum < 100; ++quantum) {
        if (quantum == 40) bank.set(0, {20}, Change::glide);
        if (quantum == 45) bank.set(0, {30}, Change::glide);
        if (quantum == 50) bank.set(0, {40}, Change::glide);
        const auto at = in.begin() + static_cast<std::ptrdiff_t>(quantum * kQuantum);
        const std::vector<float> part = run(bank, 0, {at, at + kQuantum});
        out.insert(out.end(), part.begin(), part.end());
    }
    // 15 quanta to tap 20, then 15 to tap 40.
    for (std::size_t n = 70 * kQuantum; n < out.size(); ++n) REQUIRE(out[n] == in[n - 40]);
    CHECK(out[40 * kQuantum - 1] == in[40 * kQuantum - 11]);
}

TEST_CASE("delay: turned off it leaves active, turned on it starts from silence") {
    DelayBank bank(48_kHz, kAllLanes);
    bank.set(4, {1000}, Change::jump);
    const std::vector<float> in = random_signal(3200, 85);
    run(bank, 4, in);
    bank.set(4, {0}, Change::glide);
    run(bank, 4, in);
    CHECK(bank.active() == kNoLanes);
    bank.set(4, {900}, Change::jump);
    const std::vector<float> out = run(bank, 4, in);
    for (std::size_t n = 0; n < 900; ++n) REQUIRE(out[n] == 0.0f);
    for (std::size_t n = 900; n < out.size(); ++n) REQUIRE(out[n] == in[n - 900]);
}

TEST_CASE("delay: reset makes it equal to a new one; a lane left out keeps all") {
    DelayBank used(48_kHz, kAllLanes), fresh(48_kHz, kAllLanes);
    const std::vector<float> in = random_signal(3200, 86);
    used.set(2, {77}, Change::jump);
    run(used, 2, in);
    used.set(2, {99}, Change::glide);
    used.reset(lane_bit(2));
    fresh.set(2, {99}, Change::jump);
    CHECK(run(used, 2, in) == run(fresh, 2, in));

    BankBlock block;
    Noise noise(87);
    noise.fill(block);
    const BankBlock before = block;
    used.begin_quantum();
    used.process(block.x, {0, kQuantum}, kNoLanes);
    CHECK(same_bits(block, before));
    CHECK(run(used, 2, in) == run(fresh, 2, in));
}

TEST_CASE("delay: a lane moves to another bank with its memory") {
    DelayBank here(48_kHz, kAllLanes), there(48_kHz, lane_bit(1));
    const std::vector<float> in = random_signal(6400, 88);
    here.set(3, {500}, Change::jump);
    const std::vector<float> first = run(here, 3, {in.begin(), in.begin() + 3200});
    there.take_lane(9, here, 3);
    CHECK(here.active() == kNoLanes);
    CHECK(there.active() == lane_bit(9));
    const std::vector<float> second = run(there, 9, {in.begin() + 3200, in.end()});
    for (std::size_t n = 0; n < second.size(); ++n) REQUIRE(second[n] == in[3200 + n - 500]);
    here.set(3, {5}, Change::jump);  // `there` had no memory to leave behind
    CHECK(here.active() == kNoLanes);
}

TEST_CASE("delay: silence in, silence out; random changes stay finite; nothing allocates") {
    DelayBank bank(96_kHz, kAllLanes);
    Noise noise(89);
    BankBlock block;
    const std::size_t before = allocations();
    for (int quantum = 0; quantum < 2000; ++quantum) {
        if (quantum < 1000) {
            const Change change = noise.below(4) == 0 ? Change::jump : Change::glide;
            bank.set(noise.below(kLanes), {static_cast<std::uint32_t>(noise.below(20000))}, change);
            noise.fill(block);
        } else {
            block = {};
        }
        bank.begin_quantum();
        bank.process(block.x, {0, kQuantum}, kAllLanes);
        for (const float x : block.x)
            if (!std::isfinite(x) || std::fabs(x) > 1.0f) FAIL("beyond the input");
    }
    CHECK(allocations() == before);
    for (const float x : block.x) CHECK(x == 0.0f);
}

}  // namespace delay_test
