// What the controls of a Mackie Control do: which message, which parameter, which action. Data.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "src/param/table.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mixrig::midi {

// Messages of Logic Control and Mackie Control, after Emagic's Logic Control manual, appendix "MIDI
// implementation", which Mackie's own units keep to.
inline constexpr std::size_t kColumns = 8;  // of one unit
inline constexpr std::size_t kMasterFader = 8;
inline constexpr std::uint8_t kTouchNote = 104;  // of the first fader
inline constexpr std::uint8_t kPotTurn = 16, kRing = 48, kJog = 60;
inline constexpr std::uint8_t kDigits = 64;  // the time from the right, then the assignment
inline constexpr std::size_t kTimeDigits = 10;
inline constexpr std::size_t kDisplayWidth = 7;  // of a column
inline constexpr std::uint8_t kLowerLine = 0x38;
// Behind F0 00 00 66 and the number of the model.
inline constexpr std::uint8_t kDeviceQuery = 0x00, kQueryAnswer = 0x01, kDisplay = 0x12;
inline constexpr std::uint8_t kColours = 0x72;  // X-Touch, firmware 1.22 and later
// Emagic's units, which want a handshake, and Mackie's.
inline constexpr std::uint8_t kLogicControl = 0x10, kLogicControlXT = 0x11, kModelMain = 0x14,
                              kModelExtender = 0x15;
constexpr bool is_logic_control(std::uint8_t model) {
    return model == kLogicControl || model == kLogicControlXT;
}
constexpr bool is_extender(std::uint8_t model) {
    return model == kLogicControlXT || model == kModelExtender;
}

// dB at which a segment of the meter lights.
inline constexpr std::array<float, 12> kSegments = {-60, -50, -40, -35, -30, -25,
                                                    -20, -15, -10, -6,  -3,  -0.5f};
inline constexpr unsigned kOverload = 14, kNoOverload = 15;

// The strips in the order of the faders, a button each that goes there.
enum class Group : std::uint8_t { ch, sub, fx, aux, mtx, dca };
inline constexpr std::array kGroupKinds = {param::Kind::ch,  param::Kind::sub, param::Kind::fx,
                                           param::Kind::aux, param::Kind::mtx, param::Kind::desk};
inline constexpr std::size_t kGroups = kGroupKinds.size();
constexpr param::Kind kind_of(Group group) {
    return kGroupKinds[static_cast<std::size_t>(group)];
}

// A parameter that every strip of a surface has, by another row where it is a DCA.
struct OfStrip {
    std::size_t row;
    std::size_t dca_row;
};
inline constexpr std::size_t kNoRow = param::kRows;
inline constexpr OfStrip kFader = {param::row("fader"), param::row("/dca/#/fader")};
inline constexpr OfStrip kMute = {param::row("mute"), param::row("/dca/#/mute")};
inline constexpr OfStrip kSolo = {param::row("solo"), param::row("/dca/#/solo")};
inline constexpr OfStrip kName = {param::row("name"), param::row("/dca/#/name")};
inline constexpr OfStrip kColor = {param::row("color"), param::row("/dca/#/color")};
inline constexpr OfStrip kArm = {param::row("record"), kNoRow};
inline constexpr OfStrip kPan = {param::row("pan"), kNoRow};

// What the V-pots are for.
enum class Assign : std::uint8_t { track, send, pan, dynamics, eq, sends };
inline constexpr std::array<std::string_view, 6> kAssignText = {"TR", "SE", "PN", "DY", "EQ", "SD"};

// The pots of the selected strip, eight to a page of one unit.
struct Pot {
    std::size_t row;
    std::size_t index = 0;
};
// clang-format off
inline constexpr std::array kTrackPots = {
    Pot{param::row("trim")}, Pot{param::row("polarity")}, Pot{param::row("delay")}, Pot{param::row("hpf/on")},
    Pot{param::row("hpf/freq")}, Pot{param::row("lpf/on")}, Pot{param::row("lpf/freq")}, Pot{param::row("width")},
};
inline constexpr std::array kDynamicsPots = {
    Pot{param::row("gate/on")}, Pot{param::row("gate/threshold")}, Pot{param::row("gate/range")}, Pot{param::row("gate/ratio")},
    Pot{param::row("gate/attack")}, Pot{param::row("gate/hold")}, Pot{param::row("gate/release")}, Pot{param::row("gate/mode")},
    Pot{param::row("comp/#/on"), 0}, Pot{param::row("comp/#/threshold"), 0}, Pot{param::row("comp/#/ratio"), 0}, Pot{param::row("comp/#/knee"), 0},
    Pot{param::row("comp/#/attack"), 0}, Pot{param::row("comp/#/release"), 0}, Pot{param::row("comp/#/makeup"), 0}, Pot{param::row("comp/#/mix"), 0},
    Pot{param::row("comp/#/on"), 1}, Pot{param::row("comp/#/threshold"), 1}, Pot{param::row("comp/#/ratio"), 1}, Pot{param::row("comp/#/knee"), 1},
    Pot{param::row("comp/#/attack"), 1}, Pot{param::row("comp/#/release"), 1}, Pot{param::row("comp/#/makeup"), 1}, Pot{param::row("comp/#/mix"), 1},
};
// clang-format on
inline constexpr std::size_t kEqPerBand = 4;
inline constexpr std::array kEqBand = {param::row("eq/#/on"), param::row("eq/#/freq"),
                                       param::row("eq/#/gain"), param::row("eq/#/q")};
