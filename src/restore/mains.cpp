// The mains: a comb over a median spectrum, then phases.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/restore/mains.h"

#include "src/fft/fft.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mixrig::restore {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kLowRate = 6000.0;  // at least, if the sound has that
constexpr std::size_t kTapsEach = 16;
constexpr std::size_t kSpectrum = 16384;  // 2.7 s and less: bins of 0.37 Hz
constexpr std::size_t kMostSpectra = 400;
constexpr double kMainsAround = 0.5, kStep = 0.02;           // Hz: the comb
constexpr double kLine = 12.0, kOther = 9.0, kAlone = 18.0;  // dB above the neighbourhood
constexpr double kLeastPower = 1e-8;  // of the loudest line's: what is less may leak from others
constexpr double kNeighbours = 0.8;
constexpr std::size_t kMainsEachSide = 8;  // moments: 8 s with both

double median(std::vector<double>& values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// Of each bin over time.
std::vector<double> median_spectrum(const LowBand& low) {
    fft::RealFft fft(kSpectrum);
    const auto samples = low.samples();
    const std::size_t last = samples.size() - kSpectrum;
    const std::size_t count = std::min(kMostSpectra, 1 + last / (kSpectrum / 2));
    std::vector<std::vector<double>> powers(kSpectrum / 2 + 1);
    for (std::size_t s = 0; s < count; ++s) {
        const std::size_t begin = count == 1 ? 0 : last * s / (count - 1);
        const auto time = fft.time();
        for (std::size_t n = 0; n < kSpectrum; ++n)
            time[n] = samples[begin + n] *
                      (0.5 - 0.5 * std::cos(2.0 * kPi * static_cast<double>(n) / kSpectrum));
        fft.forward();
        for (std::size_t k = 0; k < powers.size(); ++k)
            powers[k].push_back(std::norm(fft.frequencies()[k]));
    }
    std::vector<double> out(powers.size());
    for (std::size_t k = 0; k < out.size(); ++k) out[k] = median(powers[k]);
    return out;
}

class Comb {
public:
    Comb(const LowBand& low, std::size_t harmonics)
        : spectrum_(median_spectrum(low)), width_(low.rate() / kSpectrum), harmonics_(harmonics) {}

    // dB of a line over what is 1.5 to 8 Hz away.
    double line(double hertz) const {
        const double place = hertz / width_;
        const auto bin = static_cast<std::size_t>(place);
        const auto near = static_cast<std::size_t>(1.5 / width_),
                   far = static_cast<std::size_t>(8.0 / width_);
        if (bin <= near || bin + far + 2 >= spectrum_.size()) return 0.0;
        std::vector<double> others;
        for (std::size_t away = near; away <= far; ++away) {
            if (bin >= away + 2) others.push_back(spectrum_[bin - away]);
            others.push_back(spectrum_[bin + 1 + away]);
        }
        // A steady note or two in there are no reason not to see the line; the many lines of music
        // to a machine's beat, as near to each other as its bars are long, are.
        const auto high = others.begin() + static_cast<std::ptrdiff_t>(
                                               kNeighbours * static_cast<double>(others.size()));
        std::nth_element(others.begin(), high, others.end());
        return 10.0 * std::log10((power(hertz) + 1e-20) / (*high + 1e-20));
    }
    double score(double fundamental) const {
        double sum = 0.0;
        for (std::size_t h = 1; h <= harmonics_; ++h) {
            const double one = line(fundamental * static_cast<double>(h));
            if (one >= kOther) sum += one;
        }
        return sum;
    }
    double power(double hertz) const {
        const double place = hertz / width_;
        const auto bin = static_cast<std::size_t>(place);
        if (bin + 1 >= spectrum_.size()) return 0.0;
        const double share = place - static_cast<double>(bin);
        return spectrum_[bin] * (1.0 - share) + spectrum_[bin + 1] * share;
    }
    bool stands_out(double fundamental) const {
        double best = 0.0;
        std::size_t lines = 0;
        for (std::size_t h = 1; h <= harmonics_; ++h) {
            const double one = line(fundamental * static_cast<double>(h));
            if (h <= 3) best = std::max(best, one);
            if (one >= kOther) ++lines;
        }
        return best >= kAlone || (best >= kLine && lines >= 2);
    }

private:
    std::vector<double> spectrum_;
    double width_;
    std::size_t harmonics_;
};

// Which deviation makes the tones around a moment add up. Each moment counts by its phase, a loud
// one (a note) not more than the others; each harmonic alike.
class Coherence {
public:
    Coherence(const Tones& tones, std::vector<std::size_t> harmonics)
        : tones_(tones), harmonics_(std::move(harmonics)) {
        for (const std::size_t h : harmonics_) {
            std::vector<double> sizes;
            for (std::size_t m = 0; m < tones.moments(); ++m)
                sizes.push_back(std::abs(tones.at(m, h)));
            usual_.push_back(median(sizes) + 1e-12);
        }
    }

    double sum(std::size_t moment, double deviation) const {
        const std::size_t from = moment - std::min(moment, kMainsEachSide),
                          to = std::min(moment + kMainsEachSide + 1, tones_.moments());
        double all = 0.0;
        for (std::size_t i = 0; i < harmonics_.size(); ++i) {
            const double turn = -2.0 * kPi * static_cast<double>(harmonics_[i] + 1) * deviation;
            std::complex<double> one = 0.0;
            for (std::size_t m = from; m < to; ++m) {
                const std::complex<double> tone = tones_.at(m, harmonics_[i]);
                one += tone / std::max(std::abs(tone), usual_[i]) *
                       std::polar(1.0, turn * Tones::seconds(m));
            }
            all += std::abs(one);
        }
        return all;
    }

    double best(std::size_t moment, double most, double step) const {
        const auto steps = static_cast<int>(std::lround(most / step));
        std::vector<double> sums;
        for (int s = -steps; s <= steps; ++s) sums.push_back(sum(moment, s * step));
        const auto top = std::max_element(sums.begin(), sums.end());
        const auto at = static_cast<double>(top - sums.begin() - steps);
        if (top == sums.begin() || top + 1 == sums.end()) return at * step;
        // The top of the parabola through three points.
        const double bend = top[-1] - 2.0 * top[0] + top[1];
        return (at + (bend < 0.0 ? 0.5 * (top[-1] - top[1]) / bend : 0.0)) * step;
    }

private:
    const Tones& tones_;
    std::vector<std::size_t> harmonics_;
    std::vector<double> usual_;
};

// The same drift, corrected every 2 s.
Drift follow(const LowBand& low, const Drift& drift, const std::vector<std::size_t>& harmonics,
             double most, double step) {
    const Tones all = tones(low, drift, harmonics.back() + 1);
    const Coherence coherence(all, harmonics);
    constexpr std::size_t kEach = 4;
    std::vector<double> deviations;
    for (std::size_t m = 0; m < all.moments(); m += kEach)
        deviations.push_back(coherence.best(m, most, step));
    std::vector<double> hertz;
    for (std::size_t i = 0; i < deviations.size(); ++i) {
        std::vector<double> three;
        for (std::size_t j = i - std::min<std::size_t>(i, 1); j <= i + 1 && j < deviations.size();
             ++j)
            three.push_back(deviations[j]);
        // Of the two at an end the lesser deviation.
        if (three.size() == 2)
            three = {std::fabs(three[0]) < std::fabs(three[1]) ? three[0] : three[1]};
        hertz.push_back(drift.hertz(Tones::seconds(i * kEach)) + median(three));
    }
    return Drift(std::move(hertz), Tones::seconds(0), kEach * kToneSpacing);
}

}  // namespace

