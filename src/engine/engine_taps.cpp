// What the analyser and the feedback guard hear: the quantum that ended, of the strips they chose.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/engine.h"

#include <algorithm>

namespace mixrig::engine {

void Engine::publish_taps() MIXRIG_REALTIME {
    const std::uint32_t analysed = link_.taps.analysed.load(std::memory_order_relaxed);
    if (analysed != 0) publish_analysis(analysed);
    for (const auto& guarded : link_.taps.guarded) {
        const std::uint32_t strip = guarded.load(std::memory_order_relaxed);
        if (strip != 0 && strip <= geometry_.strips.size()) publish_guarded(strip - 1);
    }
}

// The tap `post` is what leaves: of groups and outputs behind their limiters, of main behind its
// master chain as well. A mono strip stands on both sides.
void Engine::publish_analysis(std::uint32_t number) MIXRIG_REALTIME {
    const auto strip = static_cast<Strip>((number - 1) / link::kMeteredTaps);
    const auto tap = static_cast<link::Tap>((number - 1) % link::kMeteredTaps);
    if (strip >= geometry_.strips.size()) return;
    link::StereoQuantum quantum{.frame = position_ - dsp::kQuantum, .source = number};
    const auto output = std::find(output_strips_.begin(), output_strips_.end(), strip);
    const StripPlace& place = geometry_.strips[strip];
    if (tap == link::Tap::post && output != output_strips_.end()) {
        const OutputPair& pair =
            outputs_[static_cast<std::size_t>(output - output_strips_.begin())];
        quantum.left = pair.left;
        quantum.right = pair.lanes == 2 ? pair.right : pair.left;
    } else {
        const StripBank& bank = *banks_[place.bank];
        const dsp::BankBlock* route = bank_states_[place.bank].route.get();
        const float* const blocks[] = {bank.input(), bank.pre(),
                                       route != nullptr ? route->x : bank.post()};
        const float* const block = blocks[static_cast<std::size_t>(tap)];
        const dsp::Slice all{0, dsp::kQuantum};
        dsp::deinterleave(block, place.lane, quantum.left.data(), all);
        dsp::deinterleave(block, place.lane + place.lanes() - 1, quantum.right.data(), all);
    }
    if (!link_.analysis.try_push(quantum)) link_.lost.fetch_add(1, std::memory_order_relaxed);
}

// At its input: there a ring grows whatever compressors and faders do.
void Engine::publish_guarded(Strip strip) MIXRIG_REALTIME {
    const StripPlace& place = geometry_.strips[strip];
    const float* const input = banks_[place.bank]->input();
    const dsp::Slice all{0, dsp::kQuantum};
    link::GuardQuantum quantum{.frame = position_ - dsp::kQuantum, .strip = strip};
    dsp::deinterleave(input, place.lane, quantum.samples.data(), all);
    if (place.stereo) {
        Planar right{};
        dsp::deinterleave(input, place.lane + 1, right.data(), all);
        for (std::size_t n = 0; n < dsp::kQuantum; ++n)
            quantum.samples[n] = 0.5f * (quantum.samples[n] + right[n]);
    }
    if (!link_.guarded.try_push(quantum)) link_.lost.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace mixrig::engine
