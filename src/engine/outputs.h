// The last stage before the converters: limiter, ramp and safety ceiling of every output.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/ceiling.h"
#include "dsp/glide.h"
#include "dsp/lanes.h"
#include "dsp/realtime.h"
#include "dsp/units.h"
#include "src/engine/bus_limiter.h"
#include "src/engine/geometry.h"

#include <array>
#include <cstddef>
#include <vector>

namespace mixrig::engine {

struct OutputSettings {
    dsp::Decibels ceiling{0.0};
    dsp::Seconds ramp{0.0};  // from silence to full level at the start and after faults; 0: none
};

// One strip's outputs, mono or a pair.
struct OutputPair {
    OutputPair(dsp::Hertz rate, const OutputSettings& settings, std::size_t first,
               std::size_t lanes);

    std::size_t first;  // engine output of the left side
    std::size_t lanes;
    dsp::Ceiling ceiling;
    Planar left{}, right{};
    // Engines that follow another one do to their outputs what its ceiling did, as gains.
    bool tells = false;
    const OutputPair* leader = nullptr;
    std::array<Planar, 2> told{};
    bool faulty = false;  // had a sample that was not a number, in this quantum

    float* side(std::size_t i, dsp::Slice slice) MIXRIG_REALTIME {
        return (i == 0 ? left : right).data() + slice.first;
    }
    float* right_or_null(dsp::Slice slice) MIXRIG_REALTIME {
        return lanes == 2 ? right.data() + slice.first : nullptr;
    }
    // Ramp, ceiling, out; `out` begins at the slice's first frame.
    void finish(const dsp::GainCurve& ramp, bool ramping, float* const* out, std::size_t offset,
                dsp::Slice slice) MIXRIG_REALTIME;

private:
    void hold_ceiling(dsp::Slice slice) MIXRIG_REALTIME;
};

}  // namespace mixrig::engine
