// The tables that say which leaf of the dialect is which parameter of ours.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/x32/mapping.h"

#include <cstddef>
#include <string_view>

namespace mixrig::control::x32 {

// Of a strip; # counts bands. Leaves that a model or a kind of strip does not have are left out.
struct LeafRow {
    std::string_view leaf;
    std::size_t row;
    const Conversion* conversion;
    float argument = 1.0f;
    std::string_view peer = {};
};

inline constexpr float kPercent = 0.01f;
// Their knee is 0 to 5 without a unit, ours 0 to 24 dB.
inline constexpr float kKnee_dB = 24.0f / 5.0f;

// clang-format off
inline constexpr LeafRow kStripLeaves[] = {
    {"config/name", param::row("name"), &kText},
    {"config/color", param::row("color"), &kColor},
    {"preamp/trim", param::row("trim"), &kSame},
    {"preamp/rtntrim", param::row("trim"), &kSame},
    {"preamp/invert", param::row("polarity"), &kSame},
    {"preamp/hpon", param::row("hpf/on"), &kSame},
    {"preamp/hpslope", param::row("hpf/slope"), &kSame},
    {"preamp/hpf", param::row("hpf/freq"), &kSame},
    {"delay/on", param::row("delay"), &kDelayOn, 1, "delay/time"},
    {"delay/time", param::row("delay"), &kDelayTime, 1, "delay/on"},
    {"gate/on", param::row("gate/on"), &kSame},
    {"gate/mode", param::row("gate/mode"), &kGateMode},
    {"gate/mode", param::row("gate/ratio"), &kGateRatio},
    {"gate/thr", param::row("gate/threshold"), &kSame},
    {"gate/range", param::row("gate/range"), &kSame},
    {"gate/attack", param::row("gate/attack"), &kSame},
    {"gate/hold", param::row("gate/hold"), &kSame},
    {"gate/release", param::row("gate/release"), &kSame},
    {"gate/keysrc", param::row("gate/key"), &kKey},
    {"gate/filter/on", param::row("gate/keyfilter/on"), &kSame},
    {"gate/filter/type", param::row("gate/keyfilter/type"), &kFilterType},
    {"gate/filter/type", param::row("gate/keyfilter/q"), &kFilterQ},
    {"gate/filter/f", param::row("gate/keyfilter/freq"), &kSame},
    {"dyn/on", param::row("comp/#/on"), &kSame},
    {"dyn/det", param::row("comp/#/detector"), &kSame},
    {"dyn/thr", param::row("comp/#/threshold"), &kSame},
    {"dyn/ratio", param::row("comp/#/ratio"), &kNumber},
    {"dyn/knee", param::row("comp/#/knee"), &kScaled, kKnee_dB},
    {"dyn/mgain", param::row("comp/#/makeup"), &kSame},
    {"dyn/attack", param::row("comp/#/attack"), &kSame},
    {"dyn/release", param::row("comp/#/release"), &kSame},
    {"dyn/keysrc", param::row("comp/#/key"), &kKey},
    {"dyn/mix", param::row("comp/#/mix"), &kScaled, kPercent},
    {"dyn/filter/on", param::row("comp/#/keyfilter/on"), &kSame},
    {"dyn/filter/type", param::row("comp/#/keyfilter/type"), &kFilterType},
    {"dyn/filter/type", param::row("comp/#/keyfilter/q"), &kFilterQ},
    {"dyn/filter/f", param::row("comp/#/keyfilter/freq"), &kSame},
    {"insert/on", param::row("insert"), &kInsertOn, 1, "insert/sel"},
    {"insert/sel", param::row("insert"), &kInsertSlot, 1, "insert/on"},
    {"insert/on", param::row("insert"), &kInsertOn, 1, "insert/fxslot"},
    {"insert/fxslot", param::row("insert"), &kInsertSlot, 1, "insert/on"},
    {"eq/on", param::row("eq/on"), &kSame},
    {"eq/#/type", param::row("eq/#/type"), &kBandType},
    {"eq/#/f", param::row("eq/#/freq"), &kSame},
    {"eq/#/g", param::row("eq/#/gain"), &kSame},
    {"eq/#/q", param::row("eq/#/q"), &kSame},
    {"mix/on", param::row("mute"), &kInverted},
    {"mix/fader", param::row("fader"), &kSame},
    {"mix/pan", param::row("pan"), &kScaled, kPercent},
    {"mix/st", param::row("to"), &kToMain},
    {"mix/lr", param::row("to"), &kToMain},
    {"grp/dca", param::row("dca"), &kSame},
    {"grp/mute", param::row("mutegroup"), &kSame},
    {"automix/group", param::row("automix/group"), &kSame},
    {"automix/weight", param::row("automix/weight"), &kSame},
};

// Of a send, below mix/NN.
struct SendRow {
    std::string_view leaf;
    std::size_t aux, fx, mtx;
    const Conversion* conversion;
    float argument = 1.0f;
};
inline constexpr SendRow kSendLeaves[] = {
    {"on", param::row("send/aux/#/on"), param::row("send/fx/#/on"), param::row("send/mtx/#/on"), &kSame},
    {"level", param::row("send/aux/#/level"), param::row("send/fx/#/level"), param::row("send/mtx/#/level"), &kSame},
    {"pan", param::row("send/aux/#/pan"), param::row("send/fx/#/pan"), param::row("send/mtx/#/pan"), &kScaled, kPercent},
};
inline constexpr SendRow kSendTap =
    {"", param::row("send/aux/#/tap"), param::row("send/fx/#/tap"), param::row("send/mtx/#/tap"), &kTap};

// Of the desk; # counts groups.
inline constexpr LeafRow kDeskLeaves[] = {
    {"dca/#/on", param::row("/dca/#/mute"), &kInverted},
    {"dca/#/fader", param::row("/dca/#/fader"), &kSame},
    {"dca/#/config/name", param::row("/dca/#/name"), &kText},
    {"dca/#/config/color", param::row("/dca/#/color"), &kColor},
    {"config/mute/#", param::row("/mutegroup/#/on"), &kSame},
    {"config/solo/level", param::row("/monitor/level"), &kSame},
    {"config/solo/chmode", param::row("/solo/mode"), &kSame},
    {"config/solo/exclusive", param::row("/solo/exclusive"), &kSame},
    {"config/solo/dim", param::row("/monitor/dim"), &kSame},
    {"config/solo/dimatt", param::row("/monitor/dim_level"), &kSame},
    {"config/solo/mono", param::row("/monitor/mono"), &kSame},
    {"config/talk/A/level", param::row("/talkback/level"), &kSame},
    {"config/talk/A/dim", param::row("/talkback/dim"), &kSame},
    {"-stat/talk/A", param::row("/talkback/on"), &kSame},
    {"config/osc/level", param::row("/oscillator/level"), &kSame},
    {"config/osc/f1", param::row("/oscillator/freq"), &kSame},
    {"config/osc/type", param::row("/oscillator/type"), &kSame},
    {"-stat/osc/on", param::row("/oscillator/on"), &kSame},
    {"-stat/tape/state", param::row("/record/state"), &kRecorder},
    {"-stat/tape/etime", param::row("/record/seconds"), &kSame},
};
// The two groups of microphones have letters.
struct LetterRow {
    std::string_view leaf;
    std::size_t index;
};
inline constexpr LetterRow kAutomixes[] = {{"config/amixenable/X", 0}, {"config/amixenable/Y", 1}};
// clang-format on

}  // namespace mixrig::control::x32
