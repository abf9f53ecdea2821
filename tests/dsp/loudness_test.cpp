// The weighting of loudness against libebur128's, and what the sums mean.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/loudness.h"

#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <cmath>
#include <ebur128.h>
#include <memory>
#include <numbers>
#include <vector>

using namespace mixrig::dsp;
using mixrig::dsp::test::Noise;

namespace loudness_test {

using Signal = std::vector<float>;

Signal sine(double frequency, double rate) {
    Signal x(static_cast<std::size_t>(rate));
    for (std::size_t n = 0; n < x.size(); ++n)
        x[n] = static_cast<float>(
            0.1 * std::sin(2.0 * std::numbers::pi * frequency * static_cast<double>(n) / rate));
    return x;
}

// LUFS of the last 0.4 s as the library has it.
double reference(const Signal& x, double rate) {
    const auto close = [](ebur128_state* state) { ebur128_destroy(&state); };
    const std::unique_ptr<ebur128_state, decltype(close)> meter(
        ebur128_init(1, static_cast<unsigned long>(rate), EBUR128_MODE_M), close);
    REQUIRE(ebur128_add_frames_float(meter.get(), x.data(), x.size()) == EBUR128_SUCCESS);
    double out = 0.0;
    REQUIRE(ebur128_loudness_momentary(meter.get(), &out) == EBUR128_SUCCESS);
    return out;
}

// The same of lane 3.
double measured(const Signal& x, double rate) {
    LoudnessBank bank({rate});
    bank.set(3, true);
    BankBlock block, scratch;
    const std::size_t quanta = x.size() / kQuantum;
    const auto window = static_cast<std::size_t>(0.4 * rate) / kQuantum;
    for (std::size_t q = 0; q < quanta; ++q) {
        if (q == quanta - window) bank.clear();
        for (std::size_t n = 0; n < kQuantum; ++n) block.at(n)[3] = x[q * kQuantum + n];
        bank.listen(block.x, scratch, {0, kQuantum}, kAllLanes);
    }
    const double frames = static_cast<double>(window * kQuantum);
    return -0.691 + 10.0 * std::log10(static_cast<double>(bank.sums().square[3]) / frames);
}

TEST_CASE("loudness: the weighting is that of BS.1770 within 0.1 dB, up to 16 kHz") {
    // A tenth is what the fit of a section is held to. Above 16 kHz the standard's filter at 48 kHz
    // bends where the analogue one goes on.
    for (const double rate : {44100.0, 48000.0, 96000.0})
        for (const double frequency :
             {25.0, 40.0, 100.0, 400.0, 997.0, 1500.0, 2500.0, 6000.0, 12000.0, 16000.0}) {
            CAPTURE(rate);
            CAPTURE(frequency);
            const Signal x = sine(frequency, rate);
            CHECK(std::fabs(measured(x, rate) - reference(x, rate)) < 0.1);
        }
}

TEST_CASE("loudness: any slicing gives the same sums, within rounding, and the input its bits") {
    Noise noise(3);
    for (const auto& cut : test::slicings()) {
        LoudnessBank whole({48000.0}), sliced({48000.0});
        for (std::size_t lane = 0; lane < 4; ++lane) {
            whole.set(lane, true);
            sliced.set(lane, true);
        }
        for (std::size_t q = 0; q < 4; ++q) {
            BankBlock block, scratch;
            noise.fill(block);
            const BankBlock before = block;
            whole.listen(block.x, scratch, {0, kQuantum}, kAllLanes);
            for (const Slice slice : cut) sliced.listen(block.x, scratch, slice, kAllLanes);
            CHECK(test::same_bits(block, before));
        }
        // Sums of slices are added up, so that their last digits may differ.
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            CHECK(sliced.sums().square[lane] ==
                  doctest::Approx(whole.sums().square[lane]).epsilon(1e-5));
    }
}

TEST_CASE("loudness: the cross sum of a pair says what its middle has") {
    LoudnessBank bank({48000.0}), middle({48000.0});
    bank.set(0, true);
    bank.set(1, true);
    middle.set(0, true);
    Noise noise(4);
    for (std::size_t q = 0; q < 200; ++q) {
        BankBlock pair, sum, scratch;
        for (std::size_t n = 0; n < kQuantum; ++n) {
            const float common = noise.sample();
            pair.at(n)[0] = common + 0.5f * noise.sample();
            pair.at(n)[1] = -0.7f * common;
            sum.at(n)[0] = 0.5f * (pair.at(n)[0] + pair.at(n)[1]);
        }
        bank.listen(pair.x, scratch, {0, kQuantum}, kAllLanes);
        middle.listen(sum.x, scratch, {0, kQuantum}, kAllLanes);
    }
    const LoudnessSums& sums = bank.sums();
    CHECK(0.25f * (sums.square[0] + sums.square[1] + 2.0f * sums.cross[0]) ==
          doctest::Approx(middle.sums().square[0]).epsilon(1e-4));
}

TEST_CASE("loudness: a lane that is off costs nothing and has nothing") {
    LoudnessBank bank({48000.0});
    BankBlock block, scratch;
    Noise(5).fill(block);
    bank.set(2, true);
    bank.listen(block.x, scratch, {0, kQuantum}, kAllLanes);
    bank.set(2, false);
    CHECK(bank.active() == kNoLanes);
    bank.clear();
    bank.listen(block.x, scratch, {0, kQuantum}, kAllLanes);
    CHECK(bank.sums().square[2] == 0.0f);
}

}  // namespace loudness_test
