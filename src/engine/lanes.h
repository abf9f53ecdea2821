// Copying frames and single lanes of bank blocks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <cstddef>
#include <cstring>

namespace mixrig::engine {

inline void copy_frames(const dsp::BankBlock& from, dsp::BankBlock& to, dsp::Slice slice)
    MIXRIG_REALTIME {
    std::memcpy(to.at(slice.first), from.at(slice.first),
                slice.count * dsp::kLanes * sizeof(float));
}

inline void copy_lanes(const dsp::BankBlock& from, dsp::BankBlock& to, dsp::Slice slice,
                       dsp::LaneMask lanes) MIXRIG_REALTIME {
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n)
        for (std::size_t lane = 0; lane < dsp::kLanes; ++lane)
            if (lanes & dsp::lane_bit(lane)) to.at(n)[lane] = from.at(n)[lane];
}

inline void clear_lanes(dsp::BankBlock& block, dsp::LaneMask lanes) MIXRIG_REALTIME {
    static const dsp::BankBlock kSilence{};
    copy_lanes(kSilence, block, {0, dsp::kQuantum}, lanes);
}

}  // namespace mixrig::engine
