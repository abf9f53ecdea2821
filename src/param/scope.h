// Which kind of parameter each row is for a recall, and the row that switches the kind.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/table.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace mixrig::param {

enum class Scope : std::uint8_t {
    input,
    filters,
    gate,
    eq,
    comp,
    fader,
    mute,
    pan,
    sends,
    routing,
    names,
    effects,
    never,  // what says how to recall; what is listened to; what is recorded
};

// By Scope, up to `never`.
inline constexpr std::array kScopeRows = {
    row("/scene/scope/input"),   row("/scene/scope/filters"), row("/scene/scope/gate"),
    row("/scene/scope/eq"),      row("/scene/scope/comp"),    row("/scene/scope/fader"),
    row("/scene/scope/mute"),    row("/scene/scope/pan"),     row("/scene/scope/sends"),
    row("/scene/scope/routing"), row("/scene/scope/names"),   row("/scene/scope/effects")};

constexpr Scope scope_of(std::string_view address) {
    struct Rule {
        std::string_view prefix;
        Scope scope;
    };
    // The first rule that fits decides.
    constexpr std::array rules = {
        Rule{"name", Scope::names},
        Rule{"color", Scope::names},
        Rule{"safe", Scope::never},
        Rule{"feedback_guard", Scope::never},
        Rule{"/feedback/", Scope::never},
        Rule{"/rta/", Scope::never},
        Rule{"record", Scope::never},
        Rule{"soundcheck", Scope::never},
        Rule{"trim", Scope::input},
        Rule{"freeze", Scope::input},
        Rule{"automation/", Scope::never},
        Rule{"/automation/", Scope::never},
        Rule{"/transport/", Scope::never},
        Rule{"automix/", Scope::routing},
        Rule{"polarity", Scope::input},
        Rule{"delay", Scope::input},
        Rule{"hpf/", Scope::filters},
        Rule{"lpf/", Scope::filters},
        Rule{"gate/", Scope::gate},
        Rule{"eq/", Scope::eq},
        Rule{"comp/", Scope::comp},
        Rule{"limiter/", Scope::comp},
        Rule{"ms/", Scope::eq},
        Rule{"multiband/", Scope::comp},
        Rule{"field/", Scope::pan},
        Rule{"saturator/", Scope::comp},
        Rule{"clipper/", Scope::comp},
        Rule{"order", Scope::routing},
        Rule{"bypass", Scope::never},
        Rule{"fader", Scope::fader},
        Rule{"mutegroup", Scope::routing},
        Rule{"mute", Scope::mute},
        Rule{"dca", Scope::routing},
        Rule{"pan", Scope::pan},
        Rule{"width", Scope::pan},
        Rule{"solo", Scope::never},
        Rule{"talkback", Scope::never},
        Rule{"oscillator", Scope::never},
        Rule{"to", Scope::routing},
        Rule{"link", Scope::routing},
        Rule{"send/", Scope::sends},
        Rule{"insert", Scope::effects},
        Rule{"type", Scope::effects},
        Rule{"mix", Scope::effects},
        Rule{"mono_below", Scope::effects},
        Rule{"reverb/", Scope::effects},
        Rule{"echo/", Scope::effects},
        Rule{"chorus/", Scope::effects},
        Rule{"flanger/", Scope::effects},
        Rule{"phaser/", Scope::effects},
        Rule{"saturation/", Scope::effects},
        Rule{"de_esser/", Scope::effects},
        Rule{"tremolo/", Scope::effects},
        Rule{"convolution/", Scope::effects},
        Rule{"/dca/#/fader", Scope::fader},
        Rule{"/dca/#/mute", Scope::mute},
        Rule{"/dca/#/solo", Scope::never},
        Rule{"/dca/#/dca", Scope::routing},
        Rule{"/dca/", Scope::names},
        Rule{"/mutegroup/#/on", Scope::mute},
        Rule{"/mutegroup/", Scope::names},
        Rule{"/link/", Scope::routing},
        Rule{"/automix/", Scope::routing},
        Rule{"/solo/", Scope::never},
        Rule{"/monitor/", Scope::never},
        Rule{"/speakers/", Scope::never},
        Rule{"/talkback/", Scope::never},
        Rule{"/oscillator/", Scope::never},
        Rule{"/tempo", Scope::effects},
        Rule{"/record/", Scope::never},
        Rule{"/soundcheck", Scope::never},
        Rule{"/scene/", Scope::never},
        Rule{"/cue/", Scope::never},
    };
    for (const Rule& rule : rules)
        if (address.starts_with(rule.prefix)) return rule.scope;
    throw "a row of the table has no kind that a recall could ask for";
}

// A row of no kind does not compile.
inline constexpr auto kScopes = [] {
    std::array<Scope, kRows> scopes{};
    for (std::size_t r = 0; r < kRows; ++r) scopes[r] = scope_of(kTable[r].address);
    return scopes;
}();

}  // namespace mixrig::param
