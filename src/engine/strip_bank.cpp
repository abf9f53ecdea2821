// Sixteen strip lanes, in the order of the signal.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/strip_bank.h"

#include "src/engine/lanes.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mixrig::engine {

using dsp::LaneMask;
using dsp::Slice;

namespace {

bool stands_at(const dsp::GainGlides& gains, float value) {
    if (!gains.idle()) return false;
    const dsp::LaneFloats& c0 = gains.curve().c0;
    return std::all_of(std::begin(c0.v), std::end(c0.v),
                       [value](float gain) { return gain == value; });
}

}  // namespace

Processors::Processors(dsp::Hertz rate)
    : trim(dsp::glide_quanta(rate), 1.0f),
      filters{dsp::SvfBank(rate), dsp::SvfBank(rate), dsp::SvfBank(rate), dsp::SvfBank(rate)},
      gate(rate),
      eq{dsp::SvfBank(rate), dsp::SvfBank(rate), dsp::SvfBank(rate), dsp::SvfBank(rate),
         dsp::SvfBank(rate), dsp::SvfBank(rate), dsp::SvfBank(rate)},
      comp{dsp::CompressorBank(rate), dsp::CompressorBank(rate)},
      key_filter{dsp::SvfBank(rate), dsp::SvfBank(rate), dsp::SvfBank(rate)},
      fader(dsp::glide_quanta(rate), 1.0f),
      same(dsp::glide_quanta(rate), 1.0f),
      cross(dsp::glide_quanta(rate), 0.0f) {}

StripBank::StripBank(dsp::Hertz rate, LaneMask used, LaneMask linked)
    : processors_(rate),
      delay_(rate, used),
      loudness_{dsp::LoudnessBank(rate), dsp::LoudnessBank(rate), dsp::LoudnessBank(rate)},
      used_(used),
      linked_(linked) {}

void StripBank::tell() {
    told_ = std::make_unique<std::array<dsp::BankBlock, kDynamics>>();
}

void StripBank::set_key(std::size_t dynamics, std::size_t lane, const float* block)
    MIXRIG_REALTIME {
    const float*& key = keys_[dynamics][lane];
    if (key != nullptr) --keyed_;
    key = block;
    if (key != nullptr) ++keyed_;
}

void StripBank::set_loudness(std::size_t lane, std::uint32_t taps) MIXRIG_REALTIME {
    for (std::size_t tap = 0; tap < loudness_.size(); ++tap)
        loudness_[tap].set(lane, (taps >> tap & 1u) != 0);
}

void StripBank::begin_quantum() MIXRIG_REALTIME {
    Processors& p = processors_;
    for (dsp::GainGlides* gain : {&p.trim, &p.fader, &p.same, &p.cross})
        if (!gain->idle()) gain->begin_quantum();
    delay_.begin_quantum();
    for (dsp::SvfBank& section : p.filters) section.begin_quantum();
    for (dsp::SvfBank& section : p.eq) section.begin_quantum();
    for (dsp::SvfBank& section : p.key_filter) section.begin_quantum();
    p.gate.begin_quantum();
    for (dsp::CompressorBank& comp : p.comp) comp.begin_quantum();

    LaneMask active = p.gate.active();
    for (const dsp::SvfBank& section : p.filters)
        active = static_cast<LaneMask>(active | section.active());
    for (const dsp::SvfBank& section : p.eq)
        active = static_cast<LaneMask>(active | section.active());
    for (const dsp::CompressorBank& comp : p.comp)
        active = static_cast<LaneMask>(active | comp.active());
    processes_ = active != 0;
    plain_input_ = stands_at(p.trim, 1.0f) && delay_.active() == 0;
    moves_ = share_ != nullptr ||
             !(stands_at(p.fader, 1.0f) && stands_at(p.same, 1.0f) && stands_at(p.cross, 0.0f));
}

void StripBank::reset(LaneMask lanes) MIXRIG_REALTIME {
    Processors& p = processors_;
    delay_.reset(lanes);
    for (dsp::SvfBank& section : p.filters) section.reset(lanes);
    for (dsp::SvfBank& section : p.eq) section.reset(lanes);
    for (dsp::SvfBank& section : p.key_filter) section.reset(lanes);
    p.gate.reset(lanes);
    for (dsp::CompressorBank& comp : p.comp) comp.reset(lanes);
    for (dsp::LoudnessBank& tap : loudness_) tap.reset(lanes);
    for (dsp::BankBlock* block : {&input_, &pre_, &post_}) clear_lanes(*block, lanes);
}

