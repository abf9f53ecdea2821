// Rounding with triangular dither.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/disk/quantize.h"

#include <algorithm>
#include <cmath>

namespace mixrig::disk {
namespace {

constexpr int kDitheredBits =
    16;  // below this step the dither of a 24-bit file would be inaudible noise

// SplitMix64's output function (Steele, Lea, Flood 2014): a bijection that passes BigCrush on a
// counter.
std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15ull;

std::uint64_t noise(std::uint64_t seed, std::uint64_t position) {
    return mix(mix(seed) + (position + 1) * kGolden);
}

// Uniform in [0, 1).
double uniform(std::uint64_t seed, std::uint64_t position) {
    return static_cast<double>(noise(seed, position) >> 32) * 0x1p-32;
}

// Wannamaker's F-weighted filters.
constexpr double kShaped[] = {1.623, -0.982, 0.109};
constexpr double kStronglyShaped[] = {2.412,  -3.370, 3.937,  -4.174, 3.353,
                                      -2.205, 1.281,  -0.569, 0.0847};

std::span<const double> taps(Dither dither) {
    if (dither == Dither::shaped) return kShaped;
    if (dither == Dither::strongly_shaped) return kStronglyShaped;
    return {};
}

constexpr std::string_view kNames[] = {"tpdf", "tpdf_hp", "shaped", "shaped_strong"};

}  // namespace

base::Result<Dither> parse_dither(std::string_view name) {
    for (std::size_t i = 0; i < std::size(kNames); ++i)
        if (kNames[i] == name) return static_cast<Dither>(i);
    return base::Error{
        "there is no dither `" + std::string(name) + "`", {}, "one of " + dither_names()};
}

std::string dither_names() {
    std::string out;
    for (const std::string_view name : kNames) out += (out.empty() ? "" : ", ") + std::string(name);
    return out;
}

double tpdf(std::uint64_t seed, std::uint64_t position) {
    const std::uint64_t r = noise(seed, position);
    // The difference of two uniform numbers is triangular and has no mean.
    const auto high = static_cast<double>(r >> 32), low = static_cast<double>(r & 0xffffffffu);
    return (high - low) * 0x1p-32;
}

Quantizer::Quantizer(const QuantizerSettings& settings)
    : settings_(settings), errors_(taps(settings.dither).empty() ? 0 : settings.channels) {}

// In steps, to a whole number, with the noise of this position.
double Quantizer::rounded(double x, std::size_t channel) {
    const auto& [bits, seed, dither, channels] = settings_;
    const bool on_grid = x == std::nearbyint(x);
    if (bits > kDitheredBits || on_grid) {
        if (!errors_.empty()) errors_[channel] = {};
        return std::nearbyint(x);
    }
    if (dither == Dither::triangular) return std::nearbyint(x + tpdf(seed, position_));
    if (dither == Dither::high_passed) {
        const std::uint64_t before = position_ - channels;  // wraps to a position of its own
        return std::nearbyint(x + uniform(seed, position_) - uniform(seed, before));
    }
    Errors& errors = errors_[channel];
    const std::span<const double> weights = taps(dither);
    double wanted = x;
    for (std::size_t k = 0; k < weights.size(); ++k) wanted -= weights[k] * errors[k];
    const double y = std::nearbyint(wanted + tpdf(seed, position_));
    std::copy_backward(errors.begin(), errors.end() - 1, errors.end());
    errors[0] = y - wanted;
    return y;
}

void Quantizer::convert(std::span<const float> in, std::int32_t* out) {
    const double scale = std::ldexp(1.0, settings_.bits - 1);
    const int shift = 32 - settings_.bits;
    for (std::size_t i = 0; i < in.size(); ++i, ++position_) {
        double x = static_cast<double>(in[i]) * scale;  // exact: a power of two
        if (std::isnan(x)) x = 0.0;
        // What is cut off here is no error to feed back.
        const double within = std::clamp(x, -2.0 * scale, 2.0 * scale);
        const double limited =
            std::clamp(rounded(within, position_ % settings_.channels), -scale, scale - 1.0);
        // +1.0 exactly is one step beyond the largest number; that alone is not called clipping.
        if (std::fabs(in[i]) > 1.0f) ++clipped_;
        out[i] = static_cast<std::int32_t>(static_cast<std::int64_t>(limited) *
                                           (std::int64_t{1} << shift));
    }
}

}  // namespace mixrig::disk
