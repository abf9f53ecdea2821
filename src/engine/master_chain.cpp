// The master chain: settings, and a quantum through its blocks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/master_chain.h"

#include <algorithm>
#include <utility>

namespace mixrig::engine {

using dsp::Change;
using dsp::Slice;
using link::Block;
using link::MasterBlock;

namespace {

// What was switched off has rung out by then.
constexpr double kRestSeconds = 2.0;

dsp::Decibels dB(float value) {
    return {static_cast<double>(value)};
}
dsp::Hertz hertz(float value) {
    return {static_cast<double>(value)};
}
dsp::Seconds seconds(float value) {
    return {static_cast<double>(value)};
}

// Both, by the weight of the second at each frame.
void cross_over(const dsp::GainGlides& weight, const double* to, double* x, Slice slice)
    MIXRIG_REALTIME {
    const dsp::GainCurve& curve = weight.curve();
    const dsp::Cubic w{curve.c0[0], curve.c1[0], curve.c2[0], curve.c3[0]};
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n)
        x[n] += static_cast<double>(w.at(n)) * (to[n] - x[n]);
}

std::size_t lateness(const dsp::Saturator& saturator, const dsp::Clipper& clipper,
                     std::size_t which) {
    return ((which & 1u) != 0 ? saturator.latency() : 0) +
           ((which & 2u) != 0 ? clipper.latency() : 0);
}

}  // namespace

template <typename Processor>
template <typename Settings>
void MasterChain::Late<Processor>::set(const Settings& settings, Change change) MIXRIG_REALTIME {
    if (settings.on && !is_there) {
        reset();
        is_there = true;
    }
    processor.set(settings, change);
    wet.set(0, settings.on ? 1.0f : 0.0f, change);
    if (change == Change::jump && !settings.on) is_there = false;
}

template <typename Processor>
void MasterChain::Late<Processor>::begin_quantum() MIXRIG_REALTIME {
    if (!is_there) return;
    processor.begin_quantum();
    bypass.begin_quantum();
    if (wet.idle()) return;
    wet.begin_quantum();
    if (wet.idle() && wet.goal(0) == 0.0f) is_there = false;
}

template <typename Processor>
void MasterChain::Late<Processor>::process(double* left, double* right, Slice slice, Room& room)
    MIXRIG_REALTIME {
    if (!is_there) return;
    if (wet.idle()) return run(left, right, slice);
    std::copy_n(left + slice.first, slice.count, room.left.data() + slice.first);
    std::copy_n(right + slice.first, slice.count, room.right.data() + slice.first);
    run(room.left.data(), room.right.data(), slice);
    cross_over(wet, room.left.data(), left, slice);
    cross_over(wet, room.right.data(), right, slice);
}

template <typename Processor>
void MasterChain::Late<Processor>::run(double* left, double* right, Slice slice) MIXRIG_REALTIME {
    bypass.remember(left, right, slice);
    if (leader == nullptr) {
        processor.process(left, right, slice);
        return bypass.process(left, right, slice);
    }
    processor.follow(left, right, slice, leader->processor.gains());
    bypass.follow(left, right, slice, leader->bypass);
}

MasterChain::MasterChain(dsp::Hertz rate)
    : ms_(rate),
      multiband_(rate),
      field_(rate),
      saturator_(rate),
      clipper_(rate),
      bypasses_{dsp::MatchedBypass(rate, 0), dsp::MatchedBypass(rate, 0),
                dsp::MatchedBypass(rate, 0), dsp::MatchedBypass(rate, 0)},
      whole_{
          dsp::MatchedBypass(rate, 0),
          dsp::MatchedBypass(rate, engine::lateness(saturator_.processor, clipper_.processor, 1)),
          dsp::MatchedBypass(rate, engine::lateness(saturator_.processor, clipper_.processor, 2)),
          dsp::MatchedBypass(rate, engine::lateness(saturator_.processor, clipper_.processor, 3))},
      level_(dsp::glide_quanta(rate), 1.0f),
      rest_quanta_(
          static_cast<std::size_t>(kRestSeconds * rate.value / static_cast<double>(dsp::kQuantum))),
      resting_(rest_quanta_) {
    unused_.fill(rest_quanta_);
}

