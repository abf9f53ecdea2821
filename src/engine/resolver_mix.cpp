// Values to events: the gains of every strip into every bus, and solo.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/resolver.h"

#include <algorithm>
#include <cmath>

namespace mixrig::engine {

using param::Kind;
using param::row;

namespace {

enum SoloMode { pfl, afl, in_place };

double amplitude(float dB) {
    return dB <= param::kSilence ? 0.0 : std::pow(10.0, static_cast<double>(dB) / 20.0);
}

// A strip of one width into a bus of another. A pair that becomes mono keeps the level of what is
// in its middle.
dsp::StereoGains place(bool from_stereo, bool to_stereo, double pan, double level) {
    if (from_stereo && to_stereo) {
        const dsp::PanGains b = dsp::balance(pan);
        return {b.left * level, 0.0, 0.0, b.right * level};
    }
    if (to_stereo) {
        const dsp::PanGains p = dsp::pan_mono(pan);
        return {p.left * level, 0.0, p.right * level, 0.0};
    }
    return from_stereo ? dsp::StereoGains{0.5 * level, 0.5 * level, 0.0, 0.0}
                       : dsp::StereoGains{level, 0.0, 0.0, 0.0};
}

bool is_silent(const dsp::StereoGains& g) {
    return g.left_from_left == 0.0 && g.left_from_right == 0.0 && g.right_from_left == 0.0 &&
           g.right_from_right == 0.0;
}

bool is_same(const dsp::StereoGains& a, const dsp::StereoGains& b) {
    return a.left_from_left == b.left_from_left && a.left_from_right == b.left_from_right &&
           a.right_from_left == b.right_from_left && a.right_from_right == b.right_from_right;
}

constexpr dsp::StereoGains kNothing{0.0, 0.0, 0.0, 0.0};

}  // namespace

bool Resolver::is_solo_active() const {
    for (Strip s = 0; s < geometry_.strips.size(); ++s)
        if (has(s, row("solo")) && number(s, row("solo")) != 0.0f) return true;
    return false;
}

// Solo in place: a strip is heard on main if it is soloed, or feeds a soloed group, or is a group
// that a soloed strip feeds.
void Resolver::update_audible() {
    const bool in_place_now =
        static_cast<int>(values_.number(layout_.slot(Kind::desk, 0, row("/solo/mode")))) ==
            in_place &&
        is_solo_active();
    std::vector<bool> audible(geometry_.strips.size(), true);
    if (in_place_now) {
        std::vector<bool> below(geometry_.strips.size(), false);  // a soloed strip feeds it
        const auto next = [&](Strip s) {
            const float route = has(s, row("to")) ? number(s, row("to")) : param::kRouteNone;
            return route < param::kRouteFirstSub ? geometry_.main() : destination(route);
        };
        const auto soloed = [&](Strip s) {
            return has(s, row("solo")) && number(s, row("solo")) != 0.0f;
        };
        for (Strip s = 0; s < geometry_.strips.size(); ++s) {
            if (!has(s, row("to"))) continue;
            audible[s] = soloed(s);
            for (Strip t = next(s); t != geometry_.main(); t = next(t)) {
                audible[s] = audible[s] || soloed(t);
                if (soloed(s)) below[t] = true;
            }
        }
        for (Strip s = 0; s < geometry_.strips.size(); ++s) audible[s] = audible[s] || below[s];
    }
    for (Strip s = 0; s < geometry_.strips.size(); ++s)
        if (audible[s] != audible_[s] || has(s, row("solo"))) touch_route(s);
    audible_ = std::move(audible);
    monitor_dirty_ = true;
}

dsp::StereoGains Resolver::wanted(Strip strip, Strip bus, SendTap& tap) const {
    const StripPlace& from = geometry_.strips[strip];
    const StripPlace& to = geometry_.strips[bus];
    if (to.kind == Kind::main || to.kind == Kind::sub) {
        tap = SendTap::route;
        if (!has(strip, row("to")) || !audible_[strip]) return kNothing;
        const float route = number(strip, row("to"));
        if (route == param::kRouteNone || destination(route) != bus) return kNothing;
        // Pan and width of a stereo strip have been applied in its own lanes.
        const double pan = from.stereo ? 0.0 : static_cast<double>(number(strip, row("pan")));
        return place(from.stereo, to.stereo, pan, 1.0);
    }
    for (const SendRows& send : kSends) {
        if (send.to != to.kind || !has(strip, send.on)) continue;
        tap = static_cast<SendTap>(number(strip, send.tap, to.number));
        if (number(strip, send.on, to.number) == 0.0f) return kNothing;
        return place(from.stereo, to.stereo,
                     static_cast<double>(number(strip, send.pan, to.number)),
                     amplitude(number(strip, send.level, to.number)));
    }
    return kNothing;
}

dsp::StereoGains Resolver::wanted_on_monitor(Strip strip, SendTap& tap) const {
    const int mode =
        static_cast<int>(values_.number(layout_.slot(Kind::desk, 0, row("/solo/mode"))));
    tap = mode == afl ? SendTap::post : SendTap::pre;
    if (mode == in_place || !has(strip, row("solo")) || number(strip, row("solo")) == 0.0f)
        return kNothing;
    const bool stereo = geometry_.strips[strip].stereo;
    const double pan = stereo || mode == pfl ? 0.0 : static_cast<double>(number(strip, row("pan")));
    return place(stereo, true, pan, 1.0);
}

void Resolver::mix_events(Strip strip, Paths paths) {
    Sent* const sent = &sent_[strip * (buses_.size() + 1)];
    for (std::size_t b = 0; b < buses_.size(); ++b) {
        Sent now;
        now.gains = wanted(strip, buses_[b], now.tap);
        if (is_silent(now.gains) && is_silent(sent[b].gains)) continue;
        // The tap of a path that carries nothing is not part of the plan.
        if (!is_silent(now.gains)) now.alignment = planner_.alignment({strip, buses_[b], now.tap});
        const StripPlace& bus = geometry_.strips[buses_[b]];
        send_mix(strip, bus.column, bus.stereo, sent[b], now, paths);
    }
    Sent now;
    now.gains = wanted_on_monitor(strip, now.tap);
    send_mix(strip, geometry_.monitor, true, sent[buses_.size()], now, paths);
}

// Changing the tap crosses over: the old one fades out while the new one fades in.
void Resolver::send_mix(Strip strip, Column bus, bool stereo_bus, Sent& sent, const Sent& now,
                        Paths paths) {
    const auto send = [&](const Sent& what, const dsp::StereoGains& g) {
        emit(link::Block::mix, strip, stereo_bus ? 1 : 0,
             link::MixGains{.bus = bus,
                            .tap = static_cast<std::uint32_t>(what.tap),
                            .alignment = what.alignment,
                            .left_from_left = static_cast<float>(g.left_from_left),
                            .left_from_right = static_cast<float>(g.left_from_right),
                            .right_from_left = static_cast<float>(g.right_from_left),
                            .right_from_right = static_cast<float>(g.right_from_right)});
    };
    const bool moved = sent.tap != now.tap || sent.alignment != now.alignment;
    if (!moved && is_same(sent.gains, now.gains)) return;
    if (paths == Paths::ending && !is_silent(now.gains)) return;
    if (moved && !is_silent(sent.gains)) send(sent, kNothing);
    if (!moved || !is_silent(now.gains)) send(now, now.gains);
    sent = now;
}

void Resolver::monitor_events() {
    const int mode =
        static_cast<int>(values_.number(layout_.slot(Kind::desk, 0, row("/solo/mode"))));
    const bool soloed = mode != in_place && is_solo_active();
    const float level = values_.number(layout_.slot(Kind::desk, 0, row("/monitor/level")));
    emit(link::Block::monitor, 0, 0,
         std::array{soloed ? 0.0f : 1.0f, static_cast<float>(amplitude(level))});
}

}  // namespace mixrig::engine
