// What the tests of the reverb share: impulse responses and what room acoustics reads from them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/dsp/fx/reverb_support.h"

#include "dsp/design.h"
#include "dsp/svf.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <random>

namespace mixrig::dsp::test::reverb {
namespace {

using Complex = std::complex<double>;

std::size_t frames_of(Seconds time, Hertz rate) {
    return static_cast<std::size_t>(time.value * rate.value);
}

// In place; the size is a power of two.
void transform(std::vector<Complex>& x, double sign) {
    const std::size_t size = x.size();
    for (std::size_t i = 1, j = 0; i < size; ++i) {
        std::size_t bit = size >> 1;
        for (; j & bit; bit >>= 1) j ^= bit;
        j ^= bit;
        if (i < j) std::swap(x[i], x[j]);
    }
    for (std::size_t half = 1; half < size; half *= 2) {
        const Complex turn = std::polar(1.0, sign * std::numbers::pi / static_cast<double>(half));
        for (std::size_t from = 0; from < size; from += 2 * half) {
            Complex w = 1.0;
            for (std::size_t k = from; k < from + half; ++k, w *= turn) {
                const Complex a = x[k], b = w * x[k + half];
                x[k] = a + b;
                x[k + half] = a - b;
            }
        }
    }
}

}  // namespace

std::string name(Space space) {
    switch (space) {
        case Space::room:
            return "room";
        case Space::plate:
            return "plate";
        case Space::hall:
            return "hall";
    }
    return {};
}

FxSettings fx(const ReverbSettings& s) {
    const double values[] = {s.predelay.value * 1e3, s.decay.value * 1e3, s.size,
                             s.damping.value,        s.diffusion,         s.low_cut.value,
                             s.high_cut.value,       s.modulation};
    FxSettings settings{};
    std::transform(std::begin(values), std::end(values), settings.begin(),
                   [](double value) { return static_cast<float>(value); });
    return settings;
}

Pair silence(std::size_t frames) {
    return {std::vector<float>(frames), std::vector<float>(frames)};
}

Pair noise(std::size_t frames, float peak, std::uint32_t seed) {
    std::mt19937 engine(seed);
    const auto sample = [&] {
        return peak * (static_cast<float>(engine()) / 2147483648.0f - 1.0f);
    };
    Pair x = silence(frames);
    for (std::size_t n = 0; n < frames; ++n) {
        x.left[n] = sample();
        x.right[n] = sample();
    }
    return x;
}

void run(Reverb& unit, Pair& x) {
    for (std::size_t n = 0; n + kQuantum <= x.left.size(); n += kQuantum) {
        unit.begin_quantum();
        unit.process(x.left.data() + n, x.right.data() + n, {0, kQuantum});
    }
}

Pair response(Space space, const ReverbSettings& settings, Impulse impulse, Seconds length,
              Hertz rate) {
    Reverb unit(space, rate);
    unit.set(fx(settings), Change::jump);
    Pair x = silence((frames_of(length, rate) / kQuantum + 1) * kQuantum);
    x.left[0] = impulse.left;
    x.right[0] = impulse.right;
    run(unit, x);
    return x;
}

double energy(const std::vector<float>& x, std::size_t from, std::size_t to) {
    double sum = 0.0;
    for (std::size_t n = from; n < std::min(to, x.size()); ++n)
        sum += static_cast<double>(x[n]) * static_cast<double>(x[n]);
    return sum;
}

double correlation(const Pair& x, std::size_t from, std::size_t to) {
    double sum = 0.0;
    for (std::size_t n = from; n < to; ++n)
        sum += static_cast<double>(x.left[n]) * static_cast<double>(x.right[n]);
    return sum / std::sqrt(energy(x.left, from, to) * energy(x.right, from, to));
}

std::vector<float> ensemble(Space space, const ReverbSettings& settings, Seconds length,
                            Hertz rate) {
    std::vector<float> all;
    std::size_t lane = 0;
    for (const double nearby : {-0.05, -0.02, 0.02, 0.05})
        for (const Impulse impulse : {Impulse{1.0f, 0.0f}, Impulse{0.0f, 1.0f}}) {
            ReverbSettings varied = settings;
            varied.size = std::clamp(settings.size, 0.05, 0.95) + nearby;
            const Pair x = response(space, varied, impulse, length, rate);
            all.resize(x.left.size() * kLanes);
            for (std::size_t n = 0; n < x.left.size(); ++n) {
                all[n * kLanes + lane] = x.left[n];
                all[n * kLanes + lane + 1] = x.right[n];
            }
            lane += 2;
        }
    return all;
}

Seconds measured_decay(const std::vector<float>& ensemble, Hertz band, Hertz rate) {
    const auto low = design_hpf({band.value / std::numbers::sqrt2}, Slope::dB24, rate);
    const auto high = design_lpf({band.value * std::numbers::sqrt2}, Slope::dB24, rate);
    const SvfLane sections[] = {low[0], low[1], high[0], high[1]};
    std::vector<SvfBank> banks(4, SvfBank(rate));
    for (std::size_t k = 0; k < 4; ++k)
        for (std::size_t lane = 0; lane < kLanes; ++lane)
            banks[k].set(lane, sections[k], Change::jump);
    std::vector<double> level(ensemble.size() / kLanes);
    for (std::size_t n = 0; n < level.size(); n += kQuantum) {
        BankBlock x;
        std::copy_n(ensemble.data() + n * kLanes, kQuantum * kLanes, x.x);
        for (SvfBank& bank : banks) bank.begin_quantum();
        svf_process(banks, x.x, {0, kQuantum}, kAllLanes);
        for (std::size_t f = 0; f < kQuantum; ++f)
            for (std::size_t lane = 0; lane < kLanes; ++lane)
                level[n + f] += static_cast<double>(x.at(f)[lane] * x.at(f)[lane]);
    }
    for (std::size_t n = level.size() - 1; n-- > 0;) level[n] += level[n + 1];
    double count = 0.0, t = 0.0, y = 0.0, tt = 0.0, ty = 0.0;
    for (std::size_t n = 0; n < level.size(); ++n) {
        const double dB = 10.0 * std::log10(level[n] / level[0]);
        if (dB > -5.0) continue;
        if (!(dB > -35.0)) break;
        const double time = static_cast<double>(n) / rate.value;
        count += 1.0, t += time, y += dB, tt += time * time, ty += time * dB;
    }
    return {-60.0 / ((count * ty - t * y) / (count * tt - t * t))};
}

Seconds time_of_density(const std::vector<float>& x, double density, Hertz rate) {
    const std::size_t window = frames_of({0.020}, rate);
    std::vector<double> weight(window);
    double total = 0.0;
    for (std::size_t k = 0; k < window; ++k) {
        weight[k] = 1.0 - std::cos(2.0 * std::numbers::pi * (static_cast<double>(k) + 0.5) /
                                   static_cast<double>(window));
        total += weight[k];
    }
    const double gaussian = std::erfc(std::numbers::sqrt2 / 2.0);
    // The moment is the middle of the window.
    for (std::size_t n = 0; n + window <= x.size(); n += 16) {
        double power = 0.0, beyond = 0.0;
        for (std::size_t k = 0; k < window; ++k)
            power += weight[k] / total * static_cast<double>(x[n + k] * x[n + k]);
        for (std::size_t k = 0; k < window; ++k)
            if (static_cast<double>(x[n + k] * x[n + k]) > power) beyond += weight[k] / total;
        if (beyond / gaussian >= density)
            return {(static_cast<double>(n) + 0.5 * static_cast<double>(window)) / rate.value};
    }
    return {1e9};
}

double flutter(const std::vector<float>& x, Seconds from, Seconds to, Seconds decay, Hertz rate) {
    const std::size_t first = frames_of(from, rate), count = frames_of(to, rate) - first;
    std::vector<Complex> spectrum(std::bit_ceil(2 * count));
    for (std::size_t n = 0; n < count; ++n) {
        const double time = static_cast<double>(n) / rate.value;
        spectrum[n] = static_cast<double>(x[first + n]) * std::pow(10.0, 3.0 * time / decay.value);
    }
    transform(spectrum, -1.0);
    // White in bands of 50 Hz: what colours is taken out, what repeats stays.
    const auto band =
        static_cast<std::size_t>(50.0 / rate.value * static_cast<double>(spectrum.size()));
    std::vector<double> sums(spectrum.size() + 1);
    for (std::size_t k = 0; k < spectrum.size(); ++k)
        sums[k + 1] = sums[k] + std::norm(spectrum[k]);
    const std::size_t top =
        frames_of({1.0}, {16000.0 / rate.value * static_cast<double>(spectrum.size())});
    for (std::size_t k = 0; k < spectrum.size(); ++k) {
        const std::size_t mirror = std::min(k, spectrum.size() - k);
        if (mirror < 2 * band || mirror > top)
            spectrum[k] = 0.0;
        else
            spectrum[k] = std::norm(spectrum[k]) / (sums[k + band] - sums[k - band]);
    }
    transform(spectrum, 1.0);
    double largest = 0.0;
    for (std::size_t lag = frames_of({0.002}, rate); lag < frames_of({0.250}, rate); ++lag)
        largest = std::max(largest, std::abs(spectrum[lag].real() / spectrum[0].real()));
    return largest;
}

double magnitude(const std::vector<float>& x, Hertz frequency, Hertz rate) {
    const Complex turn = std::polar(1.0, -2.0 * std::numbers::pi * frequency.value / rate.value);
    Complex sum = 0.0, w = 1.0;
    for (const float sample : x) {
        sum += static_cast<double>(sample) * w;
        w *= turn;
    }
    return std::abs(sum);
}

}  // namespace mixrig::dsp::test::reverb
