// A bank: 16 lanes that are computed in lockstep, and the slice of a quantum that a call works on.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

// Guards against non-finite samples and bit-exact kernels both end where the compiler may assume
// them away.
#if defined(__FAST_MATH__) || (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error "mixrig needs IEEE arithmetic: build without -ffast-math and -ffinite-math-only"
#endif

namespace mixrig::dsp {

inline constexpr std::size_t kLanes = 16;    // one cache line of floats a frame
inline constexpr std::size_t kQuantum = 32;  // frames between two moments of parameter change

using LaneMask = std::uint16_t;  // bit l stands for lane l
inline constexpr LaneMask kAllLanes = 0xffff;
inline constexpr LaneMask kNoLanes = 0;

constexpr LaneMask lane_bit(std::size_t lane) {
    return static_cast<LaneMask>(1u << lane);
}

struct alignas(64) LaneFloats {
    float v[kLanes] = {};
    float& operator[](std::size_t lane) { return v[lane]; }
    float operator[](std::size_t lane) const { return v[lane]; }
};

struct alignas(64) LaneUints {
    std::uint32_t v[kLanes] = {};
    std::uint32_t& operator[](std::size_t lane) { return v[lane]; }
    std::uint32_t operator[](std::size_t lane) const { return v[lane]; }
};

// The audio of a bank for one quantum: at(frame)[lane].
struct alignas(64) BankBlock {
    float x[kQuantum * kLanes] = {};
    float* at(std::size_t frame) { return x + frame * kLanes; }
    const float* at(std::size_t frame) const { return x + frame * kLanes; }
};

// Frames [first, first + count) of the current quantum. A backend's block that ends inside a
// quantum stops there and the next one resumes there, so first + count <= kQuantum; `first` is also
// the time since the last boundary, from which gliding values are computed without any state of
// their own.
struct Slice {
    std::size_t first = 0;
    std::size_t count = 0;
};

// Whether a new value is reached by a glide (live) or at once (start, offline initial state).
enum class Change : std::uint8_t { glide, jump };

}  // namespace mixrig::dsp
