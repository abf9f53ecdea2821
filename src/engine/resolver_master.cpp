// Values to events: the master chain.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/master/mid_side_eq.h"
#include "dsp/master/multiband.h"
#include "dsp/master/stereo_field.h"
#include "src/engine/resolver.h"
#include "src/param/order.h"

#include <algorithm>
#include <array>

namespace mixrig::engine {

using link::Block;
using param::row;

namespace {

constexpr float kFewestBands = 3.0f;  // what the first word of multiband/bands says
constexpr float kNextSplit = 1.1f;    // a split is at least so much above the one before
constexpr float kMilli = 1e-3f;

static_assert(param::kMsBands == dsp::MidSideEqSettings::kBands);
static_assert(param::kMultiBands == dsp::MultibandSettings::kMostBands);
static_assert(param::kFieldBands == dsp::StereoFieldSettings::kBands);
static_assert(link::kMasterBlocks <= param::kMostOrdered);

// The rows that bypass, in the order of link::MasterBlock, and the whole chain.
constexpr std::array kBypasses = {
    row("bypass/ms"),    row("bypass/strip"),     row("bypass/multiband"),
    row("bypass/field"), row("bypass/saturator"), row("bypass/clipper"),
    row("bypass")};

template <std::size_t kCount>
void keep_rising(std::array<float, kCount>& splits) {
    for (std::size_t i = 1; i < kCount; ++i)
        splits[i] = std::max(splits[i], splits[i - 1] * kNextSplit);
}

}  // namespace

void Resolver::master_events(Strip strip, Dirty dirty) {
    if (!has(strip, row("order"))) return;
    if (is_dirty(dirty, Part::master_ms, 0)) ms_events(strip);
    if (is_dirty(dirty, Part::master_bands, 0)) {
        multiband_events(strip);
        field_event(strip);
    }
    if (is_dirty(dirty, Part::master_shape, 0)) shape_events(strip);
    const bool strip_moves = is_dirty(dirty, Part::eq, 0) || is_dirty(dirty, Part::comp, 0) ||
                             is_dirty(dirty, Part::comp, 1);
    if (is_dirty(dirty, Part::master_bypass, 0) || strip_moves) master_way_event(strip);
}

void Resolver::ms_events(Strip strip) {
    dsp::MidSideEqSettings settings{.on = number(strip, row("ms/on")) != 0.0f};
    for (std::size_t b = 0; b < param::kMsBands; ++b)
        settings.band[b] = {
            .curve = {static_cast<dsp::FilterType>(number(strip, row("ms/#/type"), b)),
                      {static_cast<double>(number(strip, row("ms/#/freq"), b))},
                      static_cast<double>(number(strip, row("ms/#/q"), b)),
                      {static_cast<double>(number(strip, row("ms/#/gain"), b))}},
            .place = static_cast<dsp::Place>(number(strip, row("ms/#/place"), b)),
            .on = number(strip, row("ms/#/on"), b) != 0.0f};
    const dsp::MidSideEqDesign design = dsp::design_mid_side_eq(settings, rate_);
    for (std::size_t section = 0; section < design.section.size(); ++section)
        for (std::size_t side = 0; side < 2; ++side)
            emit(Block::master_ms, strip, 2 * section + side, design.section[section][side]);
    emit(Block::master_on, strip, 0, settings.on ? 1.0f : 0.0f);
}

void Resolver::multiband_events(Strip strip) {
    link::MultibandGoal goal{.on = number(strip, row("multiband/on")),
                             .bands = kFewestBands + number(strip, row("multiband/bands"))};
    for (std::size_t i = 0; i < goal.splits.size(); ++i)
        goal.splits[i] = number(strip, row("multiband/split/#"), i);
    keep_rising(goal.splits);
    emit(Block::multiband, strip, 0, goal);
    for (std::size_t b = 0; b < param::kMultiBands; ++b) {
        const auto value = [&](std::size_t r) { return number(strip, r, b); };
        emit(Block::multi_band, strip, b,
             link::MultibandBandGoal{.threshold = value(row("multiband/#/threshold")),
                                     .ratio = value(row("multiband/#/ratio")),
                                     .knee = value(row("multiband/#/knee")),
                                     .attack = kMilli * value(row("multiband/#/attack")),
                                     .release = kMilli * value(row("multiband/#/release")),
                                     .makeup = value(row("multiband/#/makeup")),
                                     .max_reduction = value(row("multiband/#/max_reduction")),
                                     .mode = value(row("multiband/#/mode")),
                                     .mute = value(row("multiband/#/mute")),
                                     .solo = value(row("multiband/#/solo"))});
    }
}

void Resolver::field_event(Strip strip) {
    link::FieldGoal goal{.on = number(strip, row("field/on")),
                         .mono_below = number(strip, row("field/mono_below"))};
    for (std::size_t i = 0; i < goal.width.size(); ++i)
        goal.width[i] = number(strip, row("field/#/width"), i);
    for (std::size_t i = 0; i < goal.splits.size(); ++i)
        goal.splits[i] = number(strip, row("field/split/#"), i);
    keep_rising(goal.splits);
    emit(Block::field, strip, 0, goal);
}

void Resolver::shape_events(Strip strip) {
    emit(Block::saturator, strip, 0,
         link::SaturatorGoal{.on = number(strip, row("saturator/on")),
                             .drive = number(strip, row("saturator/drive")),
                             .curve = number(strip, row("saturator/curve")),
                             .mix = number(strip, row("saturator/mix")),
                             .output = number(strip, row("saturator/output"))});
    emit(Block::clipper, strip, 0,
         link::ClipperGoal{.on = number(strip, row("clipper/on")),
                           .drive = number(strip, row("clipper/drive")),
                           .ceiling = number(strip, row("clipper/ceiling")),
                           .knee = number(strip, row("clipper/knee"))});
}

void Resolver::master_way_event(Strip strip) {
    const param::Order order =
        param::order_of(static_cast<std::size_t>(number(strip, row("order"))), link::kMasterBlocks);
    link::MasterWay way;
    std::copy_n(order.begin(), way.order.size(), way.order.begin());
    for (std::size_t b = 0; b < kBypasses.size(); ++b)
        if (number(strip, kBypasses[b]) != 0.0f)
            way.bypassed = static_cast<std::uint8_t>(way.bypassed | 1u << b);
    way.matched = number(strip, row("bypass/match")) != 0.0f ? 1 : 0;
    way.strip_on = number(strip, row("eq/on")) != 0.0f ||
                           number(strip, row("comp/#/on"), 0) != 0.0f ||
                           number(strip, row("comp/#/on"), 1) != 0.0f
                       ? 1
                       : 0;
    emit(Block::master_way, strip, 0, way);
}

// Of the blocks that are late while they are on.
std::size_t Resolver::master_latency(const param::Values& values) const {
    const auto is_on = [&](std::size_t r) {
        return values.number(layout_.slot(param::Kind::master, 0, r)) != 0.0f;
    };
    return (is_on(row("saturator/on")) ? saturator_latency_ : 0) +
           (is_on(row("clipper/on")) ? clipper_latency_ : 0);
}

}  // namespace mixrig::engine
