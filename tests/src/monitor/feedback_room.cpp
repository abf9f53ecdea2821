// Rooms from a few reflections.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/src/monitor/feedback_room.h"

#include "tests/src/monitor/feedback_tools.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <utility>

namespace mixrig::tests {
namespace {

constexpr std::size_t kStep = 480;  // of a level

double one_pole(double corner_Hz) {
    return 1.0 - std::exp(-feedback::kTurn * corner_Hz / feedback::kRate);
}
// 120 Hz to 8 kHz, 6 dB per octave: the loudspeaker's band.
const double kLow = one_pole(8000.0), kSlow = one_pole(120.0);

// The level in a critical band in dB, each 10 ms, of the last 40 ms: two band-passes in a row.
std::vector<double> levels(const Sound& sound, double hertz) {
    const double width = 24.7 * (4.37e-3 * hertz + 1.0),
                 turn = feedback::kTurn * hertz / feedback::kRate;
    const double alpha = std::sin(turn) * 1.2 * width / hertz / 2.0;  // 1.2: there are two
    const double in = alpha / (1.0 + alpha), back = -2.0 * std::cos(turn) / (1.0 + alpha),
                 far = (1.0 - alpha) / (1.0 + alpha);
    struct {
        double x1, x2, y1, y2;
    } stages[2] = {};
    std::vector<double> power, out;
    double sum = 0.0;
    for (std::size_t n = 0; n < sound.size(); ++n) {
        double x = static_cast<double>(sound[n]);
        for (auto& s : stages) {
            const double y = in * (x - s.x2) - back * s.y1 - far * s.y2;
            s = {x, s.x1, y, s.y1};
            x = y;
        }
        sum += x * x;
        if (n % kStep != kStep - 1) continue;
        power.push_back(std::exchange(sum, 0.0) / kStep);
        double last = 0.0;
        for (std::size_t i = power.size() - std::min<std::size_t>(4, power.size());
             i < power.size(); ++i)
            last += power[i] / 4.0;
        out.push_back(10.0 * std::log10(last + 1e-12));
    }
    return out;
}

}  // namespace

Room::Room(double delay_ms, std::uint32_t seed, Peak peak) : past_(kPast, 0.0) {
    std::mt19937 random(seed);
    const auto direct = static_cast<std::size_t>(delay_ms * feedback::kRate / 1000.0);
    paths_.push_back({direct, 1.0});
    for (int i = 0; i < 40; ++i) {
        const double later = feedback::between(random, 0.002, 0.12);
        paths_.push_back({direct + feedback::frames(later),
                          0.35 * feedback::between(random, -1.0, 1.0) * std::exp(-later / 0.04)});
    }
    constexpr double kPeakQ = 2.0;
    const double turn = feedback::kTurn * peak.hertz / feedback::kRate,
                 alpha = std::sin(turn) / (2.0 * kPeakQ);
    boost_ = std::pow(10.0, peak.dB / 20.0) - 1.0;
    peak_in_ = alpha / (1.0 + alpha);
    peak_1_ = -2.0 * std::cos(turn) / (1.0 + alpha);
    peak_2_ = (1.0 - alpha) / (1.0 + alpha);
}

double Room::hear() const {
    double sum = 0.0;
    for (const Path& path : paths_) sum += path.gain * past_[(at_ + kPast - path.delay) % kPast];
    return sum;
}

// The peak is a band-pass beside the band.
void Room::tell(double sample) {
    low_ += kLow * (sample - low_);
    slow_ += kSlow * (low_ - slow_);
    const double in = low_ - slow_;
    const double out = peak_in_ * (in - in_2_) - peak_1_ * out_1_ - peak_2_ * out_2_;
    in_2_ = std::exchange(in_1_, in);
    out_2_ = std::exchange(out_1_, out);
    at_ = (at_ + 1) % kPast;
    past_[at_] = in + boost_ * out;
}

// Of what is between a sample told and what goes through the room.
std::complex<double> Room::response(double hertz) const {
    const auto z = [&](double delay) {
        return std::polar(1.0, -feedback::kTurn * hertz / feedback::kRate * delay);
    };
    const auto low_pass = [&](double a) { return a / (1.0 - (1.0 - a) * z(1.0)); };
    const std::complex<double> peak =
        peak_in_ * (1.0 - z(2.0)) / (1.0 + peak_1_ * z(1.0) + peak_2_ * z(2.0));
    return low_pass(kLow) * (1.0 - low_pass(kSlow)) * (1.0 + boost_ * peak);
}

// The paths' phases are turned on from step to step.
std::vector<Room::Mode> Room::modes() const {
    constexpr double kWidth = 0.25, kFirst = 60.0, kLast = 16000.0;
    std::vector<std::complex<double>> phases, turns;
    for (const Path& path : paths_) {
        const double frames = static_cast<double>(path.delay + 1);  // heard one after it was told
        phases.push_back(
            std::polar(path.gain, -feedback::kTurn * kFirst / feedback::kRate * frames));
        turns.push_back(std::polar(1.0, -feedback::kTurn * kWidth / feedback::kRate * frames));
    }
    std::vector<Mode> out;
    std::complex<double> before = 0.0;
    for (double hertz = kFirst; hertz < kLast; hertz += kWidth) {
        std::complex<double> now = 0.0;
        for (std::size_t i = 0; i < phases.size(); ++i) {
            now += phases[i];
            phases[i] *= turns[i];
        }
        now *= response(hertz);
        if (hertz > kFirst && before.imag() * now.imag() <= 0.0 && now.real() > 0.0)
            out.push_back({hertz - kWidth / 2.0, now.real()});
        before = now;
    }
    std::sort(out.begin(), out.end(), [](const Mode& a, const Mode& b) { return a.gain > b.gain; });
    return out;
}

bool Loop::rings_at(double hertz) const {
    return std::any_of(modes.begin(), modes.end(), [&](const Room::Mode& mode) {
        return mode.gain * gain >= 1.0 &&
               std::abs(mode.hertz - hertz) < std::max(10.0, 0.029 * mode.hertz);
    });
}

double Loop::stands_out(double hertz) const {
    constexpr double kAbove_dB = 6.0;
    constexpr std::size_t kMasked = 20;  // steps
    const std::vector<double> with = levels(heard, hertz), without = levels(alone, hertz);
    const double steps = feedback::kRate / kStep;
    auto at = static_cast<std::size_t>(
        std::min(static_cast<double>(with.size()), (full + kBefore) * steps));
    const auto first = static_cast<std::size_t>(kBefore * steps);
    for (; at > first; --at) {
        const auto end = without.begin() + static_cast<std::ptrdiff_t>(at);
        if (with[at - 1] < *std::max_element(end - kMasked, end) + kAbove_dB) break;
    }
    return static_cast<double>(at - first) / steps;
}

Loop close_loop(Room room, const Sound& source, double level, double above_dB) {
    Loop loop;
    loop.modes = room.modes();
    loop.gain = std::pow(10.0, above_dB / 20.0) / loop.modes.front().gain;
    const auto before = static_cast<std::size_t>(Loop::kBefore * feedback::kRate);
    for (std::size_t n = 0; n < source.size(); ++n) {
        const double alone = std::clamp(level * static_cast<double>(source[n]), -1.0, 1.0);
        const double x =
            std::clamp(level * static_cast<double>(source[n]) + room.hear(), -1.0, 1.0);
        if (std::abs(x) >= 1.0 && n > before && loop.full == Loop::kNever)
            loop.full = static_cast<double>(n) / feedback::kRate - Loop::kBefore;
        loop.heard.push_back(static_cast<float>(x));
        loop.alone.push_back(static_cast<float>(alone));
        room.tell(n < before ? 0.0 : loop.gain * x);
    }
    return loop;
}

}  // namespace mixrig::tests
