// What leaves the desk, and what is listened to of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/bank_io.h"
#include "src/engine/engine.h"

#include <algorithm>

namespace mixrig::engine {

using param::Kind;

namespace {

constexpr float kOfMono = 0.70710678f;  // as a mono strip in the middle of a stereo bus

}  // namespace

void Engine::run_outputs() MIXRIG_REALTIME {
    const bool ramping = !ramp_.idle() || ramp_.goal(0) != 1.0f;
    for (std::size_t o = 0; o < outputs_.size(); ++o)
        outputs_[o].finish(ramp_.curve(), ramping, out_, offset_, slice_);
}

// What leaves the strips: out of their banks, with what comes from beside, through their limiters.
void Engine::run_strip_outputs() MIXRIG_REALTIME {
    for (const OutputBank& from : output_banks_) {
        if (bank_states_[from.bank].asleep) {
            for (float* lane : from.lanes)
                if (lane != nullptr) std::fill_n(lane + slice_.first, slice_.count, 0.0f);
            continue;
        }
        dsp::PlanarOutputs lanes = from.lanes;
        for (float*& lane : lanes)
            if (lane != nullptr) lane += slice_.first;
        dsp::deinterleave(banks_[from.bank]->post(), lanes, slice_);
    }
    for (std::size_t o = 0; o < output_strips_.size(); ++o) {
        if (output_strips_[o] == geometry_.main())
            master_.behind_strip(outputs_[o].left.data(), outputs_[o].right.data(), slice_);
        if (config_.tells && output_strips_[o] == geometry_.main())
            unlimited_ = {outputs_[o].left, outputs_[o].right};
        run_limiter(o);
    }
}

void Engine::run_limiter(std::size_t output) MIXRIG_REALTIME {
    const Strip strip = output_strips_[output];
    OutputPair& out = outputs_[output];
    if (config_.hears_beside && side_sources_.feeds(strip))
        for (std::size_t side = 0; side < out.lanes; ++side)
            side_sources_.add(strip, out.side(side, slice_), slice_);
    BusLimiter& limiter = *strip_states_[strip].limiter;
    if (limiter.active()) limiter.process(out.side(0, slice_), out.right_or_null(slice_), slice_);
}

// Groups leave through their limiters; the limiters of the other buses stand at the outputs.
void Engine::run_limiters(const BankRun& run) MIXRIG_REALTIME {
    dsp::BankBlock* route = bank_states_[run.bank].route.get();
    if (route == nullptr) return;
    const StripBank& bank = *banks_[run.bank];
    std::copy_n(bank.post() + slice_.first * dsp::kLanes, slice_.count * dsp::kLanes,
                route->at(slice_.first));
    for (const Strip s : geometry_.banks[run.bank].strips) {
        const StripPlace& place = geometry_.strips[s];
        BusLimiter* limiter = strip_states_[s].limiter.get();
        const bool limits = limiter != nullptr && limiter->active();
        const bool is_fed = config_.hears_beside && side_sources_.feeds(s);
        if ((!limits && !is_fed) || !(run.lanes & dsp::lane_bit(place.lane))) continue;
        std::array<Planar, 2> side{};
        for (std::size_t i = 0; i < place.lanes(); ++i) {
            dsp::deinterleave(bank.post(), place.lane + i, side[i].data(), slice_);
            if (is_fed) side_sources_.add(s, side[i].data(), slice_);
        }
        if (limits)
            limiter->process(side[0].data(), place.stereo ? side[1].data() : nullptr, slice_);
        for (std::size_t i = 0; i < place.lanes(); ++i)
            for (std::size_t n = 0; n < slice_.count; ++n)
                route->at(slice_.first + n)[place.lane + i] = side[i][n];
    }
}

// A group into which something goes from beside does not sleep.
void Engine::begin_side_sources() MIXRIG_REALTIME {
    side_sources_.begin_quantum();
    for (const Strip s : side_sources_.fed()) {
        const std::uint16_t bank = geometry_.strips[s].bank;
        if (bank_states_[bank].route == nullptr) continue;
        wake(bank);
        bank_states_[bank].heard = true;
    }
}

// By the numbers of a param::Type::listen: the main bus, subgroups, monitor mixes, matrices; each
// as it leaves, behind its limiter.
void Engine::add_listened(std::size_t source) MIXRIG_REALTIME {
    const std::size_t groups = geometry_.count(Kind::sub);
    std::array<Planar, 2> side;
    const float* left = side[0].data();
    const float* right = side[1].data();
    bool stereo = true;
    if (source == 0 || source > groups) {
        OutputPair& output = outputs_[source == 0 ? 0 : source - groups];
        left = output.side(0, slice_);
        right = output.right_or_null(slice_);
        stereo = right != nullptr;
    } else {
        const StripPlace& place = geometry_.strips[geometry_.strip(Kind::sub, source - 1)];
        const dsp::BankBlock& route = *bank_states_[place.bank].route;
        stereo = place.stereo;
        for (std::size_t i = 0; i < place.lanes(); ++i)
            dsp::deinterleave(route.x, place.lane + i, side[i].data(), slice_);
    }
    if (!stereo) {
        for (std::size_t i = 0; i < slice_.count; ++i) side[1][i] = kOfMono * left[i];
        left = right = side[1].data();
    }
    listening_.add(source, left, right, slice_);
}

// The monitor bus: what is soloed, and what is listened to.
void Engine::run_monitor() MIXRIG_REALTIME {
    listening_.clear(slice_);
    for (const std::uint16_t source : listening_.heard()) add_listened(source);
    mix_.mix(geometry_.monitor, slice_);
    mix_.mix(geometry_.monitor + 1, slice_);
    listening_.add_soloed(mix_.sum(geometry_.monitor, slice_),
                          mix_.sum(geometry_.monitor + 1, slice_), slice_);
    listening_.check(slice_);
    for (std::size_t o = output_strips_.size(); o < outputs_.size(); ++o)
        listening_.leave(o - output_strips_.size(), outputs_[o].side(0, slice_),
                         outputs_[o].side(1, slice_), slice_);
}

}  // namespace mixrig::engine