void MasterChain::follow(const MasterChain& leader) {
    leader_ = &leader;
    saturator_.leader = &leader.saturator_;
    clipper_.leader = &leader.clipper_;
}

void MasterChain::apply(const link::Event& event) MIXRIG_REALTIME {
    switch (event.block) {
        case Block::master_ms:
            ms_design_.section[event.index / 2u][event.index % 2u] = event.data<dsp::SvfLane>();
            ms_dirty_ = true;
            ms_change_ = event.change;
            break;
        case Block::master_on:
            ms_on_ = event.data<float>() != 0.0f;
            break;
        case Block::multiband:
        case Block::multi_band:
            set_multiband(event);
            break;
        case Block::field:
            set_field(event.data<link::FieldGoal>(), event.change);
            break;
        case Block::saturator:
            set_saturator(event.data<link::SaturatorGoal>(), event.change);
            break;
        case Block::clipper:
            set_clipper(event.data<link::ClipperGoal>(), event.change);
            break;
        case Block::master_way:
            set_way(event.data<link::MasterWay>(), event.change);
            break;
        default:
            break;
    }
}

// The bands come one by one, and count together at the next begin_quantum().
void MasterChain::set_multiband(const link::Event& event) MIXRIG_REALTIME {
    bands_dirty_ = true;
    bands_change_ = event.change;
    if (event.block == Block::multiband) {
        const auto goal = event.data<link::MultibandGoal>();
        bands_.on = goal.on != 0.0f;
        bands_.bands = static_cast<std::size_t>(goal.bands);
        for (std::size_t i = 0; i < goal.splits.size(); ++i)
            bands_.splits[i] = hertz(goal.splits[i]);
        return;
    }
    const auto goal = event.data<link::MultibandBandGoal>();
    bands_.band[event.index] = {.threshold = dB(goal.threshold),
                                .ratio = static_cast<double>(goal.ratio),
                                .knee = dB(goal.knee),
                                .attack = seconds(goal.attack),
                                .release = seconds(goal.release),
                                .makeup = dB(goal.makeup),
                                .max_reduction = dB(goal.max_reduction),
                                .mode = static_cast<dsp::BandMode>(goal.mode),
                                .muted = goal.mute != 0.0f,
                                .soloed = goal.solo != 0.0f};
}

void MasterChain::set_field(const link::FieldGoal& goal, Change change) MIXRIG_REALTIME {
    field_on_ = goal.on != 0.0f;
    dsp::StereoFieldSettings settings{.mono_below = hertz(goal.mono_below), .on = field_on_};
    for (std::size_t i = 0; i < goal.width.size(); ++i)
        settings.width[i] = static_cast<double>(goal.width[i]);
    for (std::size_t i = 0; i < goal.splits.size(); ++i) settings.splits[i] = hertz(goal.splits[i]);
    field_.set(settings, change);
}

void MasterChain::set_saturator(const link::SaturatorGoal& goal, Change change) MIXRIG_REALTIME {
    saturator_.set(dsp::SaturatorSettings{.drive = dB(goal.drive),
                                          .curve = static_cast<dsp::SaturatorCurve>(goal.curve),
                                          .mix = goal.mix,
                                          .output = dB(goal.output),
                                          .on = goal.on != 0.0f},
                   change);
}

void MasterChain::set_clipper(const link::ClipperGoal& goal, Change change) MIXRIG_REALTIME {
    clipper_.set(dsp::ClipperSettings{.drive = dB(goal.drive),
                                      .ceiling = dB(goal.ceiling),
                                      .knee = static_cast<double>(goal.knee),
                                      .on = goal.on != 0.0f},
                 change);
}

// Another order begins in silence, 10 ms away, unless nothing is on that would be heard to change.
void MasterChain::set_way(const link::MasterWay& way, Change change) MIXRIG_REALTIME {
    wanted_ = way;
    if (wanted_.order == way_.order) return;
    if (change == Change::jump || is_resting()) return change_order();
    level_.set(0, 0.0f, Change::glide);
}

