// An engine that does to a part of a mix what another one does to the mix.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/bank_io.h"
#include "src/engine/engine.h"

#include <algorithm>

namespace mixrig::engine {

using dsp::LaneMask;

// Linear processors work on the part; each one that is not takes its gains from the same one of the
// leader, and what sleeps there sleeps here.
void Engine::begin_following() {
    const Engine* leader = config_.leader;
    for (std::size_t b = 0; b < banks_.size(); ++b) {
        const bool is_shared = geometry_.banks[b].stage != Stage::channels;
        if (config_.tells && is_shared) banks_[b]->tell();
        if (leader != nullptr && is_shared) banks_[b]->follow(*leader->banks_[b]);
    }
    for (std::size_t s = 0; s < strip_states_.size(); ++s) {
        BusLimiter* limiter = strip_states_[s].limiter.get();
        if (limiter == nullptr) continue;
        if (config_.tells) limiter->tell();
        if (leader != nullptr) limiter->follow(*leader->strip_states_[s].limiter);
    }
    for (std::size_t o = 0; o < outputs_.size(); ++o) {
        outputs_[o].tells = config_.tells;
        if (leader != nullptr) outputs_[o].leader = &leader->outputs_[o];
    }
    if (config_.tells)
        for (const auto& effect : effects_) effect->tell();
    if (leader == nullptr) return;
    for (std::size_t e = 0; e < effects_.size(); ++e) effects_[e]->follow(*leader->effects_[e]);
    master_.follow(leader->master_);
    part_.resize(banks_.size(), dsp::kNoLanes);
    for (std::size_t c = 0; c < geometry_.count(param::Kind::ch); ++c) {
        if (c >= config_.part.size() || !config_.part[c]) continue;
        const StripPlace& place = geometry_.strips[geometry_.strip(param::Kind::ch, c)];
        part_[place.bank] = static_cast<LaneMask>(part_[place.bank] | place.mask());
    }
}

// False if the leader's bank sleeps.
bool Engine::follow_input(const BankRun& run) MIXRIG_REALTIME {
    if (config_.leader->bank_states_[run.bank].asleep) return false;
    if (bank_states_[run.bank].asleep) {
        wake(run.bank);
        banks_[run.bank]->begin_quantum();  // it had no part in this quantum's beginning
    }
    if (geometry_.banks[run.bank].stage != Stage::channels)
        banks_[run.bank]->take_input(inputs_of(run), slice_, run.lanes);
    return true;
}

// Whether it was a bank of channels: those are the leader's own.
bool Engine::takes_part(const BankRun& run) MIXRIG_REALTIME {
    if (geometry_.banks[run.bank].stage != Stage::channels) return false;
    banks_[run.bank]->take_part(*config_.leader->banks_[run.bank], slice_, part_[run.bank]);
    return true;
}

void Engine::end_following() MIXRIG_REALTIME {
    if (slice_.first + slice_.count != dsp::kQuantum) return;
    for (const auto& effect : effects_) effect->sleep_alike();
}

void Engine::copy_tap(Strip strip, link::Tap tap, std::size_t side, float* out) const
    MIXRIG_REALTIME {
    const StripPlace& place = geometry_.strips[strip];
    const StripBank& bank = *banks_[place.bank];
    const float* const blocks[] = {bank.input(), bank.pre(), bank.post()};
    const std::size_t lane = place.lane + std::min(side, place.lanes() - 1);
    dsp::deinterleave(blocks[static_cast<std::size_t>(tap)], lane, out, slice_);
}

void Engine::copy_unlimited(std::size_t side, float* out) const MIXRIG_REALTIME {
    std::copy_n(unlimited_[side].data() + slice_.first, slice_.count, out);
}

}  // namespace mixrig::engine
