// Two signals side by side in double precision: left and right, or mid and side.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/lanes.h"
#include "dsp/realtime.h"

#include <cstddef>

namespace mixrig::dsp {

// One register on every processor that is supported. Arithmetic is that of two doubles, so nothing
// depends on it but speed.
using Pair [[gnu::vector_size(16)]] = double;

inline Pair both(double value) MIXRIG_REALTIME {
    return Pair{value, value};
}
inline Pair swapped(Pair x) MIXRIG_REALTIME {
    return Pair{x[1], x[0]};
}

// A quantum of two signals; at[n] is frame n. They come from floats or doubles and go there.
struct PairBlock {
    Pair at[kQuantum];
};

template <typename Sample>
void load(const Sample* left, const Sample* right, Slice slice, PairBlock& x) MIXRIG_REALTIME {
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n)
        x.at[n] = Pair{static_cast<double>(left[n]), static_cast<double>(right[n])};
}
template <typename Sample>
void store(const PairBlock& x, Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME {
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        left[n] = static_cast<Sample>(x.at[n][0]);
        right[n] = static_cast<Sample>(x.at[n][1]);
    }
}

// Mid is half the sum and side half the difference; left = mid + side, right = mid - side.
template <typename Sample>
void load_mid_side(const Sample* left, const Sample* right, Slice slice, PairBlock& x)
    MIXRIG_REALTIME {
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        const double l = static_cast<double>(left[n]), r = static_cast<double>(right[n]);
        x.at[n] = Pair{0.5 * (l + r), 0.5 * (l - r)};
    }
}
template <typename Sample>
void store_mid_side(const PairBlock& x, Sample* left, Sample* right, Slice slice) MIXRIG_REALTIME {
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        left[n] = static_cast<Sample>(x.at[n][0] + x.at[n][1]);
        right[n] = static_cast<Sample>(x.at[n][0] - x.at[n][1]);
    }
}

}  // namespace mixrig::dsp
