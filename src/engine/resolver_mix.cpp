// Values to events: the gains of every strip into every bus, and solo.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "src/engine/levels.h"
#include "src/engine/resolver.h"

namespace mixrig::engine {

using param::Kind;
using param::row;

namespace {

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
    const SoloMode mode = solo_mode();
    tap = mode == SoloMode::afl ? SendTap::post : SendTap::pre;
    if (mode == SoloMode::in_place || !is_soloed(strip)) return kNothing;
    const bool stereo = geometry_.strips[strip].stereo;
    const double pan =
        stereo || mode == SoloMode::pfl ? 0.0 : static_cast<double>(number(strip, row("pan")));
    return place(stereo, true, pan, amplitude(desk_number(row("/solo/level"))));
}

// A path from behind the fader is closed with it. So one that opens while the fader falls, or
// closes while it rises, is not heard in between.
void Resolver::mix_events(Strip strip, Paths paths) {
    Sent* const sent = &sent_[strip * (buses_.size() + 1)];
    for (std::size_t b = 0; b < buses_.size(); ++b) {
        Sent now;
        now.gains = wanted(strip, buses_[b], now.tap);
        if (silent_[strip] && now.tap >= SendTap::post) now.gains = kNothing;
        if (is_silent(now.gains) && is_silent(sent[b].gains)) continue;
        // The tap of a path that carries nothing is not part of the plan.
        if (!is_silent(now.gains)) now.alignment = planner_.alignment({strip, buses_[b], now.tap});
        const StripPlace& bus = geometry_.strips[buses_[b]];
        send_mix(strip, bus.column, bus.stereo, sent[b], now, paths);
    }
    Sent now;
    now.gains = wanted_on_monitor(strip, now.tap);
    send_mix(strip, geometry_.monitor, true, sent[buses_.size()], now, paths);
    if (paths == Paths::all) loudness_event(strip);
}

// How loud a strip is where its sends to monitor mixes are taken.
void Resolver::loudness_event(Strip strip) {
    constexpr const SendRows& kToAux = kSends[0];
    static_assert(kToAux.to == Kind::aux);
    if (!has(strip, kToAux.on)) return;
    std::uint32_t taps = 0;
    for (std::size_t i = 0; i < layout_.shape().count(Kind::aux); ++i)
        if (number(strip, kToAux.on, i) != 0.0f && number(strip, kToAux.level, i) > param::kSilence)
            taps |= 1u << static_cast<std::uint32_t>(number(strip, kToAux.tap, i));
    if (measured_taps_[strip] == taps) return;
    measured_taps_[strip] = taps;
    emit(link::Block::loudness, strip, 0, taps);
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

}  // namespace mixrig::engine
