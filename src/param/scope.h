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

struct ScopeRule {
    std::string_view prefix;
    Scope scope;
};
// The first rule that fits decides.
inline constexpr std::array kScopeRules = {
    ScopeRule{"name", Scope::names},
    ScopeRule{"color", Scope::names},
    ScopeRule{"safe", Scope::never},
    ScopeRule{"feedback_guard", Scope::never},
    ScopeRule{"/feedback/", Scope::never},
    ScopeRule{"/rta/", Scope::never},
    ScopeRule{"record", Scope::never},
    ScopeRule{"soundcheck", Scope::never},
    ScopeRule{"trim", Scope::input},
    ScopeRule{"freeze", Scope::input},
    ScopeRule{"automation/", Scope::never},
    ScopeRule{"/automation/", Scope::never},
    ScopeRule{"/transport/", Scope::never},
    ScopeRule{"automix/", Scope::routing},
    ScopeRule{"polarity", Scope::input},
    ScopeRule{"delay", Scope::input},
    ScopeRule{"hpf/", Scope::filters},
    ScopeRule{"lpf/", Scope::filters},
    ScopeRule{"gate/", Scope::gate},
    ScopeRule{"eq/", Scope::eq},
    ScopeRule{"comp/", Scope::comp},
    ScopeRule{"limiter/", Scope::comp},
    ScopeRule{"ms/", Scope::eq},
    ScopeRule{"multiband/", Scope::comp},
    ScopeRule{"field/", Scope::pan},
    ScopeRule{"saturator/", Scope::comp},
    ScopeRule{"clipper/", Scope::comp},
    ScopeRule{"order", Scope::routing},
    ScopeRule{"bypass", Scope::never},
    ScopeRule{"fader", Scope::fader},
    ScopeRule{"mutegroup", Scope::routing},
    ScopeRule{"mute", Scope::mute},
    ScopeRule{"dca", Scope::routing},
    ScopeRule{"pan", Scope::pan},
    ScopeRule{"width", Scope::pan},
    ScopeRule{"solo", Scope::never},
    ScopeRule{"talkback", Scope::never},
    ScopeRule{"oscillator", Scope::never},
    ScopeRule{"to", Scope::routing},
    ScopeRule{"link", Scope::routing},
    ScopeRule{"send/", Scope::sends},
    ScopeRule{"insert", Scope::effects},
    ScopeRule{"type", Scope::effects},
    ScopeRule{"mix", Scope::effects},
    ScopeRule{"mono_below", Scope::effects},
    ScopeRule{"reverb/", Scope::effects},
    ScopeRule{"echo/", Scope::effects},
    ScopeRule{"chorus/", Scope::effects},
    ScopeRule{"flanger/", Scope::effects},
    ScopeRule{"phaser/", Scope::effects},
    ScopeRule{"saturation/", Scope::effects},
    ScopeRule{"de_esser/", Scope::effects},
    ScopeRule{"tremolo/", Scope::effects},
    ScopeRule{"convolution/", Scope::effects},
    ScopeRule{"/dca/#/fader", Scope::fader},
    ScopeRule{"/dca/#/mute", Scope::mute},
    ScopeRule{"/dca/#/solo", Scope::never},
    ScopeRule{"/dca/#/dca", Scope::routing},
    ScopeRule{"/dca/", Scope::names},
    ScopeRule{"/mutegroup/#/on", Scope::mute},
    ScopeRule{"/mutegroup/", Scope::names},
    ScopeRule{"/link/", Scope::routing},
    ScopeRule{"/automix/", Scope::routing},
    ScopeRule{"/solo/", Scope::never},
    ScopeRule{"/monitor/", Scope::never},
    ScopeRule{"/speakers/", Scope::never},
    ScopeRule{"/talkback/", Scope::never},
    ScopeRule{"/oscillator/", Scope::never},
    ScopeRule{"/tempo", Scope::effects},
    ScopeRule{"/record/", Scope::never},
    ScopeRule{"/soundcheck", Scope::never},
    ScopeRule{"/scene/", Scope::never},
    ScopeRule{"/cue/", Scope::never},
    ScopeRule{"clipping/", Scope::never},
    ScopeRule{"clicks/", Scope::never},
    ScopeRule{"dc/", Scope::never},
    ScopeRule{"hum/", Scope::never},
    ScopeRule{"noise/", Scope::never},
};

constexpr Scope scope_of(std::string_view address) {
    for (const ScopeRule& rule : kScopeRules)
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
