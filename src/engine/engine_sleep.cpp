// Banks that nobody hears sleep.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/engine.h"

#include <algorithm>

namespace mixrig::engine {

namespace {

// A bank may sleep after so much silence; with delays on, when they have run out as well.
constexpr double kSilentSeconds = 0.25;
constexpr std::uint32_t kRestLooks = 16;  // quanta between two looks at whether all has rung out

}  // namespace

// Time goes on for a block that listens to another channel, and for the look-ahead of a group's
// limiter.
bool Engine::has_running_limiter(std::size_t b) const MIXRIG_REALTIME {
    const auto& strips = geometry_.banks[b].strips;
    return bank_states_[b].route != nullptr &&
           std::any_of(strips.begin(), strips.end(), [this](Strip s) {
               return strip_states_[s].limiter != nullptr && strip_states_[s].limiter->active();
           });
}

void Engine::wake(std::size_t b) MIXRIG_REALTIME {
    bank_states_[b].asleep = false;
    mix_.set_asleep(b, false);
}

std::uint32_t Engine::quanta(double seconds) const MIXRIG_REALTIME {
    return static_cast<std::uint32_t>(seconds * config_.rate.value /
                                      static_cast<double>(dsp::kQuantum)) +
           1;
}

bool Engine::may_sleep(std::size_t b) MIXRIG_REALTIME {
    BankState& state = bank_states_[b];
    if (config_.leader != nullptr) return state.sleeps != config_.leader->bank_states_[b].sleeps;
    StripBank& bank = *banks_[b];
    state.silent_quanta = state.heard ? 0 : state.silent_quanta + 1;
    state.heard = false;
    if (state.asleep || state.silent_quanta % kRestLooks != kRestLooks - 1) return false;
    if (bank.has_keys() || has_running_limiter(b) || has_running_insert(b)) return false;
    const double tail =
        kSilentSeconds + (bank.delay().active() != 0 ? dsp::kLongestDelay.value : 0.0);
    return state.silent_quanta >= quanta(tail) && bank.is_at_rest();
}

void Engine::watch_sleep(std::size_t b) MIXRIG_REALTIME {
    if (!may_sleep(b)) return;
    BankState& state = bank_states_[b];
    StripBank& bank = *banks_[b];
    ++state.sleeps;
    state.asleep = true;
    bank.reset(bank.used());
    bank.process_silence({0, dsp::kQuantum});
    if (state.route) *state.route = {};
    mix_.set_asleep(b, true);
    for (const auto& tap : plan_->aligned)
        if (tap->source.bank == b) tap->clear();
    if (b == geometry_.strips[geometry_.main()].bank) {
        main_left_ = {};
        main_right_ = {};
    }
}

}  // namespace mixrig::engine
