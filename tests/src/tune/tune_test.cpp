// Tuning, measured on voices whose pitch, vowel and moments are known.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/tune/tune.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <string>
#include <vector>

using namespace mixrig;
using tune::kHop;
using tune::PitchCurve;

namespace {

using Samples = std::vector<float>;

constexpr dsp::Hertz kRate{48000.0};
constexpr double kTwoPi = 2.0 * std::numbers::pi;

struct Voice {
    double key = 57.0;
    double vibrato = 0.0;  // keys, to either side, 5.5 a second
    double tremolo = 0.0;  // share of the level, 4 a second
};

double hertz(double key) {
    return 440.0 * std::exp2((key - 69.0) / 12.0);
}

// Pulses of a glottis, 12 dB an octave, through the first three formants of an "ah" (730, 1090,
// 2440 Hz after Peterson and Barney, 1952; 90 Hz wide), harmonic by harmonic.
double vowel(double frequency) {
    double level = std::pow(100.0 / std::max(100.0, frequency), 2.0);
    for (const double formant : {730.0, 1090.0, 2440.0}) {
        const double away = (frequency * frequency - formant * formant) / (frequency * 90.0);
        level *= 1.0 + 8.0 / std::sqrt(1.0 + away * away);
    }
    return level;
}

Samples sung(const Voice& voice, double seconds, dsp::Hertz rate = kRate) {
    Samples out(static_cast<std::size_t>(seconds * rate.value));
    const double f0 = hertz(voice.key);
    const auto harmonics = static_cast<std::size_t>(4000.0 / f0);
    double phase = 0.0;
    for (std::size_t i = 0; i < out.size(); ++i) {
        const double t = static_cast<double>(i) / rate.value;
        const double f = f0 * std::exp2(voice.vibrato / 12.0 * std::sin(kTwoPi * 5.5 * t));
        phase += f / rate.value;
        double x = 0.0;
        for (std::size_t h = 1; h <= harmonics; ++h) {
            const double n = static_cast<double>(h);
            x += vowel(n * f) * std::sin(kTwoPi * n * phase);
        }
        const double edge = std::min({1.0, t / 0.02, (seconds - t) / 0.02});
        out[i] = static_cast<float>(0.02 * x * edge *
                                    (1.0 + voice.tremolo * std::sin(kTwoPi * 4.0 * t)));
    }
    return out;
}

Samples noise(double seconds) {
    std::mt19937 random(5);
    std::uniform_real_distribution<float> sample(-0.05f, 0.05f);
    Samples out(static_cast<std::size_t>(seconds * kRate.value));
    for (float& x : out) x = sample(random);
    return out;
}

struct Heard {
    double mean = 0.0, swing = 0.0;  // keys
    std::size_t readings = 0;
};

// In the middle: away from what begins and ends.
Heard heard(const Samples& x, double from = 0.2, double to = -0.2) {
    const PitchCurve curve = tune::find_pitch(x, kRate);
    const double length = static_cast<double>(x.size()) / kRate.value;
    const auto first = static_cast<std::size_t>(from / kHop);
    const auto last = static_cast<std::size_t>((to > 0.0 ? to : length + to) / kHop);
    Heard out;
    double low = 1000.0, high = -1000.0;
    for (std::size_t i = first; i < last; ++i) {
        if (curve[i] == tune::kUnvoiced) continue;
        const double key = static_cast<double>(curve[i]);
        out.mean += key;
        ++out.readings;
        low = std::min(low, key);
        high = std::max(high, key);
    }
    out.mean /= static_cast<double>(std::max<std::size_t>(1, out.readings));
    out.swing = high - low;
    return out;
}

Samples tuned(const Samples& x, const tune::Settings& settings) {
    std::vector<Samples> channels{x};
    tune::tune(channels, kRate, settings);
    CHECK(channels[0].size() == x.size());
    return channels[0];
}

std::string notes(const char* text) {
    const auto out = tune::parse_scale(text);
    REQUIRE(out);
    return out->to_string();
}

tune::Scale scale(const char* text) {
    const auto out = tune::parse_scale(text);
    REQUIRE(out);
    return *out;
}

// The level of a frequency in the middle half.
double level(const Samples& x, double frequency) {
    double re = 0.0, im = 0.0;
    for (std::size_t i = x.size() / 4; i < x.size() * 3 / 4; ++i) {
        const double w = kTwoPi * frequency * static_cast<double>(i) / kRate.value;
        const double window =
            std::sin(std::numbers::pi *
                     (2.0 * static_cast<double>(i) / static_cast<double>(x.size()) - 0.5));
        re += static_cast<double>(x[i]) * window * std::cos(w);
        im += static_cast<double>(x[i]) * window * std::sin(w);
    }
    return std::hypot(re, im);
}

// Where the first two formants lie together: the middle of the harmonics from 400 to 1500 Hz.
double middle(const Samples& x, double key) {
    double sum = 0.0, weighted = 0.0;
    for (double f = hertz(key); f < 1500.0; f += hertz(key)) {
        if (f < 400.0) continue;
        const double power = std::pow(level(x, f), 2.0);
        sum += power;
        weighted += power * f;
    }
    return weighted / sum;
}

// The loudness of each 2 ms.
std::vector<double> envelope(const Samples& x) {
    std::vector<double> out;
    for (std::size_t at = 0; at + 480 <= x.size(); at += 96) {
        double sum = 0.0;
        for (std::size_t i = 0; i < 480; ++i) sum += std::pow(static_cast<double>(x[at + i]), 2.0);
        out.push_back(std::sqrt(sum));
    }
    return out;
}

// By how many milliseconds `b` comes after `a`, from where they are most alike.
double lag_ms(const Samples& a, const Samples& b) {
    const std::vector<double> x = envelope(a), y = envelope(b);
    double best = -1.0;
    int at = 0;
    for (int lag = -20; lag <= 20; ++lag) {
        double xy = 0.0, yy = 0.0;
        for (std::size_t i = 100; i + 100 < x.size(); ++i) {
            const double later = y[static_cast<std::size_t>(static_cast<int>(i) + lag)];
            xy += x[i] * later;
            yy += later * later;
        }
        if (xy / std::sqrt(yy) <= best) continue;
        best = xy / std::sqrt(yy);
        at = lag;
    }
    return 2.0 * at;
}

}  // namespace

