// Known material, known damage.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/restore/damage.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>

namespace mixrig::tests {
namespace {

constexpr double kPi = std::numbers::pi;
using Dice = std::mt19937;

double between(Dice& dice, double low, double high) {
    return low + (high - low) * (static_cast<double>(dice()) / 4294967296.0);
}

std::size_t frames(double seconds) {
    return static_cast<std::size_t>(seconds * kRate.value);
}

Samples scaled(const std::vector<double>& x, double peak) {
    double most = 0.0;
    for (const double one : x) most = std::max(most, std::fabs(one));
    Samples out;
    for (const double one : x) out.push_back(static_cast<float>(one / most * peak));
    return out;
}

void pluck(std::vector<double>& x, std::size_t at, double hertz, double level, Dice& dice) {
    const std::size_t end = std::min(x.size(), at + frames(1.0));
    const double attack = 0.002 * kRate.value;
    for (int h = 1; h <= 12; ++h) {
        const double f = hertz * h * std::sqrt(1.0 + 2e-4 * h * h);
        const auto turn =
            std::polar(std::exp(-(3.0 + 1.5 * h) / kRate.value), 2.0 * kPi * f / kRate.value);
        auto tone = std::polar(level / h, between(dice, 0.0, 6.0));
        for (std::size_t n = at; n < end; ++n, tone *= turn)
            x[n] += std::min(1.0, static_cast<double>(n - at) / attack) * tone.imag();
    }
}

void drum(std::vector<double>& x, std::size_t at, double tone, double noise, double decay,
          Dice& dice) {
    const std::size_t end = std::min(x.size(), at + frames(0.4));
    double phase = 0.0, last = 0.0;
    for (std::size_t n = at; n < end; ++n) {
        const double t = static_cast<double>(n - at) / kRate.value;
        phase += 2.0 * kPi * tone * (1.0 + 3.0 * std::exp(-t * 60.0)) / kRate.value;
        const double any = between(dice, -1.0, 1.0), bright = any - 0.7 * last;
        last = any;
        x[n] += std::exp(-t * decay) * std::min(1.0, t / 0.0005) *
                ((tone > 0.0 ? 0.9 * std::sin(phase) : 0.0) + noise * bright);
    }
}

}  // namespace

namespace {

Samples band(double seconds, unsigned seed, bool drums) {
    Dice dice(seed);
    std::vector<double> x(frames(seconds));
    for (double& one : x) one = between(dice, -2e-4, 2e-4);
    constexpr double kNotes[] = {110.0, 130.81, 164.81, 196.0, 220.0, 261.63, 329.63, 440.0};
    for (std::size_t step = 0; step * frames(0.131) < x.size(); ++step) {
        // By hand: what a machine repeats to the sample has lines at every multiple of its beat.
        const std::size_t at = step * frames(0.131) + frames(between(dice, 0.0, 0.01));
        if (drums && step % 4 == 0) drum(x, at, 52.0, 0.05, 12.0, dice);
        if (drums && step % 8 == 4) drum(x, at, 190.0, 0.6, 18.0, dice);
        if (drums) drum(x, at, 0.0, 0.12, 60.0, dice);
        // One after the other: arguments are computed in any order.
        const double note = kNotes[(dice() >> 8) % 8], level = between(dice, 0.1, 0.4);
        pluck(x, at, note, level, dice);
    }
    return scaled(x, 0.5);
}

}  // namespace

Samples music(double seconds, unsigned seed) {
    return band(seconds, seed, true);
}

Samples plucks(double seconds, unsigned seed) {
    return band(seconds, seed, false);
}

Samples voice(double seconds, unsigned seed) {
    Dice dice(seed);
    std::vector<double> x(frames(seconds));
    std::complex<double> ring[3] = {};
    double phase = 0.0, slow = 0.0;
    int since = 12;
    for (std::size_t n = 0; n < x.size(); ++n) {
        const double t = static_cast<double>(n) / kRate.value;
        phase +=
            (150.0 + 60.0 * std::sin(2.0 * kPi * 0.4 * t) + 2.0 * std::sin(30.0 * t)) / kRate.value;
        double source = 0.02 * between(dice, -1.0, 1.0);
        if (phase >= 1.0) phase -= 1.0, since = 0;
        // The glottis closes within a quarter of a millisecond.
        if (since < 12) source += 0.3 * std::sin(kPi * (++since - 0.5) / 12.0);
        const double move = std::sin(2.0 * kPi * 0.7 * t);
        const double formants[] = {500.0 + 200.0 * move, 1400.0 - 500.0 * move, 2600.0};
        const double speaks = 0.5 + 0.5 * std::sin(2.0 * kPi * 1.1 * t);
        for (int f = 0; f < 3; ++f) {
            ring[f] *= std::polar(std::exp(-kPi * (60.0 + 40.0 * f) / kRate.value),
                                  2.0 * kPi * formants[f] / kRate.value);
            ring[f] += source / (1.0 + f);
            x[n] += speaks * speaks * ring[f].imag();
        }
        // Lips are no direct current: nothing below 15 Hz.
        slow += 0.002 * (x[n] - slow);
        x[n] += between(dice, -5e-4, 5e-4) - slow;
    }
    return scaled(x, 0.5);
}

Samples white(double seconds, double rms, unsigned seed) {
    Dice dice(seed);
    Samples out(frames(seconds));
    for (float& x : out) x = static_cast<float>(between(dice, -1.0, 1.0) * rms * std::sqrt(3.0));
    return out;
}

Samples sine(double seconds, double hertz, double amplitude) {
    Samples out(frames(seconds));
    for (std::size_t n = 0; n < out.size(); ++n)
        out[n] = static_cast<float>(
            amplitude * std::sin(2.0 * kPi * hertz / kRate.value * static_cast<double>(n)));
    return out;
}

Samples sum(const Samples& a, const Samples& b) {
    Samples out(a);
    for (std::size_t n = 0; n < std::min(a.size(), b.size()); ++n) out[n] += b[n];
    return out;
}

std::vector<Stretch> add_clicks(Samples& samples, std::size_t count, unsigned seed) {
    Dice dice(seed);
    std::vector<Stretch> out;
    const std::size_t rim = frames(0.1), room = (samples.size() - 2 * rim) / count;
    for (std::size_t c = 0; c < count; ++c) {
        const double level = std::pow(10.0, between(dice, -30.0, -6.0) / 20.0);
        const std::size_t at = rim + c * room + dice() % (room - 200);
        std::size_t length = 1 + dice() % 3;
        if (c % 3 == 1) length = 5 + dice() % 36;
        if (c % 3 == 2) length = frames(between(dice, 0.002, 0.0035));
        const double sign = dice() % 2 == 0 ? level : -level;
        double slow = 0.0;
        for (std::size_t n = 0; n < length; ++n) {
            const double t = static_cast<double>(n) / static_cast<double>(length);
            const double any = n == 0 ? 1.0 : between(dice, -1.0, 1.0);
            slow += 0.3 * (any - slow);
            double x = sign;
            if (c % 3 == 1) x *= std::exp(-4.0 * t) * any;
            if (c % 3 == 2) x *= std::exp(-3.0 * t) * (n == 0 ? 1.0 : 2.0 * slow);
            samples[at + n] += static_cast<float>(x);
        }
        out.push_back({at, at + length});
    }
    return out;
}

double rms(std::span<const float> samples) {
    double power = 0.0;
    for (const float x : samples) power += static_cast<double>(x) * static_cast<double>(x);
    return std::sqrt(power / static_cast<double>(samples.size()));
}

double dB(double ratio) {
    return 20.0 * std::log10(ratio);
}

double snr(const Samples& clean, const Samples& other, const std::vector<Stretch>& where) {
    double power = 0.0, error = 0.0;
    const std::vector<Stretch> whole = {{0, clean.size()}};
    for (const Stretch& one : where.empty() ? whole : where)
        for (std::size_t n = one.begin; n < one.end; ++n) {
            const double x = static_cast<double>(clean[n]), y = static_cast<double>(other[n]);
            power += x * x;
            error += (x - y) * (x - y);
        }
    return 10.0 * std::log10(power / (error + 1e-30));
}

double level_at(std::span<const float> samples, double hertz) {
    std::complex<double> sum = 0.0;
    const auto size = static_cast<double>(samples.size());
    for (std::size_t n = 0; n < samples.size(); ++n) {
        const auto at = static_cast<double>(n);
        const double window = 0.5 - 0.5 * std::cos(2.0 * kPi * at / size);
        sum += window * static_cast<double>(samples[n]) *
               std::polar(1.0, -2.0 * kPi * hertz / kRate.value * at);
    }
    return 4.0 * std::abs(sum) / size;
}

}  // namespace mixrig::tests