LowBand::LowBand(std::span<const float> samples, dsp::Hertz rate) : source_rate_(rate.value) {
    const auto every = std::max<std::size_t>(1, static_cast<std::size_t>(rate.value / kLowRate));
    rate_ = rate.value / static_cast<double>(every);
    const std::size_t half = kTapsEach * every;
    const double cutoff = 0.4 / static_cast<double>(every);  // of the source's rate
    double sum = 0.0;
    for (std::size_t k = 0; k <= half; ++k) {
        const double x = static_cast<double>(k), end = x / static_cast<double>(half + 1);
        const double ideal = k == 0 ? 2.0 * cutoff : std::sin(2.0 * kPi * cutoff * x) / (kPi * x);
        taps_.push_back(ideal *
                        (0.42 + 0.5 * std::cos(kPi * end) + 0.08 * std::cos(2.0 * kPi * end)));
        sum += taps_.back() * (k == 0 ? 1.0 : 2.0);
    }
    for (double& tap : taps_) tap /= sum;
    for (std::size_t at = 0; at < samples.size(); at += every) {
        double out = taps_[0] * static_cast<double>(samples[at]);
        for (std::size_t k = 1; k <= half; ++k) {
            const double before = at >= k ? static_cast<double>(samples[at - k]) : 0.0;
            const double behind =
                at + k < samples.size() ? static_cast<double>(samples[at + k]) : 0.0;
            out += taps_[k] * (before + behind);
        }
        samples_.push_back(out);
    }
}

