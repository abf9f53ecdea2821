// The reference meter of true peaks: ITU-R BS.1770-4 as libebur128 has it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/units.h"

#include <ebur128.h>
#include <vector>

namespace mixrig::dsp::test {

inline double true_peak_ebur128(const std::vector<float>& x, Hertz rate) {
    ebur128_state* state =
        ebur128_init(1, static_cast<unsigned long>(rate.value), EBUR128_MODE_TRUE_PEAK);
    ebur128_add_frames_float(state, x.data(), x.size());
    double peak = 0.0;
    ebur128_true_peak(state, 0, &peak);
    ebur128_destroy(&state);
    return peak;
}

}  // namespace mixrig::dsp::test
