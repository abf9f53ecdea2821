// The oscillator: levels, spectra, and that it never clicks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/oscillator.h"

#include "tests/dsp/support.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <memory>
#include <numbers>
#include <vector>

using namespace mixrig::dsp;
using namespace mixrig::dsp::test;
using namespace mixrig::dsp::literals;

namespace oscillator_test {

using Samples = std::vector<float>;

void play(Oscillator& oscillator, Samples& out, std::size_t quanta) {
    for (std::size_t q = 0; q < quanta; ++q) {
        oscillator.begin_quantum();
        out.resize(out.size() + kQuantum);
        oscillator.process(out.data() + out.size() - kQuantum, {0, kQuantum});
    }
}

Samples render(OscillatorType type, double frequency, Hertz rate, double seconds) {
    Oscillator oscillator(rate);
    oscillator.set({type, static_cast<float>(frequency)}, Change::jump);
    Samples out;
    play(oscillator, out, static_cast<std::size_t>(seconds * rate.value / kQuantum));
    return out;
}

double dB(double ratio) {
    return 20.0 * std::log10(ratio);
}

double rms(const Samples& x) {
    double sum = 0.0;
    for (const float v : x) sum += static_cast<double>(v) * static_cast<double>(v);
    return std::sqrt(sum / static_cast<double>(x.size()));
}

// Of the sine of this frequency in x, which holds whole periods of it.
double amplitude(const Samples& x, double frequency, Hertz rate) {
    std::complex<double> sum;
    for (std::size_t n = 0; n < x.size(); ++n)
        sum += static_cast<double>(x[n]) * std::polar(1.0, -2.0 * std::numbers::pi * frequency *
                                                               static_cast<double>(n) / rate.value);
    return 2.0 * std::abs(sum) / static_cast<double>(x.size());
}

std::size_t rising_zeros(const Samples& x, std::size_t begin, std::size_t end) {
    std::size_t count = 0;
    for (std::size_t n = begin + 1; n < end; ++n) count += x[n - 1] < 0.0f && x[n] >= 0.0f;
    return count;
}

double largest_step(const Samples& x, std::size_t begin) {
    double largest = 0.0;
    for (std::size_t n = begin + 1; n < x.size(); ++n)
        largest =
            std::max(largest, std::fabs(static_cast<double>(x[n]) - static_cast<double>(x[n - 1])));
    return largest;
}

TEST_CASE("oscillator: a sine has the peak 1 and its frequency, low, in the middle and high") {
    for (const double frequency : {20.0, 1000.0, 19000.0}) {
        CAPTURE(frequency);
        const Samples x = render(OscillatorType::sine, frequency, 48_kHz, 1.0);
        CHECK(dB(amplitude(x, frequency, 48_kHz)) == doctest::Approx(0.0).epsilon(1e-4));
        // Nothing else: what is left is below -120 dB of it.
        CHECK(rms(x) == doctest::Approx(std::numbers::sqrt2 / 2.0).epsilon(1e-6));
    }
    const Samples x = render(OscillatorType::sine, 1000.0, 48_kHz, 0.1);
    CHECK(*std::max_element(x.begin(), x.end()) == doctest::Approx(1.0).epsilon(1e-6));
    CHECK(x[0] == doctest::Approx(0.0).epsilon(1e-6));
}

TEST_CASE("oscillator: noise has the RMS 1") {
    // Ten seconds of pink noise still leave 0.1 dB of chance: the octave at 5 Hz has a twelfth of
    // the power and some 50 independent values.
    CHECK(std::fabs(dB(rms(render(OscillatorType::white, 0.0, 48_kHz, 10.0)))) < 0.02);
    for (const Hertz rate : {44.1_kHz, 48_kHz, 96_kHz}) {
        CAPTURE(rate.value);
        CHECK(std::fabs(dB(rms(render(OscillatorType::pink, 0.0, rate, 10.0)))) < 0.3);
    }
}

TEST_CASE("oscillator: white noise is white") {
    const Samples x = render(OscillatorType::white, 0.0, 48_kHz, 2.0);
    for (std::size_t lag = 1; lag < 64; ++lag) {
        double sum = 0.0;
        for (std::size_t n = lag; n < x.size(); ++n)
            sum += static_cast<double>(x[n]) * static_cast<double>(x[n - lag]);
        // By chance 1/sqrt(96000) = 0.0032.
        CHECK(std::fabs(sum / static_cast<double>(x.size())) < 0.013);
    }
}

TEST_CASE("oscillator: pink noise falls by 3.01 dB an octave within 0.15 dB, 20 Hz to 20 kHz") {
    double worst = 0.0;
    for (const Hertz rate : {8_kHz, 16_kHz, 32_kHz, 44.1_kHz, 48_kHz, 88.2_kHz, 96_kHz, 192_kHz}) {
        const PinkFilter filter(rate);
        const double top = std::min(20000.0, 0.45 * rate.value);
        double low = 1e9, high = -1e9;
        for (double f = 20.0; f <= top; f *= 1.02) {
            const double line = dB(filter.gain_at({f}, rate)) + 10.0 * std::log10(f);
            low = std::min(low, line), high = std::max(high, line);
        }
        CAPTURE(rate.value);
        CHECK(0.5 * (high - low) < 0.15);
        worst = std::max(worst, 0.5 * (high - low));
    }
    MESSAGE("off the line by " << worst << " dB at most");
}

TEST_CASE("oscillator: the pink filter computes what its formula says") {
    PinkFilter filter(48_kHz);
    Samples response;
    for (std::size_t n = 0; n < 96000; ++n)
        response.push_back(filter.process(n == 0 ? 1.0f : 0.0f));
    double energy = 0.0;
    for (const float x : response) energy += static_cast<double>(x) * static_cast<double>(x);
    CHECK(energy == doctest::Approx(1.0).epsilon(1e-5));
    for (const double f : {20.0, 100.0, 1000.0, 10000.0, 20000.0}) {
        std::complex<double> h;
        for (std::size_t n = 0; n < response.size(); ++n)
            h += static_cast<double>(response[n]) *
                 std::polar(1.0, -2.0 * std::numbers::pi * f * static_cast<double>(n) / 48000.0);
        CHECK(dB(std::abs(h)) == doctest::Approx(dB(filter.gain_at({f}, 48_kHz))).epsilon(1e-4));
    }
}

TEST_CASE("oscillator: a sweep is 20 Hz to 20 kHz in 5 s, each decade in the same time, repeated") {
    const Samples x = render(OscillatorType::sweep, 0.0, 48_kHz, 11.0);
    constexpr std::size_t kLength = 240000;
    for (const double at : {0.5, 1.5, 2.5, 3.5, 4.5}) {
        for (const std::size_t begin : {std::size_t{0}, kLength}) {
            // The periods of the tenth of a second around `at`, from the integral of the frequency.
            const double growth = std::log(1000.0) / 5.0;
            const double periods =
                20.0 / growth * (std::exp(growth * (at + 0.05)) - std::exp(growth * (at - 0.05)));
            const auto from = begin + static_cast<std::size_t>((at - 0.05) * 48000.0);
            const auto counted = static_cast<double>(rising_zeros(x, from, from + 4800));
            CHECK(std::fabs(counted - periods) <= 1.0);
        }
    }
    CHECK(largest_step(x, 0) <= 2.0);
    // Over the seam the phase goes on: in the frame after it, by what 20 kHz takes, then by 20 Hz.
    CHECK(std::fabs(x[kLength + 2] - x[kLength + 1]) < 0.003f);
}

TEST_CASE("oscillator: a new type crosses over, a new frequency keeps the phase") {
    Oscillator oscillator(48_kHz);
    oscillator.set({OscillatorType::sine, 100.0f}, Change::jump);
    Samples x;
    play(oscillator, x, 100);
    oscillator.set({OscillatorType::sweep, 100.0f}, Change::glide);
    play(oscillator, x, 100);
    oscillator.set({OscillatorType::sine, 100.0f}, Change::glide);
    play(oscillator, x, 100);
    for (const float frequency : {37.0f, 100.0f, 63.0f}) {
        oscillator.set({OscillatorType::sine, frequency}, Change::glide);
        play(oscillator, x, 33);
    }
    // 100 Hz steps by 0.0131; a cross-over of 10 ms between two full signals adds up to 2 * 1.5 /
    // 480.
    CHECK(largest_step(x, 0) < 0.0131 + 0.0063);
}

TEST_CASE("oscillator: what it plays does not depend on how time is cut") {
    for (const auto& cut : slicings())
        for (std::size_t type = 0; type < kOscillatorTypes; ++type) {
            Oscillator whole(48_kHz), sliced(48_kHz);
            for (int q = 0; q < 6; ++q) {
                const OscillatorGoal goal{
                    static_cast<OscillatorType>(q < 3 ? type : (type + 1) % 4),
                    440.0f + 100.0f * static_cast<float>(q)};
                whole.set(goal, Change::glide);
                sliced.set(goal, Change::glide);
                whole.begin_quantum();
                sliced.begin_quantum();
                std::array<float, kQuantum> a{}, b{};
                whole.process(a.data(), {0, kQuantum});
                for (const Slice& slice : cut) sliced.process(b.data() + slice.first, slice);
                REQUIRE(same_bits(a.data(), b.data(), sizeof a));
            }
        }
}

TEST_CASE("oscillator: after a reset it plays as from the start, and it never allocates") {
    for (std::size_t type = 0; type < kOscillatorTypes; ++type) {
        Oscillator oscillator(48_kHz);
        const OscillatorGoal goal{static_cast<OscillatorType>(type), 1234.0f};
        oscillator.set(goal, Change::jump);
        std::array<float, kQuantum> first{}, again{};
        oscillator.begin_quantum();
        oscillator.process(first.data(), {0, kQuantum});
        const std::size_t before = allocations();
        for (int q = 0; q < 50; ++q) {
            oscillator.begin_quantum();
            oscillator.process(again.data(), {0, kQuantum});
        }
        oscillator.reset();
        oscillator.set(goal, Change::glide);
        oscillator.begin_quantum();
        oscillator.process(again.data(), {0, kQuantum});
        CHECK(allocations() == before);
        CHECK(same_bits(first.data(), again.data(), sizeof first));
    }
}

}  // namespace oscillator_test
