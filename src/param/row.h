// What a row of the parameter table says about a parameter.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mixrig::param {

// Where a row exists. `master` is the master chain behind the main strip, `desk` stands for rows
// without a strip, `restore` for what only files can go through: no live desk has it.
enum class Kind : std::uint8_t { ch, sub, aux, fx, mtx, main, master, desk, restore };
inline constexpr std::size_t kKinds = 9;
inline constexpr std::array<std::string_view, kKinds> kPrefix = {
    "/ch", "/sub", "/aux", "/fx", "/mtx", "/main", "/main/master", "", "/restore"};
inline constexpr std::array<Kind, 5> kCountedKinds = {Kind::ch, Kind::sub, Kind::aux, Kind::fx,
                                                      Kind::mtx};

constexpr bool is_counted(Kind kind) {
    return kind <= Kind::mtx;
}

using Kinds = std::uint16_t;
constexpr Kinds only(Kind kind) {
    return static_cast<Kinds>(1u << static_cast<unsigned>(kind));
}
template <typename... More>
constexpr Kinds only(Kind kind, More... more) {
    return static_cast<Kinds>(only(kind) | only(more...));
}
inline constexpr Kinds kStrips =
    only(Kind::ch, Kind::sub, Kind::aux, Kind::fx, Kind::mtx, Kind::main);

enum class Type : std::uint8_t {
    number,  // a float in the row's unit
    toggle,  // 0 or 1; on or off in text
    choice,  // an index into `choices`; its word in text
    text,    // free text; never reaches the engine
    route,   // where a strip goes: "none", "main", "sub/3"
    source,  // what keys a dynamics block: "self", "ch/3"
    insert,  // the effect in a strip: "none", "fx/3"
    groups,  // a set of groups, a bit each: "none", "3", "1,3"
    listen,  // what the monitor bus hears: "main", "sub/1", "aux/1", "mtx/1"
    strip,   // any strip: "main", "ch/3", "aux/1"
    pair,    // one of the desk's pairs of loudspeakers: "1", "2"
    order,   // all of `choices`, one after the other: src/param/order.h
};

enum class Unit : std::uint8_t { none, decibels, milliseconds, hertz };

enum class Taper : std::uint8_t {
    linear,
    logarithmic,
    fader,  // fine around 0 dB, coarse towards silence, as console faders are
};

// What the `#` of a row's address counts.
enum class Index : std::uint8_t {
    none,
    band,
    comp,
    aux,
    fx,
    mtx,
    dca,
    mutegroup,
    link,
    speakers,
    automix,
    ms_band,      // of the mid-side equaliser
    multi_band,   // of the multiband compressor
    multi_split,  // between them
    field_band,   // of the stereo field
    field_split
};
inline constexpr std::size_t kBands = 6;
inline constexpr std::size_t kComps = 2;
inline constexpr std::size_t kDcas = 8;
inline constexpr std::size_t kMuteGroups = 6;
inline constexpr std::size_t kLinks = 8;
inline constexpr std::size_t kMostSpeakers = 3;
inline constexpr std::size_t kAutomixes = 2;
inline constexpr std::size_t kMsBands = 8;
inline constexpr std::size_t kMultiBands = 5, kFieldBands = 3;

enum class Motion : std::uint8_t {
    glides,  // reaches a new value without a step in the sound
    steps,   // changes what is done, not by how much; the change itself is faded by the engine
};

// Where a value outlives the moment.
enum class Keep : std::uint8_t {
    scenes,  // in scenes and in the state of the desk
    state,   // in the state alone: no scene says it, and a recall leaves it as it is
    never,   // a desk starts with its initial value
    told,  // likewise, and only the desk itself sets it: a reading, for those who ask or subscribe
};

struct Row {
    std::string_view address;  // below its strip, `#` for the index
    std::string_view label;
    Type type;
    Unit unit;
    float low, high, initial;
    Taper taper;
    Index index;
    Kinds kinds;
    Motion motion;
    std::string_view choices;  // words of a choice, separated by one space
    std::string_view doc;
    std::array<float, kBands> initials =
        {};               // where the index decides the initial value; else all 0
    Kinds starts_on = 0;  // where a toggle that is off at first is on
    Keep keep = Keep::scenes;
};

}  // namespace mixrig::param
