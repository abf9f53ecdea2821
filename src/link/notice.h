// What the engine tells: meters, faults, freed plans.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mixrig::link {

enum class Fault : std::uint8_t {
    not_finite,  // a strip's signal was NaN, infinite or absurdly loud; it is silenced until it is
                 // clean
    recovered,   // and now it is heard again
    ceiling,     // an output had a sample that was not a number
};

struct Notice {
    Fault fault = Fault::not_finite;
    std::uint32_t strip = 0;
    std::uint64_t frame = 0;
};

// What one lane of a strip has carried since the meter frame before. Linear.
struct LaneMeter {
    float peak = 0.0f;
    float square_sum = 0.0f;
    std::uint32_t clips = 0;
};

enum class Tap : std::uint8_t { input, pre, post };
inline constexpr std::size_t kMeteredTaps = 3;

// K-weighted sums of squares at one tap; `cross` is left times right.
struct TapLoudness {
    bool measured = false;
    float left = 0.0f, right = 0.0f, cross = 0.0f;
};

struct StripMeter {
    std::array<std::array<LaneMeter, 2>, kMeteredTaps> tap{};  // left (or mono), right
    std::array<TapLoudness, kMeteredTaps> loudness{};
    std::array<float, 3> reduction_dB{};  // gate, compressor 1, compressor 2
    float limiter_dB = 0.0f;
    float automix = 1.0f;  // its gain, at the end of the reading
};

// What the multiband compressor turns down, by band; nothing while it is off.
inline constexpr std::size_t kMeteredBands = 5;
using BandReductions = std::array<float, kMeteredBands>;  // dB

// One reading of the whole desk; allocated once, travels to the meter thread and back.
struct MeterFrame {
    std::uint64_t frame = 0;   // of the engine, at the end of the reading
    std::uint32_t frames = 0;  // that it covers
    std::vector<StripMeter> strips;
    BandReductions bands_dB{};  // of the master chain: the most since the reading before
    std::vector<std::uint32_t> bank_ticks;  // cost of each bank, in ticks of the processor's clock
};

// How long a block took and what it had.
struct BlockTime {
    std::uint64_t frame = 0;
    std::uint32_t frames = 0;
    std::uint32_t ns = 0;
};

// A quantum of a stereo signal for loudness and spectrum.
inline constexpr std::size_t kTapFrames = 32;
struct StereoQuantum {
    std::uint64_t frame = 0;
    std::uint32_t source = 0;  // differs where the signal comes from elsewhere
    std::array<float, kTapFrames> left{};
    std::array<float, kTapFrames> right{};
};

// A quantum of a channel whose feedback is watched; of a pair the mean.
struct GuardQuantum {
    std::uint64_t frame = 0;
    std::uint32_t strip = 0;
    std::array<float, kTapFrames> samples{};
};

}  // namespace mixrig::link