void StripBank::take_input(const dsp::PlanarInputs& planar, Slice slice, LaneMask lanes)
    MIXRIG_REALTIME {
    // Where only some lanes run (groups that feed one another), the others keep what they have
    // computed.
    const bool partial = (used_ & ~lanes) != 0;
    dsp::BankBlock& block = partial ? key_ : input_;
    dsp::interleave(planar, block.x, slice);
    if (partial) copy_lanes(block, input_, slice, lanes);
    // At unity the tap is the input, so one look serves both.
    if (!plain_input_) {
        faults_ = static_cast<LaneMask>(faults_ | dsp::guard(input_.x, slice, kRunawayInput));
        dsp::apply_gain(input_.x, processors_.trim.curve(), slice, lanes);
        delay_.process(input_.x, slice, lanes);
    }
    watch(input_, 0, plain_input_ ? kRunawayInput : kRunaway, slice, lanes);
}

void StripBank::watch(dsp::BankBlock& block, std::size_t tap, float limit, Slice slice,
                      LaneMask lanes) MIXRIG_REALTIME {
    seen_ = {};
    faults_ = static_cast<LaneMask>(faults_ | dsp::guard_and_measure(block.x, slice, limit, seen_));
    count(tap, lanes);
}

// Lanes that are not in `lanes` have been counted before, or will be.
void StripBank::count(std::size_t tap, LaneMask lanes) MIXRIG_REALTIME {
    const bool partial = (used_ & ~lanes) != 0;
    dsp::TapMeters& total = meters_.tap[tap];
    for (std::size_t lane = 0; lane < dsp::kLanes; ++lane) {
        if (partial && !(lanes & dsp::lane_bit(lane))) continue;
        total.peak[lane] = std::max(total.peak[lane], seen_.peak[lane]);
        total.mean_square_sum[lane] += seen_.mean_square_sum[lane];
        total.clips[lane] += seen_.clips[lane];
    }
}

void StripBank::copy(const dsp::BankBlock& from, dsp::BankBlock& to, Slice slice, LaneMask lanes)
    MIXRIG_REALTIME {
    if ((used_ & ~lanes) != 0)
        copy_lanes(from, to, slice, lanes);
    else
        copy_frames(from, to, slice);
}

void StripBank::process_front(Slice slice, std::uint64_t frame, LaneMask lanes) MIXRIG_REALTIME {
    copy(input_, pre_, slice, lanes);
    if (!processes_) return;
    dsp::svf_process(processors_.filters, pre_.x, slice, lanes);
    run_dynamics(slice, frame, lanes);
}

void StripBank::process_back(Slice slice, LaneMask lanes, bool changed) MIXRIG_REALTIME {
    if (processes_ || changed) {
        watch(pre_, 1, kRunaway, slice, lanes);
    } else {
        count(1, lanes);  // the same samples as at the tap before
    }
    process_post(slice, lanes);
    const std::array taps = {&input_, &pre_, &post_};
    for (std::size_t tap = 0; tap < taps.size(); ++tap)
        if (loudness_[tap].active() & lanes)
            loudness_[tap].listen(taps[tap]->x, key_, slice, lanes);
}

void StripBank::process_post(Slice slice, LaneMask lanes) MIXRIG_REALTIME {
    copy(pre_, post_, slice, lanes);
    if (!moves_) return count(2, lanes);
    const Processors& p = processors_;
    dsp::apply_gain(post_.x, p.fader.curve(), slice, lanes);
    if (share_ != nullptr) dsp::apply_gain(post_.x, *share_, slice, lanes);
    dsp::stereo_matrix(post_.x, p.same.curve(), p.cross.curve(), slice,
                       static_cast<LaneMask>(lanes & linked_));
    watch(post_, 2, kRunaway, slice, lanes);
}

void StripBank::run_dynamics(Slice slice, std::uint64_t frame, LaneMask lanes) MIXRIG_REALTIME {
    Processors& p = processors_;
    dsp::Sidechain sidechain{.key = pre_.x, .linked = linked_, .frame = frame};
    if (p.gate.active() & lanes) {
        sidechain.key = key_signal(0, slice, lanes);
        p.gate.process(pre_.x, slice, lanes, sidechain);
    }
    dsp::svf_process(p.eq, pre_.x, slice, lanes);
    for (std::size_t c = 0; c < p.comp.size(); ++c) {
        if (!(p.comp[c].active() & lanes)) continue;
        sidechain.key = key_signal(1 + c, slice, lanes);
        p.comp[c].process(pre_.x, slice, lanes, sidechain);
    }
}

