// Automix across banks: what all members of a group hear is known before any of them gets its gain.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dsp/automix.h"
#include "dsp/realtime.h"
#include "src/engine/geometry.h"
#include "src/engine/strip_bank.h"

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace mixrig::engine {

class Automix {
public:
    Automix(const Geometry& geometry, dsp::Hertz rate);  // [control]

    // [audio, quantum boundary]
    void set(const StripPlace& place, const dsp::AutomixLane& goal, dsp::Change change)
        MIXRIG_REALTIME;
    // Listens at the pre taps of the quantum that ended and gives the banks the gains of the one
    // that begins. One thread does this, bank after bank, so the sums have one order.
    void begin_quantum(std::span<const std::unique_ptr<StripBank>> banks) MIXRIG_REALTIME;
    float gain(const StripPlace& place) const MIXRIG_REALTIME;
    void reset(std::size_t bank, dsp::LaneMask lanes) MIXRIG_REALTIME;

private:
    std::vector<std::unique_ptr<dsp::AutomixBank>> banks_;  // where banks have channels
    std::array<dsp::AutomixGroup, dsp::kAutomixes> groups_;
    bool at_work_ = false;
};

}  // namespace mixrig::engine
