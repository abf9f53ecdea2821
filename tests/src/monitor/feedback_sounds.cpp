// Music and speech from a few lines each.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/monitor/feedback_sounds.h"

#include "tests/src/monitor/feedback_tools.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <type_traits>
#include <utility>

namespace mixrig::tests {
namespace {

using Random = std::mt19937;

double key(int number) {
    return 440.0 * std::pow(2.0, (number - 69) / 12.0);
}

int any_key(Random& random, int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
}

void add_at(Sound& out, std::size_t n, double x) {
    if (n < out.size()) out[n] += static_cast<float>(x);
}

constexpr auto kStill = [](double) { return 0.0; };
constexpr auto kPure = [](int k, double) { return k == 1 ? 1.0 : 0.0; };

constexpr std::size_t kSteps = 64;  // in which the partials of a note keep their levels
using Steps = std::array<double, kSteps>;

// Sines and cosines of the next phases of a note, and the phase after them. Of a tone that stands
// still they come from each other by turning, anew from the phase each time.
template <typename Pitch>
double turn(double phase, double at, double by, double hertz, Pitch pitch, Steps& sines,
            Steps& cosines) {
    const auto step = [&](double t) {
        return feedback::kTurn * hertz * std::exp2(pitch(t) / 12.0) / feedback::kRate;
    };
    if constexpr (std::is_same_v<Pitch, std::remove_const_t<decltype(kStill)>>) {
        const double s = std::sin(step(at)), c = std::cos(step(at));
        double sine = std::sin(phase), cosine = std::cos(phase);
        for (std::size_t n = 0; n < kSteps; ++n) {
            const double before = std::exchange(sine, sine * c + cosine * s);
            cosine = cosine * c - before * s;
            sines[n] = sine;
            cosines[n] = cosine;
        }
        return phase + static_cast<double>(kSteps) * step(at);
    }
    for (std::size_t n = 0; n < kSteps; ++n) {
        phase += step(at + static_cast<double>(n) * by);
        sines[n] = std::sin(phase);
        cosines[n] = std::cos(phase);
    }
    return phase;
}

// One note of partials; pitch (in half tones) and level (linear) by time from 0 to 1. The sines of
// the partials come from each other: sin((k + 1) x) = 2 cos(x) sin(k x) - sin((k - 1) x).
template <typename Pitch, typename Level, typename Partial>
void add_note(Sound& out, double at, double seconds, double hertz, Pitch pitch, Level level,
              Partial partial) {
    const std::size_t first = feedback::frames(at), count = feedback::frames(seconds);
    const std::size_t end = first < out.size() ? std::min(count, out.size() - first) : 0;
    const double one = 1.0 / static_cast<double>(count);
    double phase = 0.0;
    for (std::size_t n = 0; n < end; n += kSteps) {
        const double t = static_cast<double>(n) * one;
        const double now = hertz * std::exp2(pitch(t * seconds) / 12.0);
        Steps sines, cosines, before{}, sum{};
        phase = turn(phase, t * seconds, one * seconds, hertz, pitch, sines, cosines);
        std::vector<double> gains;
        for (int k = 1; k * now < 8000.0 && k <= 24; ++k) gains.push_back(partial(k, k * now));
        while (!gains.empty() && gains.back() <= 1e-4) gains.pop_back();
        for (const double gain : gains)
            for (std::size_t i = 0; i < kSteps; ++i) {
                sum[i] += gain * sines[i];
                before[i] = std::exchange(sines[i], 2.0 * cosines[i] * sines[i] - before[i]);
            }
        for (std::size_t i = 0; i < std::min(kSteps, end - n); ++i)
            add_at(out, first + n + i, level(static_cast<double>(n + i) * one) * sum[i]);
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
    Sound out(feedback::frames(seconds));
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
    Sound out(feedback::frames(seconds));
    for (double at = 0.0; at < seconds; at += 2.0)
        for (int voice = 0; voice < 3; ++voice) {
            const double hertz = key(any_key(random, 48, 84));
            const bool pure = any_key(random, 0, 1) == 0;
            const double attack = feedback::between(random, 0.005, 0.3),
                         detuned = feedback::between(random, 0.0, 3.0);
            const auto level = [=, shape = held(2.2, attack, 0.1)](double t) {
                return 0.05 * shape(t);
            };
            const auto partial = [pure](int k, double) { return pure ? (k == 1) : 1.0 / k / k; };
            add_note(out, at, 2.2, hertz, kStill, level, partial);
            add_note(out, at, 2.2, hertz + detuned, kStill, level, partial);
        }
    return out;
}

Sound plucked_notes(double seconds, std::uint32_t seed) {
    Random random(seed);
    Sound out(feedback::frames(seconds));
    for (double at = 0.0; at < seconds; at += feedback::between(random, 0.1, 0.5)) {
        std::vector<double> string(
            static_cast<std::size_t>(feedback::kRate / key(any_key(random, 40, 76))));
        for (double& x : string) x = feedback::between(random, -0.3, 0.3);
        const std::size_t first = feedback::frames(at), count = feedback::frames(2.5);
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
    Sound out(feedback::frames(seconds));
    for (double at = 0.0, length = 0.0; at < seconds; at += length) {
        length = feedback::between(random, 0.4, 2.5);
        const double rate = feedback::between(random, 4.5, 6.5),
                     depth = feedback::between(random, 0.2, 0.6);
        const double onset = feedback::between(random, 0.0, 0.6),
                     swell = feedback::between(random, 0.05, 1.2);
        const auto pitch = [=](double t) {
            const double grown = std::clamp((t - onset) / 0.3, 0.0, 1.0);
            return -0.8 * std::exp(-t / 0.05) +
                   grown * depth * std::sin(feedback::kTurn * rate * t);
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
    Sound out(feedback::frames(seconds));
    for (double at = 0.0, length = 0.0; at < seconds;
         at += length + feedback::between(random, 0.02, 0.15)) {
        length = feedback::between(random, 0.08, 0.35);
        const double glide = feedback::between(random, -12.0, 6.0);
        const auto pitch = [=](double t) { return glide * t; };
        const auto level = [shape = held(length, 0.03, 0.06)](double t) { return 0.3 * shape(t); };
        add_note(out, at, length, feedback::between(random, 90.0, 240.0), pitch, level,
                 voice(kVowels[static_cast<std::size_t>(any_key(random, 0, 4))]));
        const std::size_t hiss = feedback::frames(feedback::between(random, 0.0, 0.1)),
                          first = feedback::frames(at + length);
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
        length = feedback::between(random, 0.3, 3.0);
        const double rise = feedback::between(random, 0.05, 0.5),
                     depth = feedback::between(random, 0.03, 0.2);
        const auto pitch = [=](double t) { return depth * std::sin(feedback::kTurn * 5.0 * t); };
        const auto level = [=](double t) {
            return 0.15 * (t < rise ? std::sin(0.25 * feedback::kTurn * t / rise)
                                    : std::cos(0.25 * feedback::kTurn * (t - rise) / (1.0 - rise)));
        };
        const auto partial = [](int k, double) { return std::pow(10.0, -(k - 1) * 22.0 / 20.0); };
        add_note(out, at, length, key(any_key(random, 60, 96)), pitch, level, partial);
    }
    return out;
}

// Every partial on the same straight line in decibels, the ranks a little out of tune.
Sound organ_crescendos(double seconds, std::uint32_t seed) {
    Random random(seed);
    Sound out(feedback::frames(seconds));
    for (double at = 0.0, length = 0.0; at < seconds; at += length) {
        length = feedback::between(random, 1.5, 5.0);
        const double swell_dB = feedback::between(random, 15.0, 45.0),
                     turn = feedback::between(random, 0.5, 0.9);
        const double bright = feedback::between(random, 0.8, 2.2);
        const auto level = [=](double t) {
            const double dB = t < turn ? swell_dB * (t / turn - 1.0) : 0.0;
            return 0.05 * std::pow(10.0, dB / 20.0) *
                   std::min({1.0, t * length / 0.05, (1.0 - t) * length / 0.2});
        };
        const auto partial = [=](int k, double) { return std::pow(k, -bright); };
        for (int voice = 0; voice < 3; ++voice) {
            const double hertz = key(any_key(random, 40, 84));
            for (const double rank : {1.0, feedback::between(random, 0.998, 1.002), 2.0})
                add_note(out, at, length, rank * hertz, kStill, level, partial);
        }
    }
    return out;
}

// A stiff string that swings in two directions, each with its own pitch and decay: every partial
// beats, and some of them grow for a while.
Sound ringing_strings(double seconds, std::uint32_t seed) {
    Random random(seed);
    Sound out(feedback::frames(seconds));
    for (double at = 0.0; at < seconds; at += feedback::between(random, 0.8, 3.0)) {
        const double hertz = key(any_key(random, 40, 76)),
                     pick = feedback::between(random, 0.08, 0.3);
        for (int k = 1; k <= 16; ++k)
            for (int side = 0; side < 2; ++side) {
                const double now = k * hertz * std::sqrt(1.0 + 8e-5 * k * k) *
                                   (1.0 + side * feedback::between(random, 0.0, 1.5e-3));
                const double decay = feedback::between(random, 2.0, 6.0) / (1.0 + 0.15 * k);
                const double gain = 0.12 * std::abs(std::sin(feedback::kTurn * 0.5 * k * pick)) / k;
                const auto level = [=](double t) {
                    return gain * std::min(1.0, t * 6.0 / 0.003) * std::exp(-t * 6.0 / decay) *
                           std::min(1.0, (1.0 - t) * 6.0);
                };
                add_note(out, at, 6.0, now, kStill, level, kPure);
            }
    }
    return out;
}

// Saws out of tune with each other behind a filter that opens; the attack is straight in amplitude
// or in decibels.
Sound slow_pads(double seconds, std::uint32_t seed) {
    Random random(seed);
    Sound out(feedback::frames(seconds));
    for (double at = 0.0, length = 0.0; at < seconds; at += 0.8 * length) {
        length = feedback::between(random, 3.0, 6.0);
        const double attack = feedback::between(random, 0.5, 2.5),
                     dark = feedback::between(random, 300.0, 1500.0);
        const bool straight = any_key(random, 0, 1) == 1;
        const auto level = [=](double t) {
            const double s = std::min(1.0, t * length / attack);
            return 0.03 * (straight ? std::pow(10.0, 2.0 * (s - 1.0)) : s) *
                   std::min({1.0, t * length / 0.01, (1.0 - t) * length / 0.8});
        };
        const auto partial = [=](int k, double now) {
            return 1.0 / k / (1.0 + now * now / dark / dark);
        };
        for (int voice = 0; voice < 4; ++voice) {
            const double hertz = key(any_key(random, 43, 79));
            for (int saw = 0; saw < 3; ++saw)
                add_note(out, at, length, hertz * feedback::between(random, 0.996, 1.004), kStill,
                         level, partial);
        }
    }
    return out;
}

// A sine with breath around it, vibrato that sets in late, slides and swells.
Sound whistled_tune(double seconds, std::uint32_t seed) {
    Random random(seed);
    Sound out = pink_noise(seconds, seed + 1);
    for (float& x : out) x *= 0.03f;
    for (double at = 0.0, length = 0.0; at < seconds; at += length) {
        length = feedback::between(random, 0.25, 2.5);
        const double rate = feedback::between(random, 4.0, 7.0),
                     depth = feedback::between(random, 0.1, 0.5);
        const double slide = feedback::between(random, -2.0, 2.0),
                     swell = feedback::between(random, 0.03, 1.0);
        const auto pitch = [=](double t) {
            return slide * std::exp(-t / 0.06) + depth * std::clamp((t - 0.15) / 0.3, 0.0, 1.0) *
                                                     std::sin(feedback::kTurn * rate * t);
        };
        const auto level = [=, shape = held(length, std::min(swell, 0.8 * length), 0.05)](
                               double t) { return 0.15 * std::pow(shape(t), 1.5); };
        add_note(out, at, length, key(any_key(random, 72, 100)), pitch, level, kPure);
    }
    return out;
}

}  // namespace mixrig::tests
