// Samples to whole numbers: rounding, dither, clipping.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mixrig::disk {

// Triangular (TPDF) noise, two steps wide from end to end: it makes the error of rounding to 16 bit
// independent of the signal in mean and power (Lipshitz, Wannamaker, Vanderkooy, "Quantization and
// dither", JAES 1992). A function of seed and position, so that the same audio gives the same file
// however it was cut into blocks. In steps, -1 < d < 1.
double tpdf(std::uint64_t seed, std::uint64_t position);

// What is added before rounding, and what becomes of the error.
enum class Dither : std::uint8_t {
    triangular,  // tpdf(), white: with the rounding a quarter of a squared step
    // Triangular too, the difference of a uniform number and the channel's one before: 4.8 dB less
    // noise far below the top, 2.2 dB more at it.
    high_passed,
    // Triangular, and the error of the last three or nine samples fed back: its spectrum is
    // |1 - sum c_k z^-k|^2 times white. Coefficients are those of R. A. Wannamaker,
    // "Psychoacoustically optimal noise shaping", JAES 1992, table 3, for 44.1 kHz and good at
    // 48 kHz. At higher rates they still are correct, but put their dip elsewhere.
    shaped,
    strongly_shaped,
};

// "tpdf", "tpdf_hp", "shaped", "shaped_strong".
base::Result<Dither> parse_dither(std::string_view name);
std::string dither_names();

struct QuantizerSettings {
    int bits = 24;
    std::uint64_t seed = 1;
    Dither dither = Dither::triangular;
    std::size_t channels = 1;  // of the interleaved stream; `triangular` does not need to know
};

// How a stream of samples becomes whole numbers of `bits`, left-justified in 32 bits.
class Quantizer {
public:
    explicit Quantizer(const QuantizerSettings& settings);
    Quantizer(int bits, std::uint64_t seed) : Quantizer({.bits = bits, .seed = seed}) {}

    // Rounds to the nearest, halves to even. 16 bit and below are dithered, but not a sample that
    // is on the grid already: it loses nothing, so silence stays silence and 16-bit material
    // passes bit for bit. Beyond full scale it clips; what is not a number becomes 0. The same
    // numbers however the stream is cut.
    void convert(std::span<const float> in, std::int32_t* out);

    std::uint64_t clipped() const { return clipped_; }

private:
    static constexpr std::size_t kMostTaps = 9;
    using Errors = std::array<double, kMostTaps>;  // the newest first

    double rounded(double x, std::size_t channel);

    QuantizerSettings settings_;
    std::vector<Errors> errors_;  // of each channel, if they are fed back
    std::uint64_t position_ = 0;
    std::uint64_t clipped_ = 0;
};

}  // namespace mixrig::disk
