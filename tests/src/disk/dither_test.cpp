// Kinds of dither: their spectra, no distortion, silence and what is on the grid, cuts, channels.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/quantize.h"
#include "tests/support/tone.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>
#include <vector>

using namespace mixrig::disk;

namespace dither_test {

constexpr Dither kKinds[] = {Dither::triangular, Dither::high_passed, Dither::shaped,
                             Dither::strongly_shaped};
constexpr double kTurn = 2.0 * std::numbers::pi;

// The error in steps of 16 bit, for a tone of some steps.
std::vector<double> errors_of(Dither dither, std::size_t frames, double steps, double cycles) {
    std::vector<float> in(frames);
    for (std::size_t n = 0; n < frames; ++n)
        in[n] = static_cast<float>(steps / 32768.0 *
                                   std::sin(kTurn * cycles * static_cast<double>(n) + 0.3));
    std::vector<std::int32_t> out(frames);
    Quantizer({.bits = 16, .seed = 5, .dither = dither}).convert(in, out.data());
    std::vector<double> errors(frames);
    for (std::size_t n = 0; n < frames; ++n)
        errors[n] = static_cast<double>(out[n] >> 16) - 32768.0 * static_cast<double>(in[n]);
    return errors;
}

// Its power a frequency, against white noise of a quarter of a squared step, in dB.
double spectrum_dB(const std::vector<double>& errors, double cycles) {
    constexpr std::size_t kSize = 512;
    double power = 0.0;
    std::size_t blocks = 0;
    std::vector<std::complex<double>> window(kSize);
    double weight = 0.0;
    for (std::size_t n = 0; n < kSize; ++n) {
        const double hann = 0.5 - 0.5 * std::cos(kTurn * static_cast<double>(n) / kSize);
        weight += hann * hann;
        window[n] = std::polar(hann, -kTurn * cycles * static_cast<double>(n));
    }
    for (std::size_t at = 0; at + kSize <= errors.size(); at += kSize, ++blocks) {
        std::complex<double> sum = 0.0;
        for (std::size_t n = 0; n < kSize; ++n) sum += errors[at + n] * window[n];
        power += std::norm(sum);
    }
    return 10.0 * std::log10(power / static_cast<double>(blocks) / weight / 0.25);
}

double expected_dB(Dither dither, double cycles) {
    const auto filtered = [&](const std::vector<double>& taps) {
        std::complex<double> sum = 1.0;
        for (std::size_t k = 0; k < taps.size(); ++k)
            sum -= taps[k] * std::polar(1.0, -kTurn * cycles * static_cast<double>(k + 1));
        return 20.0 * std::log10(std::abs(sum));
    };
    switch (dither) {
        case Dither::high_passed:  // rounding 1/12, and 1/12 times |1 - 1/z|^2
            return 10.0 * std::log10((3.0 - 2.0 * std::cos(kTurn * cycles)) / 3.0);
        case Dither::shaped:
            return filtered({1.623, -0.982, 0.109});
        case Dither::strongly_shaped:
            return filtered({2.412, -3.370, 3.937, -4.174, 3.353, -2.205, 1.281, -0.569, 0.0847});
        case Dither::triangular:
            break;
    }
    return 0.0;
}

TEST_CASE("dither: each kind has the spectrum that it is to have") {
    for (const Dither dither : kKinds) {
        const std::vector<double> errors = errors_of(dither, 256 * 512, 40.3, 0.0231);
        double table[7];
        std::size_t k = 0;
        for (const double hertz : {500.0, 2000.0, 4000.0, 8000.0, 12000.0, 16000.0, 21000.0}) {
            const double cycles = hertz / 44100.0;
            CAPTURE(static_cast<int>(dither));
            CAPTURE(hertz);
            const double found = table[k++] = spectrum_dB(errors, cycles);
            // 256 blocks: a standard error of 0.27 dB. A Hann window leaks little, but into dips.
            CHECK(std::fabs(found - expected_dB(dither, cycles)) < 1.2);
        }
        MESSAGE("dither " << static_cast<int>(dither) << " at 0.5, 2, 4, 8, 12, 16, 21 kHz: "
                          << table[0] << " " << table[1] << " " << table[2] << " " << table[3]
                          << " " << table[4] << " " << table[5] << " " << table[6] << " dB");
    }
}

TEST_CASE("dither: a tone of less than a step has no harmonics, and keeps its level") {
    constexpr std::size_t kFrames = 1 << 16;
    constexpr double kCycles = 512.0 / kFrames;  // at 44.1 kHz 345 Hz
    for (const Dither dither : kKinds) {
        const std::vector<double> errors = errors_of(dither, kFrames, 0.7, kCycles);
        double power = 0.0;
        for (const double error : errors) power += error * error / kFrames;
        for (const int number : {1, 2, 3, 5, 7}) {
            std::complex<double> sum = 0.0;
            for (std::size_t n = 0; n < kFrames; ++n)
                sum += errors[n] * std::polar(2.0 / kFrames,
                                              -kTurn * kCycles * number * static_cast<double>(n));
            CAPTURE(static_cast<int>(dither));
            CAPTURE(number);
            // Noise alone gives 2 sqrt(power / frames) or less in 98 of 100; undithered, the third
            // harmonic would have 0.2 of a step.
            CHECK(std::abs(sum) < 4.0 * std::sqrt(power / kFrames));
        }
    }
}

TEST_CASE("dither: silence stays silence, and 16-bit material passes, after noise as well") {
    for (const Dither dither : kKinds) {
        Quantizer q({.bits = 16, .dither = dither, .channels = 2});
        std::vector<float> in(1000, 0.3f / 32768.0f);
        std::vector<std::int32_t> out(1000);
        q.convert(in, out.data());
        for (std::size_t n = 0; n < in.size(); ++n)
            in[n] = n < 100 ? 0.0f : static_cast<float>(n * 61) / 65536.0f;
        for (float& x : in) x = std::floor(x * 32768.0f) / 32768.0f;
        q.convert(in, out.data());
        for (std::size_t n = 0; n < in.size(); ++n)
            REQUIRE(static_cast<float>(out[n] >> 16) == 32768.0f * in[n]);
    }
}

TEST_CASE("dither: the same however the stream is cut; channels have noise of their own") {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> sample(-1.2f, 1.2f);
    std::vector<float> in(6000);
    for (std::size_t n = 0; n < in.size(); n += 2) in[n] = in[n + 1] = sample(random);
    for (const Dither dither : kKinds) {
        const QuantizerSettings settings{.bits = 16, .seed = 9, .dither = dither, .channels = 2};
        std::vector<std::int32_t> whole(in.size()), cut(in.size());
        Quantizer(settings).convert(in, whole.data());
        Quantizer q(settings);
        for (std::size_t at = 0, size = 1; at < in.size(); at += size, size = size % 97 + 1)
            q.convert(std::span(in).subspan(at, std::min(size, in.size() - at)), cut.data() + at);
        CHECK(whole == cut);
        std::size_t different = 0;
        for (std::size_t n = 0; n < in.size(); n += 2) different += whole[n] != whole[n + 1];
        CHECK(different > 500);
    }
}

TEST_CASE("dither: an input that stands still makes no tone, and the noise is as strong as said") {
    constexpr std::size_t kSize = 8192, kBlocks = 4;
    const std::vector<double> window = mixrig::test::window_of(kSize);
    for (const Dither dither : kKinds)
        for (const double steps : {0.5, 0.25, 1.0 / 3.0, 0.01}) {
            CAPTURE(static_cast<int>(dither));
            CAPTURE(steps);
            const std::vector<float> in(kSize * kBlocks, static_cast<float>(steps / 32768.0));
            std::vector<std::int32_t> out(in.size());
            Quantizer({.bits = 16, .seed = 3, .dither = dither}).convert(in, out.data());
            std::vector<double> powers(kSize / 2 + 1);
            for (std::size_t at = 0; at < in.size(); at += kSize) {
                std::vector<double> block(kSize);
                for (std::size_t n = 0; n < kSize; ++n)
                    block[n] = static_cast<double>(out[at + n] >> 16) - steps;
                const auto levels = mixrig::test::spectrum_dB(block, window);
                for (std::size_t k = 0; k < levels.size(); ++k)
                    powers[k] += std::pow(10.0, levels[k] / 10.0) / kBlocks;
            }
            double mean = 0.0, highest = -100.0;
            for (std::size_t k = 1; k < kSize / 2; ++k) {
                const double shape =
                    std::pow(10.0, -expected_dB(dither, static_cast<double>(k) / kSize) / 10.0);
                mean += powers[k] * shape / (kSize / 2.0 - 1.0);
                highest = std::max(highest, 10.0 * std::log10(powers[k] * shape));
            }
            // White noise of a quarter of a squared step, a sine of 1 being 0 dB: its variance,
            // times four, times the window's noise bandwidth of 2.63 bins, over the size.
            const double white = 10.0 * std::log10(0.25 * 4.0 * 2.6319 / kSize);
            CHECK(std::fabs(10.0 * std::log10(mean) - white) < 0.35);
            // Of 4096 bins, means of four: noise alone has a highest some 7 dB up. A tone of a
            // hundredth of a step would stand 11 dB above the noise.
            CHECK(highest - white < 9.5);
        }
}

TEST_CASE("dither: a tone of -60 dBFS has nothing beside it above -140 dB in 24 bit") {
    constexpr std::size_t kSize = 1 << 16;
    const std::vector<double> window = mixrig::test::window_of(kSize);
    // Whole periods in the stretch, and not: rounding that repeats is rounding that sounds.
    for (const double periods : {1024.0, 1485.0, 1485.37}) {
        const auto in = mixrig::test::sine(periods / kSize, kSize, 0.001);
        std::vector<std::int32_t> out(kSize);
        Quantizer({.bits = 24}).convert(in, out.data());
        std::vector<double> sound(kSize);
        for (std::size_t n = 0; n < kSize; ++n) sound[n] = static_cast<double>(out[n]) * 0x1p-31;
        const auto levels = mixrig::test::spectrum_dB(sound, window);
        double highest = -400.0;
        for (std::size_t k = 0; k < levels.size(); ++k)
            if (std::fabs(static_cast<double>(k) - periods) > 9.0)
                highest = std::max(highest, levels[k]);
        MESSAGE(periods << " periods: beside the tone at most " << highest << " dBFS");
        CHECK(highest < -140.0);
    }
}

}  // namespace dither_test
