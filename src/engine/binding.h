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

struct PartRule {
    std::string_view prefix;
    Part part;
};
// The first rule that fits decides.
inline constexpr std::array kPartRules = {
    PartRule{"name", Part::label},
    PartRule{"color", Part::label},
    PartRule{"record", Part::label},
    PartRule{"soundcheck", Part::label},
    PartRule{"/record/", Part::label},
    PartRule{"/soundcheck", Part::label},
    PartRule{"automation/", Part::label},
    PartRule{"/automation/", Part::label},
    PartRule{"/transport/", Part::label},
    PartRule{"safe", Part::label},
    PartRule{"/scene/", Part::label},
    PartRule{"/cue/", Part::label},
    PartRule{"feedback_guard", Part::label},
    PartRule{"/rta/", Part::label},
    PartRule{"/feedback/", Part::label},
    PartRule{"trim", Part::trim},
    PartRule{"polarity", Part::trim},
    PartRule{"freeze", Part::freeze},
    PartRule{"delay", Part::delay},
    PartRule{"hpf/", Part::hpf},
    PartRule{"lpf/", Part::lpf},
    PartRule{"gate/keyfilter/", Part::gate_key},
    PartRule{"gate/key", Part::gate_source},
    PartRule{"gate/", Part::gate},
    PartRule{"eq/on", Part::eq},
    PartRule{"eq/#/", Part::band},
    PartRule{"comp/#/keyfilter/", Part::comp_key},
    PartRule{"comp/#/key", Part::comp_source},
    PartRule{"comp/#/", Part::comp},
    PartRule{"fader", Part::fader},
    PartRule{"mutegroup", Part::mutegroup},
    PartRule{"mute", Part::mute},
    PartRule{"dca", Part::dca},
    PartRule{"/dca/#/name", Part::label},
    PartRule{"/dca/#/color", Part::label},
    PartRule{"/dca/#/solo", Part::solo},
    PartRule{"/dca/", Part::dcas},
    PartRule{"/mutegroup/#/name", Part::label},
    PartRule{"/mutegroup/#/color", Part::label},
    PartRule{"link", Part::label},
    PartRule{"/link/", Part::label},
    PartRule{"talkback", Part::side},
    PartRule{"/talkback/", Part::side},
    PartRule{"oscillator", Part::side},
    PartRule{"/oscillator/", Part::side},
    PartRule{"/mutegroup/", Part::mutegroups},
    PartRule{"automix/", Part::automix},
    PartRule{"/automix/", Part::automixes},
    PartRule{"pan", Part::stereo},
    PartRule{"width", Part::stereo},
    PartRule{"limiter/", Part::limiter},
    PartRule{"ms/", Part::master_ms},
    PartRule{"multiband/", Part::master_bands},
    PartRule{"field/", Part::master_bands},
    PartRule{"saturator/", Part::master_shape},
    PartRule{"clipper/", Part::master_shape},
    PartRule{"order", Part::master_bypass},
    PartRule{"bypass", Part::master_bypass},
    PartRule{"solo", Part::solo},
    PartRule{"to", Part::route},
    PartRule{"send/", Part::send},
    PartRule{"/solo/exclusive", Part::label},
    PartRule{"/solo/", Part::solo},
    PartRule{"/monitor/", Part::monitor},
    PartRule{"/speakers/", Part::monitor},
    PartRule{"insert", Part::insert},
    PartRule{"type", Part::effect},
    PartRule{"mix", Part::effect_mix},
    PartRule{"mono_below", Part::effect_mix},
    PartRule{"reverb/", Part::effect_unit},
    PartRule{"echo/", Part::effect_unit},
    PartRule{"chorus/", Part::effect_unit},
    PartRule{"flanger/", Part::effect_unit},
    PartRule{"phaser/", Part::effect_unit},
    PartRule{"saturation/", Part::effect_unit},
    PartRule{"de_esser/", Part::effect_unit},
    PartRule{"tremolo/", Part::effect_unit},
    PartRule{"convolution/ir", Part::label},
    PartRule{"convolution/", Part::effect_unit},
    PartRule{"/tempo", Part::tempo},
    // Files alone go through these.
    PartRule{"clipping/", Part::label},
    PartRule{"clicks/", Part::label},
    PartRule{"dc/", Part::label},
    PartRule{"hum/", Part::label},
    PartRule{"noise/", Part::label},
};

constexpr Part part_of(std::string_view address) {
    for (const PartRule& rule : kPartRules)
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
