// What a leaf of the dialect is in the desk's own units, and back.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "control/desk.h"
#include "control/x32/store.h"

#include <optional>

namespace mixrig::control::x32 {

struct Conversion;

// One leaf and one parameter of ours that stand for each other.
struct Binding {
    LeafId leaf = 0;
    param::Slot slot = 0;
    const Conversion* conversion = nullptr;
    float argument = 1.0f;
    LeafId peer = 0;  // a leaf that decides as well, where the conversion needs one
};

// What a conversion sees.
struct Sight {
    const Store& store;
    const Desk& desk;
    const Binding& at;

    Step step() const { return store.step(at.leaf); }
    const Encoding& encoding() const { return store.encoding(at.leaf); }
    Step peer() const { return store.step(at.peer); }
    float number() const { return desk.values().number(at.slot); }
};

// Nothing: the other side has no word for it, and stays as it is. Texts need no conversion.
struct Conversion {
    std::optional<float> (*to_desk)(const Sight&);
    std::optional<Step> (*from_desk)(const Sight&);
};

extern const Conversion kText;
extern const Conversion kSame;      // the same number, or the same place in the list
extern const Conversion kScaled;    // ours by the argument
extern const Conversion kInverted;  // on is not muted
extern const Conversion kColor;     // ours have no inverted ones
extern const Conversion kNumber;    // the word is the number
extern const Conversion kGateMode;
extern const Conversion kGateRatio;
extern const Conversion kFilterType;
extern const Conversion kFilterQ;
extern const Conversion kBandType;
extern const Conversion kTap;
extern const Conversion kKey;         // the argument is how many channels it may name
extern const Conversion kDelayOn;     // peer: the time
extern const Conversion kDelayTime;   // peer: the switch
extern const Conversion kInsertOn;    // peer: which
extern const Conversion kInsertSlot;  // peer: the switch
extern const Conversion kToMain;
extern const Conversion kToSub;   // the argument is which; peer: the tap, which must be GRP
extern const Conversion kSubTap;  // peer: the switch
extern const Conversion kBit;     // the argument is the bit
extern const Conversion kChosen;  // on if the leaf says the argument
extern const Conversion kRecorder;

}  // namespace mixrig::control::x32
