// What is recorded: at the end of every slice, the armed strips onto the tape.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/engine.h"

#include <algorithm>

namespace mixrig::engine {

using link::TapeTap;
using param::Kind;

void Engine::take_tape(link::Tape* tape) MIXRIG_REALTIME {
    if (tape_ != nullptr && tape_ != tape) tape_->let_go();
    tape_ = tape;
}

void Engine::write_tape() MIXRIG_REALTIME {
    if (tape_ == nullptr) return;
    if (slice_.first == 0) tape_->begin_quantum(position_ / dsp::kQuantum);
    std::size_t lane = 0;
    for (const link::TapeSource& source : tape_->sources()) {
        const StripPlace& place = geometry_.strips[source.strip];
        for (std::size_t side = 0; side < source.lanes; ++side) {
            Planar room;
            tape_->write(lane++, taped(source, place, side, room), slice_);
        }
    }
    if (slice_.first + slice_.count == dsp::kQuantum) tape_->end_quantum();
}

// One side of a strip in this slice; null is silence. What lies in a bank is put into `room`.
const float* Engine::taped(const link::TapeSource& source, const StripPlace& place,
                           std::size_t side, Planar& room) const MIXRIG_REALTIME {
    if (source.tap == TapeTap::in) {
        if (place.kind == Kind::ch) return in_[place.input + side] + offset_;
        if (place.kind == Kind::fx) return return_of(place.number, side);
        return mix_.sum(place.column + static_cast<Column>(side), slice_);
    }
    const float* block = banks_[place.bank]->pre();
    if (source.tap == TapeTap::post) {
        const auto output = std::find(output_strips_.begin(), output_strips_.end(), source.strip);
        if (output != output_strips_.end()) {
            const OutputPair& pair =
                outputs_[static_cast<std::size_t>(output - output_strips_.begin())];
            return (side == 0 ? pair.left : pair.right).data() + slice_.first;
        }
        const dsp::BankBlock* route = bank_states_[place.bank].route.get();
        block = route != nullptr ? route->x : banks_[place.bank]->post();
    }
    dsp::deinterleave(block, place.lane + side, room.data(), slice_);
    return room.data();
}

}  // namespace mixrig::engine
