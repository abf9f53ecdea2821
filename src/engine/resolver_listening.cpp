// Values to events: the monitor bus, solo in place, talkback and oscillator.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "dsp/oscillator.h"
#include "src/engine/levels.h"
#include "src/engine/resolver.h"

#include <array>
#include <utility>

namespace mixrig::engine {

using param::Kind;
using param::row;

bool Resolver::is_solo_active() const {
    for (Strip s = 0; s < geometry_.strips.size(); ++s)
        if (is_soloed(s)) return true;
    return false;
}

// Solo in place: a strip is heard on main if it is soloed or safe, or feeds a soloed group, or is a
// group that a soloed strip feeds.
void Resolver::update_audible() {
    const bool in_place_now = solo_mode() == SoloMode::in_place && is_solo_active();
    std::vector<bool> audible(geometry_.strips.size(), true);
    if (in_place_now) {
        std::vector<bool> below(geometry_.strips.size(), false);  // a soloed strip feeds it
        const auto next = [&](Strip s) {
            const float route = has(s, row("to")) ? number(s, row("to")) : param::kRouteNone;
            return route < param::kRouteFirstSub ? geometry_.main() : destination(route);
        };
        for (Strip s = 0; s < geometry_.strips.size(); ++s) {
            if (!has(s, row("to"))) continue;
            const bool soloed = is_soloed(s);
            audible[s] = soloed || number(s, row("solo_safe")) != 0.0f;
            for (Strip t = next(s); t != geometry_.main(); t = next(t)) {
                audible[s] = audible[s] || is_soloed(t);
                if (soloed) below[t] = true;
            }
        }
        for (Strip s = 0; s < geometry_.strips.size(); ++s) audible[s] = audible[s] || below[s];
    }
    for (Strip s = 0; s < geometry_.strips.size(); ++s)
        if (audible[s] != audible_[s] || has(s, row("solo"))) touch_route(s);
    audible_ = std::move(audible);
    monitor_dirty_ = true;
}

void Resolver::monitor_events() {
    const bool soloed = solo_mode() != SoloMode::in_place && is_solo_active();
    const auto source = static_cast<std::uint16_t>(desk_number(row("/monitor/source")));
    if (source != listened_) emit(link::Block::listen, 0, std::exchange(listened_, source), 0.0f);
    emit(link::Block::listen, 0, source, soloed ? 0.0f : 1.0f);

    const bool talks =
        desk_number(row("/talkback/on")) != 0.0f && desk_number(row("/talkback/dim")) != 0.0f;
    const bool dims = talks || desk_number(row("/monitor/dim")) != 0.0f;
    const double level = amplitude(desk_number(row("/monitor/level"))) *
                         (dims ? amplitude(desk_number(row("/monitor/dim_level"))) : 1.0);
    link::MonitorGoal goal{.check = desk_number(row("/monitor/check")),
                           .mono = desk_number(row("/monitor/mono")),
                           .pair = {}};
    const auto pair = static_cast<std::size_t>(desk_number(row("/monitor/speakers")));
    goal.pair[pair] =
        static_cast<float>(level * amplitude(desk_number(row("/speakers/#/trim"), pair)));
    emit(link::Block::monitor, 0, 0, goal);
}

// The oscillator first: it must be tuned when it is let in.
void Resolver::side_events() {
    emit(link::Block::oscillator, 0, 0,
         dsp::OscillatorGoal{
             .type = static_cast<dsp::OscillatorType>(desk_number(row("/oscillator/type"))),
             .frequency = desk_number(row("/oscillator/freq"))});
    const bool talks = geometry_.talkback && desk_number(row("/talkback/on")) != 0.0f;
    const float talkback = talks ? gain_of(desk_number(row("/talkback/level"))) : 0.0f;
    const float oscillator =
        desk_number(row("/oscillator/on")) != 0.0f
            ? static_cast<float>(
                  std::pow(10.0, static_cast<double>(desk_number(row("/oscillator/level"))) / 20.0))
            : 0.0f;
    for (Strip s = 0; s < geometry_.strips.size(); ++s) {
        if (!has(s, row("talkback"))) continue;
        const link::SideGains now{
            .talkback = number(s, row("talkback")) != 0.0f ? talkback : 0.0f,
            .oscillator = number(s, row("oscillator")) != 0.0f ? oscillator : 0.0f};
        link::SideGains& sent = sent_sides_[s];
        if (sent.talkback == now.talkback && sent.oscillator == now.oscillator) continue;
        emit(link::Block::side, s, 0, now);
        sent = now;
    }
}

}  // namespace mixrig::engine