const float* StripBank::key_signal(std::size_t dynamics, Slice slice, LaneMask lanes)
    MIXRIG_REALTIME {
    if (leader_ != nullptr) return (*leader_->told_)[dynamics].x;
    const float* key = own_key(dynamics, slice, lanes);
    // Groups that feed one another run one after the other: each leaves the others' keys alone.
    if (told_ != nullptr) copy_lanes(key, (*told_)[dynamics], slice, lanes);
    return key;
}

// The signal itself where nothing else is asked for; else a copy with the keyed lanes exchanged and
// filtered.
const float* StripBank::own_key(std::size_t dynamics, Slice slice, LaneMask lanes) MIXRIG_REALTIME {
    dsp::SvfBank& filter = processors_.key_filter[dynamics];
    const KeyLanes& keys = keys_[dynamics];
    const bool keyed =
        keyed_ != 0 && std::any_of(keys.begin(), keys.end(), [](auto* k) { return k != nullptr; });
    if (!keyed && filter.active() == 0) return pre_.x;
    copy_frames(pre_, key_, slice);
    for (std::size_t lane = 0; keyed && lane < dsp::kLanes; ++lane) {
        if (keys[lane] == nullptr) continue;
        for (std::size_t n = slice.first; n < slice.first + slice.count; ++n)
            key_.at(n)[lane] = keys[lane][n * dsp::kLanes];
    }
    filter.process(key_.x, slice, lanes);
    return key_.x;
}

void StripBank::take_part(const StripBank& leader, Slice slice, LaneMask lanes) MIXRIG_REALTIME {
    process_silence(slice);
    copy_lanes(leader.input_, input_, slice, lanes);
    copy_lanes(leader.pre_, pre_, slice, lanes);
    copy_lanes(leader.post_, post_, slice, lanes);
}

void StripBank::process_silence(Slice slice) MIXRIG_REALTIME {
    for (dsp::BankBlock* block : {&input_, &pre_, &post_})
        std::memset(block->at(slice.first), 0, slice.count * dsp::kLanes * sizeof(float));
}

LaneMask StripBank::take_faults() MIXRIG_REALTIME {
    const LaneMask faults = static_cast<LaneMask>(faults_ & used_);
    faults_ = 0;
    // Both sides of a pair fail together.
    const auto swapped =
        static_cast<LaneMask>(((faults & 0x5555u) << 1) | ((faults & 0xaaaau) >> 1));
    return static_cast<LaneMask>(faults | (swapped & linked_));
}

bool StripBank::is_at_rest() const MIXRIG_REALTIME {
    constexpr float kInaudible = 1e-9f;  // -180 dB
    const Processors& p = processors_;
    for (const dsp::GainGlides* gain : {&p.trim, &p.fader, &p.same, &p.cross})
        if (!gain->idle()) return false;
    LaneMask rest = used_;
    const auto keep = [&rest](LaneMask lanes) { rest = static_cast<LaneMask>(rest & lanes); };
    for (const dsp::SvfBank& section : p.filters) keep(section.quiet(kInaudible));
    for (const dsp::SvfBank& section : p.eq) keep(section.quiet(kInaudible));
    for (const dsp::SvfBank& section : p.key_filter) keep(section.quiet(kInaudible));
    keep(p.gate.at_rest());
    for (const dsp::CompressorBank& comp : p.comp) keep(comp.at_rest());
    if (rest != used_) return false;
    for (std::size_t i = 0; i < dsp::kQuantum * dsp::kLanes; ++i)
        if (std::fabs(pre_.x[i]) > kInaudible) return false;
    return true;
}

std::array<dsp::LaneFloats, kDynamics> StripBank::reduction_dB() const MIXRIG_REALTIME {
    return {processors_.gate.reduction_dB(), processors_.comp[0].reduction_dB(),
            processors_.comp[1].reduction_dB()};
}

void StripBank::clear_meters() MIXRIG_REALTIME {
    meters_ = Meters{};
    for (dsp::LoudnessBank& tap : loudness_) tap.clear();
    processors_.gate.clear_meters();
    for (dsp::CompressorBank& comp : processors_.comp) comp.clear_meters();
}

}  // namespace mixrig::engine
