// What a mix is heard through in the control room: mono, side, a small loudspeaker, a telephone.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/svf.h"
#include "dsp/units.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace mixrig::dsp {

// off; (L+R)/2; (L-R)/2; 150 Hz to 8 kHz at 12 dB an octave with 4 dB more around 1.5 kHz; 300 to
// 3400 Hz at 24 dB an octave. The first two leave the same on both sides.
enum class Check : std::uint8_t { off, mono, side, small_speaker, band_limited };
inline constexpr std::size_t kChecks = 5;

// One pair of signals. Changes cross over within the glide time. Off changes no bit.
class MonitorCheck {
public:
    explicit MonitorCheck(Hertz rate);  // [control]

    // [quantum boundary] `mono` is (L+R)/2 on both sides, behind the check.
    void set(Check check, bool mono, Change change) MIXRIG_REALTIME;
    void begin_quantum() MIXRIG_REALTIME;

    // In place on left[0 .. slice.count) and right.
    void process(float* left, float* right, Slice slice) MIXRIG_REALTIME;
    // Filters forget; what was set stays.
    void reset() MIXRIG_REALTIME;

    bool active() const MIXRIG_REALTIME;

private:
    bool sounds(Check check) const MIXRIG_REALTIME;
    void filter(const float* left, const float* right, Slice slice) MIXRIG_REALTIME;

    static constexpr std::size_t kMono = kChecks;  // the lane behind those of the checks
    static constexpr std::size_t kSections = 4;
    GainGlides weights_;                      // lane: check; then how much of mono
    std::array<SvfBank, kSections> filters_;  // lanes: small speaker left, right; band-limited
    BankBlock block_;
    LaneMask filtering_ = kNoLanes;
};

}  // namespace mixrig::dsp
