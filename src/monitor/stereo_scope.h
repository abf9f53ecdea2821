// How two sides go together, and what no level shows: correlation, balance, crest, DC.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <array>
#include <cstddef>

namespace mixrig::monitor {

// Over the last 0.6 s, in the order of the values on the wire.
struct StereoImage {
    float correlation = 0.0f;  // -1 to 1; 0 as well where a side is silent
    float balance_dB = 0.0f;   // RMS of the right side over the left one's, within +-60
    float crest_dB = 0.0f;     // peak over RMS, of both sides together; 0 for silence
    float dc_left = 0.0f;      // mean of the samples; 1 is full scale
    float dc_right = 0.0f;
};
inline constexpr std::size_t kImageValues = 5;

// [monitor] Whole pieces of 50 ms: 0.6 s hold whole periods of 20 Hz and of mains hum.
class StereoScope {
public:
    explicit StereoScope(dsp::Hertz rate);

    // Precondition: finite samples.
    void add(const float* left, const float* right, std::size_t frames);
    StereoImage image() const;
    void reset();

private:
    static constexpr std::size_t kPieces = 12;
    struct Piece {
        std::size_t frames = 0;
        double left = 0.0, right = 0.0;  // sums of samples
        double left_square = 0.0, right_square = 0.0, product = 0.0;
        float peak = 0.0f;
    };

    std::size_t piece_frames_;
    std::array<Piece, kPieces> pieces_{};
    Piece now_;
    std::size_t at_ = 0;
};

}  // namespace mixrig::monitor
