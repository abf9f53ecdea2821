// What gates and compressors listen with: level detectors for 16 lanes that read a sine's peak or
// RMS. SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/units.h"

#include <cstddef>
#include <cstdint>

namespace mixrig::dsp {

enum class Detector : std::uint8_t { peak, rms };

// What a processor listens to in one slice.
struct Sidechain {
    const float* key =
        nullptr;  // a BankBlock's x, key filter applied; the processed block itself is fine
    LaneMask linked = kNoLanes;  // lanes 2k and 2k+1 that both obey the louder one of the two
    std::uint64_t frame =
        0;  // absolute frame of the slice's first frame; frame % 32 is slice.first
};

// Time is cut into chunks of half a millisecond, at absolute frames. The peak is taken over the
// running chunk and the one before, so its window is never shorter than the half period of 1 kHz;
// the mean square over the last ten whole chunks, five periods of 1 kHz. Both are therefore steady
// on a steady tone.
inline constexpr std::size_t kRmsChunks = 10;
std::size_t detector_chunk(Hertz rate);

struct DetectorState {
    LaneFloats peak;                // of the running chunk
    LaneFloats last_peak;           // of the chunk before
    LaneFloats sum;                 // of squares, in the running chunk
    LaneFloats mean_square;         // of the last ten whole chunks
    LaneFloats chunks[kRmsChunks];  // sums of squares; chunk c is kept at c % kRmsChunks

    void reset(std::size_t lane);
    void take_lane(std::size_t to, const DetectorState& other, std::size_t from);
};

// Level and reduction are smoothed and looked up in log2 at every fourth frame; the gain moves
// linearly between.
inline constexpr std::size_t kTick = 4;

// Share of a step covered in one tick by a one-pole that covers 63 % of it in `time`.
float tick_share(Seconds time, Hertz rate);

}  // namespace mixrig::dsp