double LowBand::response(double hertz) const {
    double out = taps_[0];
    for (std::size_t k = 1; k < taps_.size(); ++k)
        out += 2.0 * taps_[k] * std::cos(2.0 * kPi * hertz / source_rate_ * static_cast<double>(k));
    return out;
}

Drift::Drift(std::vector<double> hertz, double first, double spacing)
    : hertz_(std::move(hertz)), cycles_(hertz_.size(), 0.0), first_(first), spacing_(spacing) {
    for (std::size_t i = 1; i < hertz_.size(); ++i)
        cycles_[i] = cycles_[i - 1] + 0.5 * spacing * (hertz_[i - 1] + hertz_[i]);
}

double Drift::hertz(double seconds) const {
    const double place = (seconds - first_) / spacing_;
    if (place <= 0.0) return hertz_.front();
    const auto i = static_cast<std::size_t>(place);
    if (i + 1 >= hertz_.size()) return hertz_.back();
    return hertz_[i] + (place - static_cast<double>(i)) * (hertz_[i + 1] - hertz_[i]);
}

double Drift::cycles(double seconds) const {
    const double since = seconds - first_, place = since / spacing_;
    if (place <= 0.0) return since * hertz_.front();
    const std::size_t i = std::min(static_cast<std::size_t>(place), hertz_.size() - 1);
    const double within = since - spacing_ * static_cast<double>(i);
    return cycles_[i] + within * 0.5 * (hertz_[i] + hertz(seconds));
}

Tones tones(const LowBand& low, const Drift& drift, std::size_t harmonics) {
    Tones out{.harmonics = harmonics, .values = {}};
    const auto samples = low.samples();
    const auto size = static_cast<std::size_t>(kToneWindow * low.rate());
    for (std::size_t m = 0;; ++m) {
        const auto begin =
            static_cast<std::size_t>(kToneSpacing * static_cast<double>(m) * low.rate());
        if (begin + size > samples.size()) return out;
        std::vector<std::complex<double>> sums(harmonics);
        for (std::size_t n = 0; n < size; ++n) {
            const double window = 0.5 - 0.5 * std::cos(2.0 * kPi * static_cast<double>(n) /
                                                       static_cast<double>(size));
            const double cycles = drift.cycles(static_cast<double>(begin + n) / low.rate());
            const std::complex<double> back =
                std::polar(1.0, -2.0 * kPi * (cycles - std::floor(cycles)));
            const double x = window * samples[begin + n];
            double re = x * back.real(), im = x * back.imag();
            for (std::complex<double>& sum : sums) {
                sum += std::complex(re, im);
                const double next = re * back.real() - im * back.imag();
                im = re * back.imag() + im * back.real();
                re = next;
            }
        }
        // The window's mean is 1/2, the sine's half is at the other side of 0 Hz.
        for (const auto& sum : sums) out.values.push_back(4.0 * sum / static_cast<double>(size));
    }
}

std::optional<Drift> find_mains(const LowBand& low, const MainsSettings& settings) {
    if (low.samples().size() < kSpectrum) return std::nullopt;
    const Comb comb(low, settings.harmonics);
    double best = 0.0, score = 0.0;
    const auto search = [&](double nominal) {
        for (double hertz = nominal - kMainsAround; hertz <= nominal + kMainsAround; hertz += kStep)
            if (const double one = comb.score(hertz); one > score) score = one, best = hertz;
    };
    if (settings.may_be_50) search(50.0);
    if (settings.may_be_60) search(60.0);
    if (best == 0.0 || !comb.stands_out(best)) return std::nullopt;
    std::vector<std::size_t> low_ones, all;
    double loudest = 0.0;
    for (std::size_t h = 1; h <= settings.harmonics; ++h)
        loudest = std::max(loudest, comb.power(best * static_cast<double>(h)));
    for (std::size_t h = 0; h < settings.harmonics; ++h)
        if (const double hertz = best * static_cast<double>(h + 1);
            comb.line(hertz) >= kOther && comb.power(hertz) > kLeastPower * loudest) {
            all.push_back(h);
            if (h < 6) low_ones.push_back(h);
        }
    if (low_ones.empty()) return std::nullopt;
    Drift drift({best}, Tones::seconds(0), 1.0);
    drift = follow(low, drift, low_ones, 0.12, 0.004);
    drift = follow(low, drift, all, 0.03, 0.001);
    return follow(low, drift, all, 0.006, 0.0005);
}

}  // namespace mixrig::restore
