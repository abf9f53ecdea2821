// What gates and compressors listen with: level detectors for 16 lanes that read a sine's peak or
// RMS.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"
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

    void reset(std::size_t lane) MIXRIG_REALTIME;
    void take_lane(std::size_t to, const DetectorState& other, std::size_t from) MIXRIG_REALTIME;
};

// The moment in the chunks at which a frame lies.
struct ChunkClock {
    ChunkClock(std::uint64_t frame, std::size_t chunk_frames) MIXRIG_REALTIME;
    void advance(std::size_t frames) MIXRIG_REALTIME;  // not beyond the end of the chunk

    std::size_t left() const MIXRIG_REALTIME { return chunk_ - into_; }
    bool begins() const MIXRIG_REALTIME { return into_ == 0; }
    std::size_t finished_slot() const MIXRIG_REALTIME {  // where the chunk before is kept
        return (slot_ + kRmsChunks - 1) % kRmsChunks;
    }

private:
    std::size_t chunk_;
    std::size_t into_;
    std::size_t slot_;
};

// Everything a kernel needs besides its own state.
struct DynamicsCall {
    float* x;
    Slice slice;
    LaneMask run;     // lanes that are processed
    LaneMask listen;  // these and the partners they are linked to: their detectors move on
    Sidechain sidechain;
    std::size_t chunk;
};
DynamicsCall dynamics_call(float* x, Slice slice, LaneMask run, const Sidechain& sidechain,
                           std::size_t chunk) MIXRIG_REALTIME;

// Level and reduction are looked up in log2 and smoothed at every fourth frame; the gain moves
// linearly between.
inline constexpr std::size_t kTick = 4;

// Share of a step that a one-pole covers in one tick if it covers 63 % of it in `time`.
float tick_share(Seconds time, Hertz rate);

// The same for an onset, which falls between ticks: the mean wait of 1.5 frames is taken off.
float tick_share_of_attack(Seconds time, Hertz rate);

// A reduction this close to its goal has reached it.
inline constexpr float kArrived = 0x1p-30f;

inline constexpr float kDecibelsPerLog2 = 6.0205999f;

inline constexpr float kNegligibleReduction = 0.01f / kDecibelsPerLog2;
float in_log2(Decibels level);

constexpr LaneMask with_lane(LaneMask lanes, std::size_t lane, bool member) {
    return static_cast<LaneMask>(member ? lanes | lane_bit(lane) : lanes & ~lane_bit(lane));
}

// Scalar definitions, for one lane or frame each: what the kernels in detector-inl.h do.
void listen_scalar(DetectorState& state, const float* key, LaneMask lanes) MIXRIG_REALTIME;
void next_chunk_scalar(DetectorState& state, const ChunkClock& clock, std::size_t chunk,
                       LaneMask lanes) MIXRIG_REALTIME;
float linked_level_scalar(const LaneFloats& level, std::size_t lane, LaneMask linked)
    MIXRIG_REALTIME;
void approach_scalar(float target, float share, float& value, float& remainder) MIXRIG_REALTIME;

}  // namespace mixrig::dsp
