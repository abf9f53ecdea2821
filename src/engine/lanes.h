// Copying frames and single lanes of bank blocks.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace mixrig::engine {

inline void copy_frames(const dsp::BankBlock& from, dsp::BankBlock& to, dsp::Slice slice)
    MIXRIG_REALTIME {
    std::memcpy(to.at(slice.first), from.at(slice.first),
                slice.count * dsp::kLanes * sizeof(float));
}

// `from` is a whole block.
inline void copy_lanes(const float* from, dsp::BankBlock& to, dsp::Slice slice, dsp::LaneMask lanes)
    MIXRIG_REALTIME {
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n)
        for (std::size_t lane = 0; lane < dsp::kLanes; ++lane)
            if (lanes & dsp::lane_bit(lane)) to.at(n)[lane] = from[n * dsp::kLanes + lane];
}

inline void copy_lanes(const dsp::BankBlock& from, dsp::BankBlock& to, dsp::Slice slice,
                       dsp::LaneMask lanes) MIXRIG_REALTIME {
    copy_lanes(from.x, to, slice, lanes);
}

inline void clear_lanes(dsp::BankBlock& block, dsp::LaneMask lanes) MIXRIG_REALTIME {
    static const dsp::BankBlock kSilence{};
    copy_lanes(kSilence, block, {0, dsp::kQuantum}, lanes);
}

// Null stands for silence.
inline bool is_silent(const float* lane, std::size_t frames) MIXRIG_REALTIME {
    if (lane == nullptr) return true;
    if (lane[0] != 0.0f) return false;
    std::uint32_t bits = 0;  // either zero, without a branch a sample
    for (std::size_t i = 0; i < frames; ++i) bits |= std::bit_cast<std::uint32_t>(lane[i]) << 1;
    return bits == 0;
}

}  // namespace mixrig::engine
