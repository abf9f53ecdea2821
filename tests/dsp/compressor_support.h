// The compressor that its tests begin with.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/compressor.h"

namespace mixrig::dsp::test {

inline CompressorSettings plain_compressor() {
    return {.threshold = Decibels{-20.0},
            .ratio = 4.0,
            .knee = Decibels{0.0},
            .attack = Seconds{0.005},
            .release = Seconds{0.050},
            .on = true};
}

inline CompressorBank with(const CompressorSettings& settings, Hertz rate) {
    CompressorBank bank(rate);
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        bank.set(lane, design_compressor(settings, rate), Change::jump);
    return bank;
}

}  // namespace mixrig::dsp::test
