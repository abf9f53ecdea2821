// Which part of a strip each row of the table moves.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/table.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace mixrig::engine {

// The unit of change between values and events: when one of its rows changes, a part is worked out
// anew.
enum class Part : std::uint8_t {
    label,  // name, colour, recorder, what recalls go by: nothing that sounds
    trim,
    freeze,
    delay,
    hpf,
    lpf,
    gate,
    gate_key,
    gate_source,
    eq,  // all bands
    band,
    comp,
    comp_key,
    comp_source,
    fader,
    mute,
    stereo,  // pan and width
    limiter,
    master_ms,      // the mid-side equaliser of the master chain
    master_bands,   // its multiband compressor and its stereo field
    master_shape,   // its saturator and clipper
    master_bypass,  // what of it is bypassed, and its order
    solo,
    route,
    send,
    monitor,
    dca,        // a strip's membership
    mutegroup,  // likewise
    automix,
    insert,
    effect,       // which unit an effect bus has
    effect_mix,   // its mix, and what is mono
    effect_unit,  // the settings of the unit
    tempo,
    dcas,        // what the DCAs say
    side,        // talkback and oscillator, and where they go
    mutegroups,  // what the mute groups say
    automixes,   // which of these are on
};

constexpr Part part_of(std::string_view address) {
    struct Rule {
        std::string_view prefix;
        Part part;
    };
    // The first rule that fits decides.
    constexpr std::array rules = {
        Rule{"name", Part::label},
        Rule{"color", Part::label},
        Rule{"record", Part::label},
        Rule{"soundcheck", Part::label},
        Rule{"/record/", Part::label},
        Rule{"/soundcheck", Part::label},
        Rule{"automation/", Part::label},
        Rule{"/automation/", Part::label},
        Rule{"/transport/", Part::label},
        Rule{"safe", Part::label},
        Rule{"/scene/", Part::label},
        Rule{"/cue/", Part::label},
        Rule{"feedback_guard", Part::label},
        Rule{"/rta/", Part::label},
        Rule{"/feedback/", Part::label},
        Rule{"trim", Part::trim},
        Rule{"polarity", Part::trim},
        Rule{"freeze", Part::freeze},
        Rule{"delay", Part::delay},
        Rule{"hpf/", Part::hpf},
        Rule{"lpf/", Part::lpf},
        Rule{"gate/keyfilter/", Part::gate_key},
        Rule{"gate/key", Part::gate_source},
        Rule{"gate/", Part::gate},
        Rule{"eq/on", Part::eq},
        Rule{"eq/#/", Part::band},
        Rule{"comp/#/keyfilter/", Part::comp_key},
        Rule{"comp/#/key", Part::comp_source},
        Rule{"comp/#/", Part::comp},
        Rule{"fader", Part::fader},
        Rule{"mutegroup", Part::mutegroup},
        Rule{"mute", Part::mute},
        Rule{"dca", Part::dca},
        Rule{"/dca/#/name", Part::label},
        Rule{"/dca/#/color", Part::label},
        Rule{"/dca/#/solo", Part::solo},
        Rule{"/dca/", Part::dcas},
        Rule{"/mutegroup/#/name", Part::label},
        Rule{"/mutegroup/#/color", Part::label},
        Rule{"link", Part::label},
        Rule{"/link/", Part::label},
        Rule{"talkback", Part::side},
        Rule{"/talkback/", Part::side},
        Rule{"oscillator", Part::side},
        Rule{"/oscillator/", Part::side},
        Rule{"/mutegroup/", Part::mutegroups},
        Rule{"automix/", Part::automix},
        Rule{"/automix/", Part::automixes},
        Rule{"pan", Part::stereo},
        Rule{"width", Part::stereo},
        Rule{"limiter/", Part::limiter},
        Rule{"ms/", Part::master_ms},
        Rule{"multiband/", Part::master_bands},
        Rule{"field/", Part::master_bands},
        Rule{"saturator/", Part::master_shape},
        Rule{"clipper/", Part::master_shape},
        Rule{"order", Part::master_bypass},
        Rule{"bypass", Part::master_bypass},
        Rule{"solo", Part::solo},
        Rule{"to", Part::route},
        Rule{"send/", Part::send},
        Rule{"/solo/exclusive", Part::label},
        Rule{"/solo/", Part::solo},
        Rule{"/monitor/", Part::monitor},
        Rule{"/speakers/", Part::monitor},
        Rule{"insert", Part::insert},
        Rule{"type", Part::effect},
        Rule{"mix", Part::effect_mix},
        Rule{"mono_below", Part::effect_mix},
        Rule{"reverb/", Part::effect_unit},
        Rule{"echo/", Part::effect_unit},
        Rule{"chorus/", Part::effect_unit},
        Rule{"flanger/", Part::effect_unit},
        Rule{"phaser/", Part::effect_unit},
        Rule{"saturation/", Part::effect_unit},
        Rule{"de_esser/", Part::effect_unit},
        Rule{"tremolo/", Part::effect_unit},
        Rule{"convolution/ir", Part::label},
        Rule{"convolution/", Part::effect_unit},
        Rule{"/tempo", Part::tempo},
    };
    for (const Rule& rule : rules)
        if (address.starts_with(rule.prefix)) return rule.part;
    throw "a row of the table moves nothing";
}

// A row that nobody has bound does not compile.
inline constexpr auto kParts = [] {
    std::array<Part, param::kRows> parts{};
    for (std::size_t r = 0; r < param::kRows; ++r) parts[r] = part_of(param::kTable[r].address);
    return parts;
}();

}  // namespace mixrig::engine
