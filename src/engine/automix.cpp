// Automix across banks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/automix.h"

namespace mixrig::engine {

Automix::Automix(const Geometry& geometry, dsp::Hertz rate)
    : banks_(geometry.banks.size()), groups_{dsp::AutomixGroup(rate), dsp::AutomixGroup(rate)} {
    for (std::size_t b = 0; b < banks_.size(); ++b)
        if (geometry.banks[b].stage == Stage::channels)
            banks_[b] = std::make_unique<dsp::AutomixBank>(rate, geometry.banks[b].linked);
}

void Automix::set(const StripPlace& place, const dsp::AutomixLane& goal, dsp::Change change)
    MIXRIG_REALTIME {
    dsp::AutomixBank& bank = *banks_[place.bank];
    for (std::size_t side = 0; side < place.lanes(); ++side)
        bank.set(place.lane + side, goal, change);
    at_work_ = at_work_ || bank.active() != dsp::kNoLanes;
}

void Automix::begin_quantum(std::span<const std::unique_ptr<StripBank>> banks) MIXRIG_REALTIME {
    if (!at_work_) return;
    std::array<dsp::AutomixSum, dsp::kAutomixes> sums{};
    for (std::size_t b = 0; b < banks_.size(); ++b) {
        if (!banks_[b] || banks_[b]->active() == dsp::kNoLanes) continue;
        banks_[b]->begin_quantum();
        banks_[b]->listen(banks[b]->pre(), sums);
    }
    std::array<float, dsp::kAutomixes> totals{};
    for (std::size_t group = 0; group < totals.size(); ++group)
        totals[group] = groups_[group].total(sums[group]);
    at_work_ = false;
    for (std::size_t b = 0; b < banks_.size(); ++b) {
        if (!banks_[b] || banks_[b]->active() == dsp::kNoLanes) continue;
        banks_[b]->share(totals);
        const bool is_heard = banks_[b]->active() != dsp::kNoLanes;
        banks[b]->set_share(is_heard ? &banks_[b]->curve() : nullptr);
        at_work_ = at_work_ || is_heard;
    }
}

float Automix::gain(const StripPlace& place) const MIXRIG_REALTIME {
    const dsp::AutomixBank* bank = banks_[place.bank].get();
    return bank != nullptr ? bank->gain(place.lane) : 1.0f;
}

void Automix::reset(std::size_t bank, dsp::LaneMask lanes) MIXRIG_REALTIME {
    if (banks_[bank]) banks_[bank]->reset(lanes);
}

}  // namespace mixrig::engine
