// Music and speech from a few lines each, and rooms from a few reflections.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/monitor/feedback_sounds.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>

namespace mixrig::tests {
namespace {

constexpr double kRate = 48000.0, kTurn = 2.0 * std::numbers::pi;

std::size_t frames(double seconds) {
    return static_cast<std::size_t>(seconds * kRate);
}

using Random = std::mt19937;

double between(Random& random, double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
}

double key(int number) {
    return 440.0 * std::pow(2.0, (number - 69) / 12.0);
}

int any_key(Random& random, int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
}

void add_at(Sound& out, std::size_t n, double x) {
    if (n < out.size()) out[n] += static_cast<float>(x);
}

// One note of partials; pitch (in half tones) and level (linear) by time from 0 to 1.
template <typename Pitch, typename Level, typename Partial>
void add_note(Sound& out, double at, double seconds, double hertz, Pitch pitch, Level level,
              Partial partial) {
    const std::size_t first = frames(at), count = frames(seconds);
    double phase = 0.0;
    for (std::size_t n = 0; n < count; ++n) {
        const double t = static_cast<double>(n) / static_cast<double>(count);
        const double now = hertz * std::pow(2.0, pitch(t * seconds) / 12.0);
        phase += kTurn * now / kRate;
        double sum = 0.0;
        for (int k = 1; k * now < 8000.0 && k <= 24; ++k) {
            const double gain = partial(k, k * now);
            if (gain > 1e-4) sum += gain * std::sin(k * phase);
        }
        add_at(out, first + n, level(t) * sum);
    }
}

// Attack and release of so many seconds, as parts of the whole.
auto held(double seconds, double attack, double release) {
    return [=](double t) {
        return std::min({1.0, t * seconds / attack, (1.0 - t) * seconds / release});
    };
}

struct Vowel {
    std::array<double, 3> formants;
};
constexpr std::array kVowels = {Vowel{{730, 1090, 2440}}, Vowel{{270, 2290, 3010}},
                                Vowel{{300, 870, 2240}}, Vowel{{530, 1840, 2480}},
                                Vowel{{570, 840, 2410}}};

auto voice(const Vowel& vowel) {
    return [vowel](int, double hertz) {
        double gain = 0.02;
        for (std::size_t i = 0; i < vowel.formants.size(); ++i) {
            const double off = (hertz - vowel.formants[i]) / (60.0 + 30.0 * static_cast<double>(i));
            gain += 1.0 / (1.0 + off * off) / static_cast<double>(1 + 2 * i);
        }
        return gain * 200.0 / (200.0 + hertz);
    };
}

}  // namespace

Sound pink_noise(double seconds, std::uint32_t seed) {
    Random random(seed);
    std::normal_distribution<double> normal;
    Sound out(frames(seconds));
    std::array<double, 3> s{};  // P. Kellett's economy filter
    for (float& x : out) {
        const double white = normal(random);
        s[0] = 0.99765 * s[0] + white * 0.0990460;
        s[1] = 0.96300 * s[1] + white * 0.2965164;
        s[2] = 0.57000 * s[2] + white * 1.0526913;
        x = static_cast<float>(0.04 * (s[0] + s[1] + s[2] + white * 0.1848));
    }
    return out;
}

Sound sustained_chords(double seconds, std::uint32_t seed) {
    Random random(seed);
    Sound out(frames(seconds));
    for (double at = 0.0; at < seconds; at += 2.0)
        for (int voice = 0; voice < 3; ++voice) {
            const double hertz = key(any_key(random, 48, 84));
            const bool pure = any_key(random, 0, 1) == 0;
            const double attack = between(random, 0.005, 0.3), detuned = between(random, 0.0, 3.0);
            const auto level = [=, shape = held(2.2, attack, 0.1)](double t) {
                return 0.05 * shape(t);
            };
            const auto still = [](double) { return 0.0; };
            const auto partial = [pure](int k, double) { return pure ? (k == 1) : 1.0 / k / k; };
            add_note(out, at, 2.2, hertz, still, level, partial);
            add_note(out, at, 2.2, hertz + detuned, still, level, partial);
        }
    return out;
}

Sound plucked_notes(double seconds, std::uint32_t seed) {
    Random random(seed);
    Sound out(frames(seconds));
    for (double at = 0.0; at < seconds; at += between(random, 0.1, 0.5)) {
        std::vector<double> string(static_cast<std::size_t>(kRate / key(any_key(random, 40, 76))));
        for (double& x : string) x = between(random, -0.3, 0.3);
        const std::size_t first = frames(at), count = frames(2.5);
        for (std::size_t n = 0; n < count; ++n) {
            double& now = string[n % string.size()];
            add_at(out, first + n, now);
            now = 0.498 * (now + string[(n + 1) % string.size()]);
        }
    }
    return out;
}

Sound sung_vowels(double seconds, std::uint32_t seed) {
    Random random(seed);
    Sound out(frames(seconds));
    for (double at = 0.0, length = 0.0; at < seconds; at += length) {
        length = between(random, 0.4, 2.5);
        const double rate = between(random, 4.5, 6.5), depth = between(random, 0.2, 0.6);
        const double onset = between(random, 0.0, 0.6), swell = between(random, 0.05, 1.2);
        const auto pitch = [=](double t) {
            const double grown = std::clamp((t - onset) / 0.3, 0.0, 1.0);
            return -0.8 * std::exp(-t / 0.05) + grown * depth * std::sin(kTurn * rate * t);
        };
        const auto level = [=](double t) {
            const double s = t * length;
            return 0.25 * std::pow(std::min(1.0, s / swell), 2.0) *
                   std::min(1.0, (length - s) / 0.08);
        };
        add_note(out, at, length, key(any_key(random, 45, 76)), pitch, level,
                 voice(kVowels[static_cast<std::size_t>(any_key(random, 0, 4))]));
    }
    return out;
}

Sound spoken_syllables(double seconds, std::uint32_t seed) {
    Random random(seed);
    std::normal_distribution<double> normal;
    Sound out(frames(seconds));
    for (double at = 0.0, length = 0.0; at < seconds; at += length + between(random, 0.02, 0.15)) {
        length = between(random, 0.08, 0.35);
        const double glide = between(random, -12.0, 6.0);
        const auto pitch = [=](double t) { return glide * t; };
        const auto level = [shape = held(length, 0.03, 0.06)](double t) { return 0.3 * shape(t); };
        add_note(out, at, length, between(random, 90.0, 240.0), pitch, level,
                 voice(kVowels[static_cast<std::size_t>(any_key(random, 0, 4))]));
        const std::size_t hiss = frames(between(random, 0.0, 0.1)), first = frames(at + length);
        double before = 0.0;
        for (std::size_t n = 0; n < hiss; ++n) {
            const double white = normal(random);
            add_at(out, first + n, 0.02 * (white - before));
            before = white;
        }
    }
    return out;
}

Sound flute_swells(double seconds, std::uint32_t seed) {
    Random random(seed);
    Sound out = pink_noise(seconds, seed + 1);
    for (float& x : out) x *= 0.01f;
    for (double at = 0.0, length = 0.0; at < seconds; at += length) {
        length = between(random, 0.3, 3.0);
        const double rise = between(random, 0.05, 0.5), depth = between(random, 0.03, 0.2);
        const auto pitch = [=](double t) { return depth * std::sin(kTurn * 5.0 * t); };
        const auto level = [=](double t) {
            return 0.15 * (t < rise ? std::sin(0.25 * kTurn * t / rise)
                                    : std::cos(0.25 * kTurn * (t - rise) / (1.0 - rise)));
        };
        const auto partial = [](int k, double) { return std::pow(10.0, -(k - 1) * 22.0 / 20.0); };
        add_note(out, at, length, key(any_key(random, 60, 96)), pitch, level, partial);
    }
    return out;
}

Room::Room(double delay_ms, std::uint32_t seed) : past_(1 << 14, 0.0) {
    Random random(seed);
    const auto direct = static_cast<std::size_t>(delay_ms * kRate / 1000.0);
    paths_.push_back({direct, 1.0});
    for (int i = 0; i < 40; ++i) {
        const double later = between(random, 0.002, 0.12);
        paths_.push_back(
            {direct + frames(later), 0.35 * between(random, -1.0, 1.0) * std::exp(-later / 0.04)});
    }
}

double Room::hear() const {
    double sum = 0.0;
    for (const Path& path : paths_)
        sum += path.gain * past_[(at_ + past_.size() - path.delay) % past_.size()];
    return sum;
}

// 120 Hz to 8 kHz, 6 dB per octave.
void Room::tell(double sample) {
    low_ += (1.0 - std::exp(-kTurn * 8000.0 / kRate)) * (sample - low_);
    slow_ += (1.0 - std::exp(-kTurn * 120.0 / kRate)) * (low_ - slow_);
    at_ = (at_ + 1) % past_.size();
    past_[at_] = low_ - slow_;
}

// A sample is heard one frame after it was told.
std::complex<double> Room::response(double hertz) const {
    const auto z = [&](double delay) { return std::polar(1.0, -kTurn * hertz / kRate * delay); };
    std::complex<double> sum = 0.0;
    for (const Path& path : paths_) sum += path.gain * z(static_cast<double>(path.delay + 1));
    const auto one_pole = [&](double corner) {
        const double a = 1.0 - std::exp(-kTurn * corner / kRate);
        return a / (1.0 - (1.0 - a) * z(1.0));
    };
    return sum * one_pole(8000.0) * (1.0 - one_pole(120.0));
}

std::vector<Room::Mode> Room::modes() const {
    constexpr double kStep = 0.25;
    std::vector<Mode> out;
    std::complex<double> before = response(60.0);
    for (double hertz = 60.0 + kStep; hertz < 16000.0; hertz += kStep) {
        const std::complex<double> now = response(hertz);
        if (before.imag() * now.imag() <= 0.0 && now.real() > 0.0)
            out.push_back({hertz - kStep / 2.0, now.real()});
        before = now;
    }
    std::sort(out.begin(), out.end(), [](const Mode& a, const Mode& b) { return a.gain > b.gain; });
    return out;
}

}  // namespace mixrig::tests
