// The analyser against sines and noise whose levels are known.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/analyser.h"

#include "src/monitor/levels.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <utility>
#include <vector>

using namespace mixrig;
using monitor::Analyser;
using monitor::Analysis;
using monitor::Averaging;
using monitor::kThirdOctaves;
using monitor::Spectrum;
using monitor::ThirdOctaves;

namespace analyser_test {

constexpr double kPi = std::numbers::pi;
constexpr float kSine_dB = -3.01f;  // RMS of a full-scale sine

// Left and right, frame by frame.
using Signal = std::function<std::pair<double, double>(std::size_t)>;

void play(Analyser& analyser, double rate, double seconds, const Signal& signal,
          std::uint32_t source = 0) {
    link::StereoQuantum quantum{.source = source};
    const auto frames = static_cast<std::size_t>(seconds * rate);
    for (std::size_t n = 0; n + link::kTapFrames <= frames; n += link::kTapFrames) {
        for (std::size_t i = 0; i < link::kTapFrames; ++i) {
            const auto [left, right] = signal(n + i);
            quantum.left[i] = static_cast<float>(left);
            quantum.right[i] = static_cast<float>(right);
        }
        analyser.add(quantum);
    }
}

Analysis read(const Analyser& analyser) {
    Analysis out;
    analyser.read(out);
    return out;
}

Signal sine(double frequency, double rate, double right = 1.0) {
    return [=](std::size_t n) {
        const double x = std::sin(2.0 * kPi * frequency * static_cast<double>(n) / rate);
        return std::pair{x, right * x};
    };
}

Signal silence() {
    return [](std::size_t) { return std::pair{0.0, 0.0}; };
}

std::size_t loudest(const std::array<float, monitor::kSpectrumPoints>& levels) {
    return static_cast<std::size_t>(std::max_element(levels.begin(), levels.end()) -
                                    levels.begin());
}

// Every octave has the same power, by a sum of first-order low-passes (P. Kellett's weights; within
// 0.05 dB of 3 dB per octave above 9.2 Hz at 44.1 kHz).
class Pink {
public:
    explicit Pink(std::uint32_t seed) : random_(seed) {}
    double operator()() {
        static constexpr std::array kPole = {0.99886, 0.99332, 0.96900, 0.86650, 0.55000, -0.7616};
        static constexpr std::array kGain = {0.0555179, 0.0750759, 0.1538520,
                                             0.3104856, 0.5329522, -0.0168980};
        const double white = normal_(random_);
        double sum = late_ + white * 0.5362;
        for (std::size_t i = 0; i < kPole.size(); ++i) {
            state_[i] = kPole[i] * state_[i] + white * kGain[i];
            sum += state_[i];
        }
        late_ = white * 0.115926;
        return 0.02 * sum;
    }

private:
    std::mt19937 random_;
    std::normal_distribution<double> normal_;
    std::array<double, 6> state_{};
    double late_ = 0.0;
};

TEST_CASE("analyser: a sine at the centre of a band reads its RMS there, and nowhere else") {
    for (const double rate : {44100.0, 48000.0, 96000.0}) {
        CAPTURE(rate);
        for (std::size_t band = 0; band < kThirdOctaves; ++band) {
            const double frequency = ThirdOctaves::centre(band).value;
            Analyser analyser({rate});
            play(analyser, rate, frequency < 200.0 ? 1.5 : 0.8, sine(frequency, rate));
            const Analysis now = read(analyser);
            CAPTURE(frequency);
            // A fast mean of a square of 20 Hz ripples by 4.34 dB / (4 pi * 20 Hz * 0.125 s).
            CHECK(std::abs(now.bands_dBFS[band] - kSine_dB) < 0.15f);
            // Two octaves away it is 72 dB, but what the beginning rang is gone by 55 dB only.
            for (std::size_t other = 0; other < kThirdOctaves; ++other)
                if (other + 6 <= band || other >= band + 6)
                    CHECK(now.bands_dBFS[other] < kSine_dB - 55.0f);
        }
    }
}

TEST_CASE("analyser: the edges of a band are 3 dB down") {
    const double rate = 48000.0, edge = std::pow(10.0, 0.05);
    for (const std::size_t band : {std::size_t{0}, std::size_t{17}, std::size_t{29}})
        for (const double frequency :
             {ThirdOctaves::centre(band).value * edge, ThirdOctaves::centre(band).value / edge}) {
            Analyser analyser({rate});
            play(analyser, rate, 1.5, sine(frequency, rate));
            CAPTURE(frequency);
            CHECK(read(analyser).bands_dBFS[band] ==
                  doctest::Approx(kSine_dB - 3.01f).epsilon(0.02));
        }
}

TEST_CASE("analyser: pink noise is flat") {
    for (const double rate : {44100.0, 48000.0}) {
        ThirdOctaves bands({rate});
        Pink left(1), right(2);
        std::array<double, kThirdOctaves> mean{};
        // The mean over 30 s and two sides of a band 4.6 Hz wide scatters by 0.26 dB: it has 280
        // independent values, 4.34 dB / sqrt(280).
        const auto quanta = static_cast<std::size_t>(30.0 * rate / 32.0);
        std::array<float, 32> l{}, r{};
        for (std::size_t q = 0; q < quanta; ++q) {
            for (float& x : l) x = static_cast<float>(left());
            for (float& x : r) x = static_cast<float>(right());
            bands.add(l.data(), r.data(), l.size());
            if (q % 16 != 0 || q < quanta / 50) continue;
            const auto now = bands.levels_dBFS();
            for (std::size_t b = 0; b < kThirdOctaves; ++b)
                mean[b] += std::pow(10.0, now[b] / 10.0);
        }
        double sum = 0.0;
        for (const double m : mean) sum += 10.0 * std::log10(m);
        for (std::size_t b = 0; b < kThirdOctaves; ++b) {
            CAPTURE(ThirdOctaves::centre(b).value);
            CHECK(std::abs(10.0 * std::log10(mean[b]) - sum / kThirdOctaves) < 1.0);
        }
    }
}

TEST_CASE("analyser: a sine reads its RMS in the spectrum, at its frequency, wherever it stands") {
    for (const double rate : {44100.0, 48000.0, 96000.0, 192000.0})
        for (const double frequency : {31.0, 100.0, 441.7, 1000.0, 1002.9, 7777.0, 18000.0}) {
            Analyser analyser({rate});
            play(analyser, rate, 1.4, sine(frequency, rate));
            const Analysis now = read(analyser);
            CAPTURE(rate);
            CAPTURE(frequency);
            const std::size_t point = loudest(now.spectrum_dBFS);
            CHECK(std::abs(now.spectrum_dBFS[point] - kSine_dB) < 0.15f);
            // To a bin (points below 200 Hz share them) and half a step of 2.7 %.
            CHECK(std::abs(Spectrum::frequency(point).value - frequency) < 5.9 + 0.014 * frequency);
            // Hann's side lobes fall by 18 dB an octave from -31 dB.
            for (std::size_t i = 0; i < monitor::kSpectrumPoints; ++i)
                if (std::abs(Spectrum::frequency(i).value - frequency) > 100.0 + 0.05 * frequency)
                    CHECK(now.spectrum_dBFS[i] < kSine_dB - 60.0f);
        }
}

TEST_CASE("analyser: fast falls by 35 dB a second, slow by 4.3 dB, a held peak not at all") {
    const double rate = 48000.0;
    for (const auto& [averaging, fall] :
         {std::pair{Averaging::fast, 17.4f}, std::pair{Averaging::slow, 2.17f},
          std::pair{Averaging::peak, 0.0f}}) {
        Analyser analyser({rate});
        analyser.use(averaging);
        play(analyser, rate, 6.0, sine(1000.0, rate));
        const Analysis before = read(analyser);
        play(analyser, rate, 0.5, silence());
        const Analysis after = read(analyser);
        const std::size_t point = loudest(before.spectrum_dBFS);
        CHECK(before.bands_dBFS[17] == doctest::Approx(kSine_dB).epsilon(0.02));
        CHECK(std::abs(before.bands_dBFS[17] - after.bands_dBFS[17] - fall) < 0.4f);
        // The window holds sound for 0.17 s more.
        CHECK(before.spectrum_dBFS[point] - after.spectrum_dBFS[point] < fall + 0.4f);
        CHECK(before.spectrum_dBFS[point] - after.spectrum_dBFS[point] >= 0.5f * fall);
        play(analyser, rate, 3.0, silence());
        analyser.use(averaging);  // lets go of a peak
        play(analyser, rate, 0.1, silence());
        if (averaging != Averaging::slow) CHECK(read(analyser).bands_dBFS[17] < -90.0f);
    }
}

TEST_CASE("analyser: one side alone reads 3 dB less") {
    Analyser analyser({48000.0});
    play(analyser, 48000.0, 1.0, sine(1000.0, 48000.0, 0.0));
    const Analysis now = read(analyser);
    CHECK(std::abs(now.bands_dBFS[17] - (kSine_dB - 3.01f)) < 0.1f);
    CHECK(std::abs(now.spectrum_dBFS[loudest(now.spectrum_dBFS)] - (kSine_dB - 3.01f)) < 0.15f);
    CHECK(now.image.correlation == 0.0f);
    CHECK(now.image.balance_dB == -60.0f);
}

TEST_CASE("analyser: correlation, balance, crest and DC of known signals") {
    const double rate = 48000.0;
    const auto image = [&](const Signal& signal) {
        Analyser analyser({rate});
        play(analyser, rate, 1.0, signal);
        return read(analyser).image;
    };
    CHECK(image(sine(1000.0, rate)).correlation == doctest::Approx(1.0));
    CHECK(image(sine(1000.0, rate)).crest_dB == doctest::Approx(3.01).epsilon(0.01));
    CHECK(image(sine(1000.0, rate, -0.5)).correlation == doctest::Approx(-1.0));
    CHECK(image(sine(1000.0, rate, -0.5)).balance_dB == doctest::Approx(-6.02).epsilon(0.001));
    const auto quadrature = image([&](std::size_t n) {
        const double phase = 2.0 * kPi * 1000.0 * static_cast<double>(n) / rate;
        return std::pair{std::sin(phase), std::cos(phase)};
    });
    CHECK(std::abs(quadrature.correlation) < 0.001f);
    const auto offset = image([&](std::size_t n) {
        const double x = 0.5 * std::sin(2.0 * kPi * 20.0 * static_cast<double>(n) / rate);
        return std::pair{0.1 + x, x - 0.2};
    });
    CHECK(offset.dc_left == doctest::Approx(0.1).epsilon(0.001));
    CHECK(offset.dc_right == doctest::Approx(-0.2).epsilon(0.001));
    const auto square = image([](std::size_t n) {
        const double x = n / 24 % 2 == 0 ? 0.7 : -0.7;
        return std::pair{x, x};
    });
    CHECK(square.crest_dB == doctest::Approx(0.0).epsilon(0.001));
    const auto nothing = image(silence());
    CHECK(nothing.correlation == 0.0f);
    CHECK(nothing.balance_dB == 0.0f);
    CHECK(nothing.crest_dB == 0.0f);
}

TEST_CASE("analyser: another source begins anew") {
    Analyser analyser({48000.0});
    analyser.use(Averaging::peak);
    play(analyser, 48000.0, 1.0, sine(1000.0, 48000.0), 1);
    play(analyser, 48000.0, 1.0, silence(), 2);
    const Analysis now = read(analyser);
    CHECK(now.bands_dBFS[17] == monitor::kFloor_dB);
    CHECK(now.spectrum_dBFS[loudest(now.spectrum_dBFS)] == monitor::kFloor_dB);
    CHECK(now.image.crest_dB == 0.0f);
}

}  // namespace analyser_test
