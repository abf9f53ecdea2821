// What the tests of the master chain share: responses, pitches, stems and their sum.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/dsp/master/support.h"

#include "tests/dsp/support.h"

#include <cmath>
#include <complex>
#include <numbers>

namespace mixrig::dsp::test::master {

SideGains gains_dB(const Stereo& answer, const std::vector<Hertz>& frequencies, Hertz rate) {
    SideGains found;
    for (const Hertz frequency : frequencies) {
        const auto turn = std::polar(1.0, -2.0 * std::numbers::pi * frequency.value / rate.value);
        std::complex<double> left = 0.0, right = 0.0, turned = 10.0;
        for (std::size_t n = 0; n < answer.left.size(); ++n, turned *= turn) {
            left += static_cast<double>(answer.left[n]) * turned;
            right += static_cast<double>(answer.right[n]) * turned;
        }
        found.left.push_back(in_dB(std::abs(left)));
        found.right.push_back(in_dB(std::abs(right)));
    }
    return found;
}

std::vector<Hertz> pitches(Hertz low, Hertz high, std::size_t count) {
    std::vector<Hertz> all;
    for (std::size_t k = 0; k < count; ++k) {
        const double share = static_cast<double>(k) / static_cast<double>(count - 1);
        all.push_back({low.value * std::pow(high.value / low.value, share)});
    }
    return all;
}

std::vector<Stereo> stems(std::size_t frames, Hertz rate, double level) {
    std::vector<Stereo> all;
    for (std::size_t s = 0; s < 8; ++s) {
        Noise random(static_cast<std::uint32_t>(s) + 1);
        const double turn =
            2.0 * std::numbers::pi * 45.0 * std::exp2(static_cast<double>(s)) * 1.037 / rate.value;
        const double pan = 0.1 + 0.1 * static_cast<double>(s);
        Stereo stem{Samples(frames), Samples(frames)};
        for (std::size_t n = 0; n < frames; ++n) {
            // Tones and noise that is hit anew every now and then and dies away.
            const auto since = static_cast<double>((n + 977 * s) % (4001 + 613 * s));
            const double hit = std::exp(-since / (0.03 * rate.value));
            const double tone = std::sin(turn * static_cast<double>(n));
            const double x = level * hit * (s % 2 ? tone : random.between(-1.0, 1.0));
            stem.left[n] = static_cast<float>((1.0 - pan) * x);
            stem.right[n] = static_cast<float>(pan * x);
        }
        all.push_back(stem);
    }
    return all;
}

Stereo sum(const std::vector<Stereo>& parts) {
    const std::size_t frames = parts[0].left.size();
    Stereo all{Samples(frames), Samples(frames)};
    for (std::size_t n = 0; n < frames; ++n) {
        double left = 0.0, right = 0.0;
        for (const Stereo& part : parts) {
            left += static_cast<double>(part.left[n]);
            right += static_cast<double>(part.right[n]);
        }
        all.left[n] = static_cast<float>(left);
        all.right[n] = static_cast<float>(right);
    }
    return all;
}

}  // namespace mixrig::dsp::test::master
