// Bins into bands.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/app/check/bands.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>

namespace mixrig::app::check {
namespace {

constexpr double kFloor_dB = -120.0;
constexpr double kMatters = 1e-3;  // of the whole, -30 dB: below it nobody hears where it stands

std::size_t size_for(dsp::Hertz rate) {
    std::size_t size = 8192;
    for (double high = 50000.0; rate.value > high && size < 65536; high *= 2.0) size *= 2;
    return size;
}

}  // namespace

BandFft::BandFft(dsp::Hertz rate) : rate_(rate), fft_(size_for(rate)), window_(fft_.size()) {
    const auto size = static_cast<double>(fft_.size());
    // Parseval: the sum of |X|^2 over all bins is `size` times that of the squares; those above 0
    // Hz stand for two, and the mean square of Hann is 3/8.
    const double scale = std::sqrt(2.0 / (size * size * 0.375));
    for (std::size_t n = 0; n < window_.size(); ++n)
        window_[n] = static_cast<float>(
            scale * 0.5 * (1.0 - std::cos(2.0 * std::numbers::pi * static_cast<double>(n) / size)));
    const double half = std::pow(10.0, 0.05);
    for (std::size_t b = 0; b < bands_.size(); ++b) {
        const double centre = monitor::ThirdOctaves::centre(b).value;
        bands_[b] = range(centre / half, centre * half);
    }
    // The lowest 5 Hz are drift, not sound.
    below_90_ = range(5.0, 90.0);
    below_40_ = range(5.0, 40.0);
}

BandFft::Range BandFft::range(double low, double high) const {
    const double bin = rate_.value / static_cast<double>(fft_.size());
    const std::size_t last = fft_.size() / 2;
    Range out;
    for (auto k = static_cast<std::size_t>(low / bin); k <= last; ++k) {
        const double from = (static_cast<double>(k) - 0.5) * bin;
        const double part = (std::min(high, from + bin) - std::max(low, from)) / bin;
        if (from > high) break;
        if (part > 0.0 && k > 0) out.shares.push_back({k, static_cast<float>(part)});
    }
    return out;
}

BandFft::Powers BandFft::run(std::span<const float> sound) {
    const auto in = fft_.input();
    for (std::size_t n = 0; n < in.size(); ++n) in[n] = window_[n] * sound[n];
    const auto power = fft_.run();
    const auto sum = [&](const Range& range) {
        float out = 0.0f;
        for (const Share& share : range.shares) out += share.part * power[share.bin];
        return out;
    };
    Powers out;
    for (std::size_t b = 0; b < bands_.size(); ++b) out.bands[b] = sum(bands_[b]);
    out.below_90 = static_cast<double>(sum(below_90_));
    out.below_40 = static_cast<double>(sum(below_40_));
    return out;
}

BandMeter::BandMeter(const BandFft& fft, bool stereo)
    : stereo_(stereo), middle_(fft.size()), side_(stereo ? fft.size() : 0) {}

void BandMeter::add(BandFft& fft, const float* left, const float* right, std::size_t frames) {
    for (std::size_t n = 0; n < frames; ++n) {
        const float l = left[n], r = stereo_ ? right[n] : 0.0f;
        if (stereo_) side_[filled_] = 0.5f * (l - r);
        middle_[filled_] = stereo_ ? 0.5f * (l + r) : l;
        sounds_ = sounds_ || l != 0.0f || r != 0.0f;
        if (++filled_ == fft.size()) measure(fft);
    }
}

void BandMeter::measure(BandFft& fft) {
    Window31 window{};
    ++windows_;
    if (sounds_) {
        const BandFft::Powers middle = fft.run(middle_);
        BandFft::Powers side;
        if (stereo_) side = fft.run(side_);
        // The mean of both sides is the sum of middle and side.
        for (std::size_t b = 0; b < window.size(); ++b) {
            window[b] = middle.bands[b] + side.bands[b];
            sums_[b] += static_cast<double>(window[b]);
        }
        low_middle_ += middle.below_90;
        low_side_ += side.below_90;
        rumble_ += middle.below_40 + side.below_40;
    }
    fresh_.push_back(window);
    const auto half = static_cast<std::ptrdiff_t>(fft.hop());
    for (std::vector<float>* const heard : {&middle_, &side_})
        if (!heard->empty()) std::copy(heard->begin() + half, heard->end(), heard->begin());
    filled_ = fft.size() - fft.hop();
    const auto is_sound = [this](const std::vector<float>& heard) {
        const auto end =
            heard.begin() + static_cast<std::ptrdiff_t>(std::min(filled_, heard.size()));
        return std::any_of(heard.begin(), end, [](float x) { return x != 0.0f; });
    };
    sounds_ = is_sound(middle_) || is_sound(side_);
}

std::vector<Window31> BandMeter::take_windows() {
    return std::exchange(fresh_, {});
}

BandPowers BandMeter::bands() const {
    BandPowers out = sums_;
    for (double& power : out) power /= static_cast<double>(std::max<std::size_t>(1, windows_));
    return out;
}

std::optional<double> BandMeter::low_side_dB() const {
    const double all = std::accumulate(sums_.begin(), sums_.end(), 0.0);
    if (!stereo_ || low_middle_ + low_side_ <= kMatters * all) return std::nullopt;
    if (low_middle_ <= 0.0) return -kFloor_dB;
    return std::max(kFloor_dB, 10.0 * std::log10(std::max(1e-12, low_side_ / low_middle_)));
}

std::optional<double> BandMeter::rumble_dB() const {
    const double all = std::accumulate(sums_.begin(), sums_.end(), 0.0);
    if (all <= 0.0) return std::nullopt;
    return std::max(kFloor_dB, 10.0 * std::log10(std::max(1e-12, rumble_ / all)));
}

}  // namespace mixrig::app::check