TEST_CASE("tune: a pitch is read to a cent, from bass to soprano") {
    for (const dsp::Hertz rate : {dsp::Hertz{44100.0}, dsp::Hertz{96000.0}})
        for (const double key : {40.0, 57.3, 69.0, 80.6}) {
            CAPTURE(rate.value);
            CAPTURE(key);
            const PitchCurve curve = tune::find_pitch(sung({.key = key}, 0.2, rate), rate);
            for (std::size_t i = 10; i < 30; ++i)
                CHECK(std::fabs(static_cast<double>(curve[i]) - key) < 0.01);
        }
}

TEST_CASE("tune: noise and silence have no pitch, and keep their bits") {
    Samples x = noise(0.3);
    x.resize(x.size() + 4800, 0.0f);
    for (const float key : tune::find_pitch(x, kRate)) CHECK(key == tune::kUnvoiced);
    CHECK(tuned(x, {}) == x);
}

TEST_CASE("tune: notes that are 40 cents off come to their key, and keep their vibrato") {
    for (const double off : {-0.4, 0.4}) {
        CAPTURE(off);
        const Samples x = sung({.key = 57.0 + off, .vibrato = 0.25}, 1.0);
        CHECK(std::fabs(heard(x).mean - 57.0 - off) < 0.02);
        const Heard slow = heard(tuned(x, {.scale = scale("A minor")}));
        CHECK(slow.readings > 110);
        CHECK(std::fabs(slow.mean - 57.0) < 0.03);
        CHECK(slow.swing > 0.4);
    }
    const Samples x = sung({.key = 57.4, .vibrato = 0.25}, 0.8);
    const Heard flat = heard(tuned(x, {.scale = scale("A minor"), .speed = {0.0}}));
    CHECK(std::fabs(flat.mean - 57.0) < 0.02);
    CHECK(flat.swing < 0.1);  // of 0.5
    const Heard half = heard(tuned(x, {.scale = scale("A minor"), .strength = 0.5}));
    CHECK(std::fabs(half.mean - 57.2) < 0.03);
}

