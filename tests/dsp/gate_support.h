// The gate that its tests begin with.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/gate.h"

namespace mixrig::dsp::test {

inline GateSettings plain_gate() {
    return {.mode = GateMode::gate,
            .threshold = Decibels{-30.0},
            .ratio = 2.0,
            .range = Decibels{40.0},
            .attack = Seconds{0.001},
            .hold = Seconds{0.020},
            .release = Seconds{0.020},
            .on = true};
}

inline GateBank with(const GateSettings& settings, Hertz rate) {
    GateBank bank(rate);
    for (std::size_t lane = 0; lane < kLanes; ++lane)
        bank.set(lane, design_gate(settings, rate), Change::jump);
    return bank;
}

}  // namespace mixrig::dsp::test