void MasterChain::change_order() MIXRIG_REALTIME {
    way_.order = wanted_.order;
    reset();
}

bool MasterChain::is_on(MasterBlock block) const MIXRIG_REALTIME {
    switch (block) {
        case MasterBlock::ms:
            return ms_on_;
        case MasterBlock::strip:
            return wanted_.strip_on != 0;
        case MasterBlock::multiband:
            return bands_.on;
        case MasterBlock::field:
            return field_on_;
        case MasterBlock::saturator:
            return saturator_.is_there;
        case MasterBlock::clipper:
            return clipper_.is_there;
    }
    return false;
}

bool MasterChain::is_any_on() const MIXRIG_REALTIME {
    for (std::size_t b = 0; b < link::kMasterBlocks; ++b)
        if (is_on(static_cast<MasterBlock>(b))) return true;
    return wanted_.bypassed != 0 || !level_.idle();
}

void MasterChain::begin_quantum() MIXRIG_REALTIME {
    const bool was_resting = is_resting();
    resting_ = is_any_on() ? 0 : std::min(resting_ + 1, rest_quanta_);
    // Goals are taken while nothing sounds as well; what glides is there at once.
    if (std::exchange(ms_dirty_, false))
        ms_.set(ms_design_, was_resting ? Change::jump : ms_change_);
    if (std::exchange(bands_dirty_, false)) multiband_.set(bands_, bands_change_);
    if (is_resting()) return;
    if (was_resting) ms_.reset();
    if (!level_.idle()) level_.begin_quantum();
    if (level_.idle() && level_.goal(0) == 0.0f) {
        change_order();
        level_.set(0, 1.0f, Change::glide);
        level_.begin_quantum();
    }
    begin_bypasses();
    ms_.begin_quantum();
    multiband_.begin_quantum();
    field_.begin_quantum();
    saturator_.begin_quantum();
    clipper_.begin_quantum();
}

// One whose block is off and that bypasses nothing need not listen.
void MasterChain::begin_bypasses() MIXRIG_REALTIME {
    for (std::size_t b = 0; b < bypasses_.size(); ++b) {
        const bool is_of_use = is_on(static_cast<MasterBlock>(b)) || is_bypassed(b);
        const bool slept = !runs(b);
        unused_[b] = is_of_use ? 0 : std::min(unused_[b] + 1, rest_quanta_);
        if (!runs(b)) continue;
        if (slept) bypasses_[b].reset();
        bypasses_[b].set(bypass_of(b), slept ? Change::jump : Change::glide);
        bypasses_[b].begin_quantum();
    }
    saturator_.bypass.set(bypass_of(static_cast<std::size_t>(MasterBlock::saturator)),
                          Change::glide);
    clipper_.bypass.set(bypass_of(static_cast<std::size_t>(MasterBlock::clipper)), Change::glide);
    const bool other = std::exchange(late_, lateness()) != lateness();
    if (other) whole_[late_].reset();
    whole_[late_].set(bypass_of(link::kMasterBlocks), other ? Change::jump : Change::glide);
    whole_[late_].begin_quantum();
}

void MasterChain::process(MasterBlock block, double* left, double* right, Slice slice)
    MIXRIG_REALTIME {
    switch (block) {
        case MasterBlock::ms:
            return ms_.process(left, right, slice);
        case MasterBlock::strip:
            return;
        case MasterBlock::multiband:
            return leader_ == nullptr
                       ? multiband_.process(left, right, slice)
                       : multiband_.follow(left, right, slice, leader_->multiband_.gains());
        case MasterBlock::field:
            return field_.process(left, right, slice);
        case MasterBlock::saturator:
            return saturator_.process(left, right, slice, room_);
        case MasterBlock::clipper:
            return clipper_.process(left, right, slice, room_);
    }
}

void MasterChain::run(MasterBlock block, double* left, double* right, Slice slice) MIXRIG_REALTIME {
    const auto b = static_cast<std::size_t>(block);
    const bool can_be_bypassed = runs(b);
    if (can_be_bypassed) bypasses_[b].remember(left, right, slice);
    process(block, left, right, slice);
    if (can_be_bypassed) leave_block(b, left, right, slice);
}

