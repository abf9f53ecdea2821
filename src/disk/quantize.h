// Samples to whole numbers: rounding, dither, clipping.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace mixrig::disk {

// Triangular (TPDF) noise, two steps wide from end to end: it makes the error of rounding to 16 bit
// independent of the signal in mean and power (Lipshitz, Wannamaker, Vanderkooy, "Quantization and
// dither", JAES 1992). A function of seed and position, so that the same audio gives the same file
// however it was cut into blocks. In steps, -1 < d < 1.
double tpdf(std::uint64_t seed, std::uint64_t position);

// How a stream of samples becomes whole numbers of `bits`, left-justified in 32 bits.
class Quantizer {
public:
    Quantizer(int bits, std::uint64_t seed) : bits_(bits), seed_(seed) {}

    // Rounds to the nearest, halves to even. 16 bit and below are dithered, but not a sample that
    // is on the grid already: it loses nothing, so silence stays silence and 16-bit material
    // passes bit for bit. Beyond full scale it clips; what is not a number becomes 0.
    void convert(std::span<const float> in, std::int32_t* out);

    std::uint64_t clipped() const { return clipped_; }

private:
    int bits_;
    std::uint64_t seed_;
    std::uint64_t position_ = 0;
    std::uint64_t clipped_ = 0;
};

}  // namespace mixrig::disk
