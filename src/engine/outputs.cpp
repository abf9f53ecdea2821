// Ramp, ceiling, out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/outputs.h"

#include <algorithm>

namespace mixrig::engine {

OutputPair::OutputPair(dsp::Hertz rate, const OutputSettings& settings, std::size_t first_output,
                       std::size_t count)
    : first(first_output), lanes(count), ceiling(rate) {
    ceiling.set(settings.ceiling);
}

void OutputPair::finish(const dsp::GainCurve& curve, bool ramping, float* const* out,
                        std::size_t offset, dsp::Slice slice) MIXRIG_REALTIME {
    if (ramping) {
        const dsp::Cubic ramp{curve.c0[0], curve.c1[0], curve.c2[0], curve.c3[0]};
        for (std::size_t lane = 0; lane < lanes; ++lane)
            for (std::size_t i = 0; i < slice.count; ++i)
                side(lane, slice)[i] *= ramp.at(slice.first + i);
    }
    hold_ceiling(slice);
    for (std::size_t lane = 0; lane < lanes; ++lane)
        std::copy_n(side(lane, slice), slice.count, out[first + lane] + offset);
}

void OutputPair::hold_ceiling(dsp::Slice slice) MIXRIG_REALTIME {
    if (leader != nullptr) {
        for (std::size_t lane = 0; lane < lanes; ++lane)
            for (std::size_t i = 0; i < slice.count; ++i)
                side(lane, slice)[i] *= leader->told[lane][slice.first + i];
        return;
    }
    const std::array before = {left, right};
    faulty |= ceiling.process(side(0, slice), right_or_null(slice), slice.count) != 0;
    if (!tells) return;
    for (std::size_t lane = 0; lane < lanes; ++lane)
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
            const float x = before[lane][n], y = (lane == 0 ? left : right)[n];
            told[lane][n] = x == y || x == 0.0f ? 1.0f : y / x;
        }
}

}  // namespace mixrig::engine
