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
    // Of the parameter of an effect: while that is this one of kEffects.
    std::size_t effect = kAnyEffect;

    static constexpr std::size_t kAnyEffect = static_cast<std::size_t>(-1);
    bool applies(const Store& store) const {
        return effect == kAnyEffect || store.effect_of(store.tree().type_of(leaf)) == effect;
    }
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
    // Ours does not say all of it: several of theirs are the same, or some are none.
    bool is_loose = false;
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
extern const Conversion kEffectType;  // by the table of units
extern const Conversion kStages;      // of a phaser; ours are even, from 4 on
extern const Conversion kEchoCross;   // one of three ways is from side to side
// Theirs has one time and a factor of it for each side; ours the left one's time, and how often the
// right one's is that.
extern const Conversion kEchoTime;    // peer: the left factor
extern const Conversion kEchoFactor;  // the left factor; peer: the time
extern const Conversion kEchoLeft;    // the left factor; peer: the right one
extern const Conversion kEchoRight;   // the right factor; peer: the left one

}  // namespace mixrig::control::x32