inline constexpr std::array kSendLevels = {
    param::row("send/aux/#/level"), param::row("send/fx/#/level"), param::row("send/mtx/#/level")};

enum class Does : std::uint8_t {
    toggle,  // of the strip above the button
    arm,     // likewise: records at its input, or not
    select,
    push,    // the V-pot
    assign,  // `number` is an Assign
    move,    // the faders by so many strips; of a bank by as many as there are
    bank,
    page,  // of the pots of the selected strip
    flip,
    home,    // the first strips
    go,      // `number` is a Group
    values,  // the lower line shows values, or names of what the pots turn
    act,
    record,    // begins, or ends
    desk,      // toggles a row of the desk
    automate,  // gives the selected strip this mode, or reads again
    fine,      // the jog wheel moves by tenths
};

struct Button {
    std::uint8_t note;
    Does does;
    int number = 0;
    std::size_t row = kNoRow;       // what is toggled, set, or decides the lamp
    std::string_view address = {};  // of an action
    std::size_t dca_row = kNoRow;   // in place of `row` where the strip is a DCA
    std::uint8_t count = 1;         // so many notes, one a column
    float lit = 1.0f;               // the lamp is on at this value of `row`
};

// clang-format off
inline constexpr std::array kButtons = {
    Button{.note = 0, .does = Does::arm, .row = kArm.row, .count = 8},
    Button{.note = 8, .does = Does::toggle, .row = kSolo.row, .dca_row = kSolo.dca_row, .count = 8},
    Button{.note = 16, .does = Does::toggle, .row = kMute.row, .dca_row = kMute.dca_row, .count = 8},
    Button{.note = 24, .does = Does::select, .count = 8},
    Button{.note = 32, .does = Does::push, .count = 8},
    Button{.note = 40, .does = Does::assign, .number = static_cast<int>(Assign::track)},
    Button{.note = 41, .does = Does::assign, .number = static_cast<int>(Assign::send)},
    Button{.note = 42, .does = Does::assign, .number = static_cast<int>(Assign::pan)},
    Button{.note = 43, .does = Does::assign, .number = static_cast<int>(Assign::dynamics)},
    Button{.note = 44, .does = Does::assign, .number = static_cast<int>(Assign::eq)},
    Button{.note = 45, .does = Does::assign, .number = static_cast<int>(Assign::sends)},
    Button{.note = 46, .does = Does::bank, .number = -1},
    Button{.note = 47, .does = Does::bank, .number = 1},
    Button{.note = 48, .does = Does::move, .number = -1},
    Button{.note = 49, .does = Does::move, .number = 1},
    Button{.note = 50, .does = Does::flip},
    Button{.note = 51, .does = Does::home},
    Button{.note = 52, .does = Does::values},
    Button{.note = 54, .does = Does::go, .number = static_cast<int>(Group::ch)},
    Button{.note = 55, .does = Does::go, .number = static_cast<int>(Group::sub)},
    Button{.note = 56, .does = Does::go, .number = static_cast<int>(Group::fx)},
    Button{.note = 57, .does = Does::go, .number = static_cast<int>(Group::aux)},
    Button{.note = 58, .does = Does::go, .number = static_cast<int>(Group::mtx)},
    Button{.note = 59, .does = Does::go, .number = static_cast<int>(Group::dca)},
    Button{.note = 74, .does = Does::automate, .number = 1, .row = param::row("automation/mode")},
    Button{.note = 75, .does = Does::automate, .number = 4, .row = param::row("automation/mode")},
    Button{.note = 77, .does = Does::automate, .number = 2, .row = param::row("automation/mode")},
    Button{.note = 78, .does = Does::automate, .number = 3, .row = param::row("automation/mode")},
    Button{.note = 81, .does = Does::act, .address = "/undo"},
    Button{.note = 82, .does = Does::act, .address = "/redo"},
    Button{.note = 83, .does = Does::act, .address = "/cue/next"},
    Button{.note = 86, .does = Does::desk, .row = param::row("/transport/loop")},
    Button{.note = 90, .does = Does::act, .address = "/solo/clear"},
    Button{.note = 91, .does = Does::act, .address = "/marker/back"},
    Button{.note = 92, .does = Does::act, .address = "/marker/next"},
    Button{.note = 93, .does = Does::act, .row = param::row("/transport/state"), .address = "/transport/stop", .lit = 0.0f},
    Button{.note = 94, .does = Does::act, .row = param::row("/transport/state"), .address = "/transport/play", .lit = 2.0f},
    Button{.note = 95, .does = Does::record, .row = param::row("/record/state")},
    Button{.note = 96, .does = Does::page, .number = -1},
    Button{.note = 97, .does = Does::page, .number = 1},
    Button{.note = 98, .does = Does::bank, .number = -1},
    Button{.note = 99, .does = Does::bank, .number = 1},
    Button{.note = 101, .does = Does::fine},
};
// clang-format on

}  // namespace mixrig::midi
