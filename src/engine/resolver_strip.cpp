// Values to events: the processors of a strip.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/automix.h"
#include "dsp/compressor.h"
#include "dsp/delay.h"
#include "dsp/design.h"
#include "dsp/gate.h"
#include "src/engine/resolver.h"

#include <array>
#include <cmath>
#include <span>

namespace mixrig::engine {

using link::Block;
using param::row;

namespace {

dsp::Seconds milliseconds(float value) {
    return {static_cast<double>(value) * 1e-3};
}

struct KeyRows {
    std::size_t source, on, type, freq, q;
};
constexpr std::array kKeys = {
    KeyRows{row("gate/key"), row("gate/keyfilter/on"), row("gate/keyfilter/type"),
            row("gate/keyfilter/freq"), row("gate/keyfilter/q")},
    KeyRows{row("comp/#/key"), row("comp/#/keyfilter/on"), row("comp/#/keyfilter/type"),
            row("comp/#/keyfilter/freq"), row("comp/#/keyfilter/q")}};

// What is left of a level when the frozen gain has been taken off it: to a ten-thousandth of a dB,
// so that a level and a freeze that have moved by as much leave the same bits as before.
double without(float level_dB, float frozen_dB) {
    if (frozen_dB == 0.0f) return static_cast<double>(level_dB);
    constexpr double kSteps = 1e4;
    const double rest = static_cast<double>(level_dB) - static_cast<double>(frozen_dB);
    return static_cast<double>(static_cast<float>(std::round(rest * kSteps) / kSteps));
}

// Dynamics block 0 is the gate, 1 and 2 are the compressors.
const KeyRows& key_rows(std::size_t dynamics) {
    return kKeys[dynamics == 0 ? 0 : 1];
}
std::size_t key_index(std::size_t dynamics) {
    return dynamics == 0 ? 0 : dynamics - 1;
}

}  // namespace

void Resolver::strip_events(Strip strip, Dirty dirty) {
    if (has(strip, row("fader"))) {
        level_events(strip, dirty);
        filter_events(strip, dirty);
        gate_events(strip, dirty);
    }
    eq_events(strip, dirty);
    comp_events(strip, dirty);
    if (has(strip, row("limiter/on")) && is_dirty(dirty, Part::limiter, 0))
        emit(Block::limiter, strip, 0,
             link::LimiterGoal{.on = number(strip, row("limiter/on")),
                               .ceiling_dB = number(strip, row("limiter/ceiling")),
                               .release_s = number(strip, row("limiter/release")) * 1e-3f});
}

void Resolver::level_events(Strip strip, Dirty dirty) {
    if (is_dirty(dirty, Part::trim, 0)) {
        const float sign = number(strip, row("polarity")) != 0.0f ? -1.0f : 1.0f;
        const float frozen = has(strip, row("freeze")) ? number(strip, row("freeze")) : 0.0f;
        const auto trim =
            static_cast<float>(std::pow(10.0, without(number(strip, row("trim")), frozen) / 20.0));
        emit(Block::trim, strip, 0, sign * trim);
    }
    if (is_dirty(dirty, Part::delay, 0))
        emit(Block::delay, strip, 0,
             dsp::design_delay(milliseconds(number(strip, row("delay"))), rate_));
    if (is_dirty(dirty, Part::fader, 0)) emit(Block::fader, strip, 0, fader_gain(strip));
    const bool automix = is_dirty(dirty, Part::automix, 0) || is_dirty(dirty, Part::fader, 0);
    if (automix && has(strip, row("automix/group"))) automix_event(strip);
    if (is_dirty(dirty, Part::stereo, 0) && geometry_.strips[strip].stereo) {
        const dsp::StereoGains g = dsp::stereo(static_cast<double>(number(strip, row("pan"))),
                                               static_cast<double>(number(strip, row("width"))));
        emit(Block::stereo, strip, 0,
             std::array{static_cast<float>(g.left_from_left), static_cast<float>(g.left_from_right),
                        static_cast<float>(g.right_from_right),
                        static_cast<float>(g.right_from_left)});
    }
}

static_assert(dsp::kAutomixes == param::kAutomixes);

// A strip that is not heard takes no share of the gain.
void Resolver::automix_event(Strip strip) {
    const bool silent = fader_gain(strip) == 0.0f;
    const double weight =
        std::pow(10.0, static_cast<double>(number(strip, row("automix/weight"))) / 20.0);
    dsp::AutomixLane goal{.weight = silent ? 0.0f : static_cast<float>(weight)};
    for (std::size_t g = 0; g < dsp::kAutomixes; ++g) {
        const bool is_on =
            values_.number(layout_.slot(param::Kind::desk, 0, row("/automix/#/on"), g)) != 0.0f;
        const bool is_in = number(strip, row("automix/group")) == static_cast<float>(g + 1);
        goal.member[g] = is_on && is_in ? 1.0f : 0.0f;
    }
    emit(Block::automix, strip, 0, goal);
}

void Resolver::filter_events(Strip strip, Dirty dirty) {
    const auto send = [&](Block block, std::size_t on_row,
                          const std::array<dsp::SvfLane, 2>& design) {
        const bool active = number(strip, on_row) != 0.0f;
        for (std::size_t i = 0; i < design.size(); ++i)
            emit(block, strip, i, active ? design[i] : dsp::kSvfIdentity);
    };
    if (is_dirty(dirty, Part::hpf, 0))
        send(Block::hpf, row("hpf/on"),
             dsp::design_hpf({static_cast<double>(number(strip, row("hpf/freq")))},
                             static_cast<dsp::Slope>(number(strip, row("hpf/slope"))), rate_));
    if (is_dirty(dirty, Part::lpf, 0))
        send(Block::lpf, row("lpf/on"),
             dsp::design_lpf({static_cast<double>(number(strip, row("lpf/freq")))},
                             static_cast<dsp::Slope>(number(strip, row("lpf/slope"))), rate_));
}

void Resolver::eq_events(Strip strip, Dirty dirty) {
    if (!is_dirty(dirty, Part::eq, 0)) return;
    const bool active = number(strip, row("eq/on")) != 0.0f;
    std::array<dsp::EqBand, param::kBands> sounding;
    std::size_t count = 0;
    for (std::size_t b = 0; b < param::kBands; ++b) {
        const dsp::EqBand band{static_cast<dsp::FilterType>(number(strip, row("eq/#/type"), b)),
                               {static_cast<double>(number(strip, row("eq/#/freq"), b))},
                               static_cast<double>(number(strip, row("eq/#/q"), b)),
                               {static_cast<double>(number(strip, row("eq/#/gain"), b))}};
        const bool on = active && number(strip, row("eq/#/on"), b) != 0.0f;
        if (on) sounding[count++] = band;
        if (!is_dirty(dirty, Part::band, b)) continue;
        emit(Block::eq, strip, b, on ? dsp::design_eq_band(band, rate_) : dsp::kSvfIdentity);
    }
    touch_up_event(strip, std::span(sounding).first(count));
}

// With every change of a band while there is one, and once more to take it away. That it is the
// same as before says nothing: what was sent last may be meant for a later frame.
void Resolver::touch_up_event(Strip strip, std::span<const dsp::EqBand> bands) {
    const dsp::SvfLane design = dsp::design_touch_up(bands, rate_);
    const bool is_used = design != dsp::kSvfIdentity;
    if (is_used || touched_up_[strip]) emit(Block::eq, strip, link::kTouchUp, design);
    touched_up_[strip] = is_used;
}

void Resolver::gate_events(Strip strip, Dirty dirty) {
    if (is_dirty(dirty, Part::gate, 0) || is_dirty(dirty, Part::gate_source, 0)) {
        const dsp::GateSettings settings{
            .mode = static_cast<dsp::GateMode>(number(strip, row("gate/mode"))),
            .threshold = {threshold(strip, 0)},
            .ratio = static_cast<double>(number(strip, row("gate/ratio"))),
            .range = {static_cast<double>(number(strip, row("gate/range")))},
            .attack = milliseconds(number(strip, row("gate/attack"))),
            .hold = milliseconds(number(strip, row("gate/hold"))),
            .release = milliseconds(number(strip, row("gate/release"))),
            .on = number(strip, row("gate/on")) != 0.0f};
        emit(Block::gate, strip, 0, dsp::design_gate(settings, rate_));
    }
    if (is_dirty(dirty, Part::gate_key, 0)) key_filter_event(strip, 0);
    if (is_dirty(dirty, Part::gate_source, 0)) key_source_event(strip, 0);
}

void Resolver::comp_events(Strip strip, Dirty dirty) {
    for (std::size_t c = 0; c < param::kComps; ++c) {
        if (is_dirty(dirty, Part::comp_key, c)) key_filter_event(strip, 1 + c);
        if (is_dirty(dirty, Part::comp_source, c)) key_source_event(strip, 1 + c);
        if (!is_dirty(dirty, Part::comp, c) && !is_dirty(dirty, Part::comp_source, c)) continue;
        const auto value = [&](std::size_t r) { return static_cast<double>(number(strip, r, c)); };
        const dsp::CompressorSettings settings{
            .threshold = {threshold(strip, 1 + c)},
            .ratio = value(row("comp/#/ratio")),
            .knee = {value(row("comp/#/knee"))},
            .attack = milliseconds(number(strip, row("comp/#/attack"), c)),
            .release = milliseconds(number(strip, row("comp/#/release"), c)),
            .makeup = {value(row("comp/#/makeup"))},
            .mix = value(row("comp/#/mix")),
            .max_reduction = {value(row("comp/#/max_reduction"))},
            .detector = static_cast<dsp::Detector>(number(strip, row("comp/#/detector"), c)),
            .on = number(strip, row("comp/#/on"), c) != 0.0f};
        emit(Block::comp, strip, c, dsp::design_compressor(settings, rate_));
    }
}

// By how much the signal that a dynamics block hears is lower than the trim says.
double Resolver::threshold(Strip strip, std::size_t dynamics) const {
    const float says = dynamics == 0 ? number(strip, row("gate/threshold"))
                                     : number(strip, row("comp/#/threshold"), dynamics - 1);
    const Strip heard = listens_to(strip, dynamics);
    return without(says, has(heard, row("freeze")) ? number(heard, row("freeze")) : 0.0f);
}

Strip Resolver::listens_to(Strip strip, std::size_t dynamics) const {
    const std::size_t source = key_rows(dynamics).source;
    if (!has(strip, source)) return strip;
    const float key = number(strip, source, key_index(dynamics));
    return key == param::kSourceSelf
               ? strip
               : geometry_.strip(param::Kind::ch,
                                 static_cast<std::size_t>(key - param::kSourceFirstChannel));
}

void Resolver::key_filter_event(Strip strip, std::size_t dynamics) {
    constexpr std::array kTypes = {dsp::FilterType::hpf, dsp::FilterType::lpf,
                                   dsp::FilterType::bandpass};
    const KeyRows& rows = key_rows(dynamics);
    const auto value = [&](std::size_t r) { return number(strip, r, key_index(dynamics)); };
    const auto type = kTypes[static_cast<std::size_t>(value(rows.type))];
    const dsp::SvfLane design =
        value(rows.on) == 0.0f ? dsp::kSvfIdentity
                               : dsp::design_eq(type, {static_cast<double>(value(rows.freq))},
                                                static_cast<double>(value(rows.q)), {0.0}, rate_);
    if (dynamics == 0)
        emit(Block::gate_key, strip, 0, design);
    else
        emit(Block::comp_key, strip, dynamics - 1, design);
}

void Resolver::key_source_event(Strip strip, std::size_t dynamics) {
    const float source = number(strip, key_rows(dynamics).source, key_index(dynamics));
    emit(Block::key_source, strip, dynamics,
         source == param::kSourceSelf ? link::kNoKey : source - param::kSourceFirstChannel);
}

}  // namespace mixrig::engine