void MasterChain::leave_block(std::size_t b, double* left, double* right, Slice slice)
    MIXRIG_REALTIME {
    if (leader_ == nullptr) return bypasses_[b].process(left, right, slice);
    bypasses_[b].follow(left, right, slice, leader_->bypasses_[b]);
}

// Between blocks there are doubles: what a block drives into the next one's curve would else bring
// the rounding of floats along.
MasterChain::Room& MasterChain::enter(const float* left, const float* right, Slice slice)
    MIXRIG_REALTIME {
    std::copy_n(left + slice.first, slice.count, at_work_.left.data() + slice.first);
    std::copy_n(right + slice.first, slice.count, at_work_.right.data() + slice.first);
    return at_work_;
}

void MasterChain::leave(float* left, float* right, Slice slice) const MIXRIG_REALTIME {
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        left[n] = static_cast<float>(at_work_.left[n]);
        right[n] = static_cast<float>(at_work_.right[n]);
    }
}

void MasterChain::before_strip(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    if (is_resting()) return;
    Room& x = enter(left, right, slice);
    whole_[late_].remember(x.left.data(), x.right.data(), slice);
    for (const std::uint8_t block : way_.order) {
        if (static_cast<MasterBlock>(block) == MasterBlock::strip) break;
        run(static_cast<MasterBlock>(block), x.left.data(), x.right.data(), slice);
    }
    constexpr auto kStrip = static_cast<std::size_t>(MasterBlock::strip);
    if (runs(kStrip)) bypasses_[kStrip].remember(x.left.data(), x.right.data(), slice);
    leave(left, right, slice);
}

void MasterChain::behind_strip(float* left, float* right, Slice slice) MIXRIG_REALTIME {
    if (is_resting()) return;
    Room& x = enter(left, right, slice);
    constexpr auto kStrip = static_cast<std::size_t>(MasterBlock::strip);
    if (runs(kStrip)) leave_block(kStrip, x.left.data(), x.right.data(), slice);
    const auto strip = std::find(way_.order.begin(), way_.order.end(), kStrip);
    std::for_each(strip + 1, way_.order.end(), [&](std::uint8_t block) {
        run(static_cast<MasterBlock>(block), x.left.data(), x.right.data(), slice);
    });
    if (leader_ == nullptr)
        whole_[late_].process(x.left.data(), x.right.data(), slice);
    else
        whole_[late_].follow(x.left.data(), x.right.data(), slice, leader_->whole_[late_]);
    fade(x.left.data(), x.right.data(), slice);
    leave(left, right, slice);
}

void MasterChain::fade(double* left, double* right, Slice slice) const MIXRIG_REALTIME {
    if (level_.idle() && level_.goal(0) == 1.0f) return;
    const dsp::GainCurve& curve = level_.curve();
    const dsp::Cubic gain{curve.c0[0], curve.c1[0], curve.c2[0], curve.c3[0]};
    for (std::size_t n = slice.first; n < slice.first + slice.count; ++n) {
        left[n] *= static_cast<double>(gain.at(n));
        right[n] *= static_cast<double>(gain.at(n));
    }
}

link::BandReductions MasterChain::take_reductions_dB() MIXRIG_REALTIME {
    static_assert(link::kMeteredBands == dsp::Multiband::kMostBands);
    link::BandReductions out{};
    if (is_resting() || !bands_.on) return out;
    for (std::size_t k = 0; k < bands_.bands; ++k)
        out[k] = static_cast<float>(multiband_.reduction(k).value);
    multiband_.clear_meters();
    return out;
}

void MasterChain::reset() MIXRIG_REALTIME {
    ms_.reset();
    multiband_.reset();
    field_.reset();
    saturator_.reset();
    clipper_.reset();
    for (dsp::MatchedBypass& bypass : bypasses_) bypass.reset();
    for (dsp::MatchedBypass& bypass : whole_) bypass.reset();
}

}  // namespace mixrig::engine
