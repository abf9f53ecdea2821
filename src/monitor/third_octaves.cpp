// Band filters, thirty-two abreast.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/monitor/third_octaves.h"

#include "src/monitor/levels.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace mixrig::monitor {
namespace {

constexpr int kLowestBand = -17;     // 1000 Hz * 10^(-17/10) = 19.95 Hz
constexpr double kHighest = 0.4975;  // of the sample rate: where the upper edge may lie

}  // namespace

ThirdOctaves::ThirdOctaves(dsp::Hertz rate) : rate_(rate) {
    for (std::size_t band = 0; band < kThirdOctaves; ++band) design(band);
}

dsp::Hertz ThirdOctaves::centre(std::size_t band) {
    return {1000.0 * std::pow(10.0, (static_cast<double>(band) + kLowestBand) / 10.0)};
}

// The three poles of a Butterworth low-pass, moved to a band (s -> (s^2 + w0^2) / (B s)): the real
// one becomes a pair around the centre, the complex pair two pairs, one to each side.
void ThirdOctaves::design(std::size_t band) {
    const double half = std::pow(10.0, 1.0 / 20.0);
    const auto warped = [&](double frequency) {
        return std::tan(std::numbers::pi * std::min(frequency / rate_.value, kHighest));
    };
    const double low = warped(centre(band).value / half), high = warped(centre(band).value * half);
    const double width = high - low;
    const std::complex<double> middle(0.0, std::sqrt(low * high));
    const std::complex<double> shift = width / 2.0 * std::complex<double>(-0.5, std::sqrt(0.75));
    const std::complex<double> apart = std::sqrt(shift * shift + middle * middle);
    struct Resonance {
        double w, damping;
    };
    const auto resonance = [](std::complex<double> pole) {
        return Resonance{std::abs(pole), -2.0 * pole.real() / std::abs(pole)};
    };
    const std::array resonances = {Resonance{std::abs(middle), width / std::abs(middle)},
                                   resonance(shift + apart), resonance(shift - apart)};
    double at_centre = 1.0;
    for (std::size_t i = 0; i < kSections; ++i) {
        const auto [w, damping] = resonances[i];
        const double a1 = 1.0 / (1.0 + w * (w + damping));
        Section& section = sections_[i];
        section.a1[band] = static_cast<float>(a1);
        section.a2[band] = static_cast<float>(w * a1);
        section.a3[band] = static_cast<float>(w * w * a1);
        section.gain[band] = static_cast<float>(damping);
        const std::complex<double> band_pass = damping * w * middle;
        at_centre *= std::abs(band_pass / (middle * middle + band_pass + w * w));
    }
    sections_.back().gain[band] /= static_cast<float>(at_centre);
}

void ThirdOctaves::use(Averaging averaging) {
    averaging_ = averaging;
    for (MeanPower& mean : means_) mean.highest = 0.0f;
}

void ThirdOctaves::reset() {
    sides_ = {};
    means_ = {};
}

// The section: A. Simper, "Solving the continuous SVF equations using trapezoidal integration"
// (Cytomic, 2013). On copies: beside members a compiler cannot know that no lane is another's
// coefficient, and takes one at a time.
void ThirdOctaves::run(const float* in, Side& side, std::size_t frames, Lanes& energy) const {
    const std::array<Section, kSections> sections = sections_;
    Side states = side;
    Lanes sum = energy;
    for (std::size_t n = 0; n < frames; ++n) {
        Lanes x;
        x.fill(in[n]);
        for (std::size_t i = 0; i < kSections; ++i) {
            const Section& c = sections[i];
            State& s = states[i];
            for (std::size_t lane = 0; lane < kLanes; ++lane) {
                const float v3 = x[lane] - s.s2[lane];
                const float v1 = c.a1[lane] * s.s1[lane] + c.a2[lane] * v3;
                const float v2 = s.s2[lane] + c.a2[lane] * s.s1[lane] + c.a3[lane] * v3;
                s.s1[lane] = 2.0f * v1 - s.s1[lane];
                s.s2[lane] = 2.0f * v2 - s.s2[lane];
                x[lane] = c.gain[lane] * v1;
            }
        }
        for (std::size_t lane = 0; lane < kLanes; ++lane) sum[lane] += x[lane] * x[lane];
    }
    side = states;
    energy = sum;
}

void ThirdOctaves::add(const float* left, const float* right, std::size_t frames) {
    if (frames == 0) return;
    Lanes energy{};
    run(left, sides_[0], frames, energy);
    run(right, sides_[1], frames, energy);
    const float keep = kept(averaging_, static_cast<double>(frames) / rate_.value);
    for (std::size_t band = 0; band < kThirdOctaves; ++band)
        means_[band].add(energy[band] / static_cast<float>(2 * frames), keep);
}

std::array<float, kThirdOctaves> ThirdOctaves::levels_dBFS() const {
    std::array<float, kThirdOctaves> out{};
    for (std::size_t band = 0; band < kThirdOctaves; ++band)
        out[band] = power_dB(means_[band].shown(averaging_));
    return out;
}

}  // namespace mixrig::monitor
