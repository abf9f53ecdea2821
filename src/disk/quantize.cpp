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

}  // namespace

double tpdf(std::uint64_t seed, std::uint64_t position) {
    const std::uint64_t r = mix(mix(seed) + (position + 1) * kGolden);
    // The difference of two uniform numbers is triangular and has no mean.
    const auto high = static_cast<double>(r >> 32), low = static_cast<double>(r & 0xffffffffu);
    return (high - low) * 0x1p-32;
}

void Quantizer::convert(std::span<const float> in, std::int32_t* out) {
    const double scale = std::ldexp(1.0, bits_ - 1);
    const int shift = 32 - bits_;
    for (std::size_t i = 0; i < in.size(); ++i, ++position_) {
        double x = static_cast<double>(in[i]) * scale;  // exact: a power of two
        if (std::isnan(x)) x = 0.0;
        const bool on_grid = x == std::nearbyint(x);
        if (bits_ <= kDitheredBits && !on_grid) x += tpdf(seed_, position_);
        const double rounded = std::nearbyint(x);
        const double limited = std::clamp(rounded, -scale, scale - 1.0);
        // +1.0 exactly is one step beyond the largest number; that alone is not called clipping.
        if (std::fabs(in[i]) > 1.0f) ++clipped_;
        out[i] = static_cast<std::int32_t>(static_cast<std::int64_t>(limited) *
                                           (std::int64_t{1} << shift));
    }
}

}  // namespace mixrig::disk