TEST_CASE("tune: a slide between two notes is left alone, and bends neither of them") {
    PitchCurve curve;
    for (int i = 0; i < 208; ++i) {
        const double slide = std::clamp((i - 100) / 8.0, 0.0, 1.0);  // in 40 ms
        const double vibrato = 0.2 * std::sin(kTwoPi * 5.5 * kHop * i);
        curve.push_back(static_cast<float>(57.3 + 4.3 * slide + vibrato));
    }
    for (const double speed : {0.1, 0.02}) {
        CAPTURE(speed);
        const auto moved = tune::correction(curve, {.scale = scale("A minor"), .speed = {speed}});
        double first = 0.0, second = 0.0;
        for (std::size_t i = 0; i < moved.size(); ++i) {
            CAPTURE(i);
            CHECK(std::fabs(moved[i]) < 0.7f);
            if (i >= 40 && i < 76) first += static_cast<double>(moved[i]) / 36.0;
            if (i >= 132 && i < 168) second += static_cast<double>(moved[i]) / 36.0;
        }
        CHECK(first == doctest::Approx(-0.3).epsilon(0.1));  // 57.3 to A
        CHECK(second == doctest::Approx(0.4).epsilon(0.1));  // 61.6 to D
    }
}

TEST_CASE("tune: consonants between notes are the same samples, moments the same moments") {
    Samples x = sung({.key = 57.4, .tremolo = 0.5}, 1.0);
    const Samples hiss = noise(0.2), second = sung({.key = 63.6}, 0.5);
    const std::size_t begin = x.size();
    x.insert(x.end(), hiss.begin(), hiss.end());
    x.insert(x.end(), second.begin(), second.end());
    const Samples y = tuned(x, {.scale = scale("A minor")});
    // A reading looks at 20 ms and more; what is nearer than that to a note may be of it.
    const std::size_t edge = 1920;
    bool same = true;
    for (std::size_t i = begin + edge; i + edge < begin + hiss.size(); ++i)
        same = same && x[i] == y[i];
    CHECK(same);
    CHECK(std::fabs(lag_ms(Samples(x.begin(), x.begin() + 48000),
                           Samples(y.begin(), y.begin() + 48000))) <= 2.0);
    CHECK(std::fabs(heard(y, 1.35, 1.6).mean - 64.0) < 0.03);
}

TEST_CASE("tune: vowels stay where they are, unless they are told to follow") {
    // Four keys up: an "ah" that moved with them would be 26 % higher.
    const Samples x = sung({.key = 45.0}, 0.6);
    const double meant = middle(sung({.key = 49.0}, 0.6), 49.0);
    const double kept = middle(tuned(x, {.scale = scale("C#")}), 49.0);
    const double moved = middle(tuned(x, {.scale = scale("C#"), .keeps_formants = false}), 49.0);
    CAPTURE(meant);
    CAPTURE(kept);
    CAPTURE(moved);
    // Measured: 5 %; the library smooths the envelope that it keeps.
    CHECK(std::fabs(kept / meant - 1.0) < 0.07);
    CHECK(moved / meant > 1.1);
}

TEST_CASE("tune: scales by name and by notes") {
    CHECK(notes("chromatic") == "111111111111");
    CHECK(notes("A minor") == notes("C major"));
    CHECK(notes("Bb major") == notes("A# major"));
    CHECK(notes("D dorian") == notes("C major"));
    CHECK(notes("C E G") == "000010010001");
    CHECK(tune::nearest(scale("A minor"), 58.4) == 59.0);
    CHECK(tune::nearest(scale("C"), 66.0 - 0.1) == 60.0);
    for (const char* wrong : {"", "H major", "A minr", "C##", "a minor", "minor"}) {
        CAPTURE(wrong);
        CHECK_FALSE(tune::parse_scale(wrong));
    }
}
